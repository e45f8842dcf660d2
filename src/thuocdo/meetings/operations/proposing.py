"""Lines of conclusions wait for a person's yes: read by the rules, left out, taken up again."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.meetings.lifecycle import ConclusionKind, ConclusionState
from thuocdo.meetings.models import Conclusion, Meeting, Version
from thuocdo.meetings.reading import read_lines

from .keeping import lock_for_recording
from .refusals import MeetingRefused, Overtaken
from .wordings import newest_version, version_of


@transaction.atomic
def propose_lines(*, actor: Actor, at: datetime, meeting: Meeting, text: str, key: str) -> list[Conclusion]:
    """Write every line of a text down, read by the rules, to be confirmed one by one; sent twice, written once."""
    current = lock_for_recording(meeting, actor)
    known = Conclusion.objects.filter(meeting=current, key__startswith=f"{key}:")
    if known:
        return list(known.order_by("number"))
    lines = read_lines(text, held_on=current.held_on, today=localdate(at), near=current.holder)
    if not lines:
        raise MeetingRefused(
            gettext("Chưa có nội dung; gõ hoặc dán ít nhất một dòng kết luận."), code="empty", field="text"
        )
    rows = Conclusion.objects.bulk_create(
        [
            Conclusion(
                meeting=current,
                number=current.lines + place,
                kind=ConclusionKind.TASK if line.is_order else ConclusionKind.NOTE,
                key=f"{key}:{place}",
            )
            for place, line in enumerate(lines, start=1)
        ]
    )
    current.lines += len(rows)
    current.save(update_fields=["lines"])
    Version.objects.bulk_create(
        [version_of(row, line, number=1, actor=actor, at=at) for row, line in zip(rows, lines, strict=True)]
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.LINES_PROPOSED,
        subject=current.label,
        data={"lines": len(rows), "first": rows[0].number, "last": rows[-1].number},
    )
    return rows


@transaction.atomic
def drop(*, actor: Actor, at: datetime, conclusion: Conclusion) -> Conclusion:
    """Leave a line out; it stays on record and can come back."""
    return _turn(conclusion, ConclusionState.PROPOSED, ConclusionState.DROPPED, actor=actor, at=at)


@transaction.atomic
def take_up(*, actor: Actor, at: datetime, conclusion: Conclusion) -> Conclusion:
    """Let a line that was left out wait for confirmation again."""
    return _turn(conclusion, ConclusionState.DROPPED, ConclusionState.PROPOSED, actor=actor, at=at)


def _turn(conclusion: Conclusion, before: str, after: str, *, actor: Actor, at: datetime) -> Conclusion:
    meeting = lock_for_recording(conclusion.meeting, actor)
    current = Conclusion.objects.select_for_update().get(pk=conclusion.pk)
    if current.state == after:
        return current
    if current.state != before:
        raise Overtaken(current, newest_version(current))
    current.state = after
    current.save(update_fields=["state"])
    append(
        actor=actor.label,
        at=at,
        event=Event.CONCLUSION_CHANGED,
        subject=meeting.label,
        data={"number": current.number, "from": before, "to": after},
    )
    return current
