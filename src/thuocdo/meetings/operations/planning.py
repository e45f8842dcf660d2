"""A meeting is planned in its series, held, concluded, or called off; with its beginning the pack is frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.engine.canonical import Plain, canonical_json, digest_of_bytes
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.meetings.lifecycle import ACTS, ConclusionState, MeetingState
from thuocdo.meetings.models import Conclusion, Meeting, Notice, Pack, Participant, Series
from thuocdo.meetings.pack import plain_pack
from thuocdo.meetings.queries import build_pack, offices_of
from thuocdo.organisations.models import Body, Hierarchy

from .keeping import lock, require_keeper
from .refusals import MeetingRefused, NotInThisState

LONGEST_AGENDA = 60


@dataclass(frozen=True, slots=True)
class MeetingDescription:
    """A meeting as it is planned. `series` or the title of a new one counts it; without either it stands alone.

    Of a series holder, reach and programme are those of the series; else `holder` names whose tasks are discussed.
    """

    title: str
    held_on: date
    holder: Body | None = None
    office: Body | None = None
    reach: str = Hierarchy.TERRITORIAL
    programme: str = ""
    series: Series | None = None
    new_series: str = ""
    begins_at: time | None = None
    place: str = ""
    agenda: Sequence[str] = ()
    participants: Sequence[Body] = ()
    # Posts of those who come, by code of their body.
    posts: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def plan_meeting(*, actor: Actor, at: datetime, meeting: MeetingDescription, key: str) -> Meeting:
    """Plan a meeting; sent twice under one `key`, it is planned once. Raises NotAllowed or MeetingRefused."""
    known = Meeting.objects.filter(key=key).first()
    if known is not None:
        return known
    office = meeting.office or (meeting.series.office if meeting.series else offices_of(actor, actor.on).first())
    if office is None:
        raise NotAllowed(actor, Permission.HOLD_MEETING)
    series = meeting.series
    holder = series.holder if series else meeting.holder
    if holder is None:
        raise MeetingRefused(gettext("Chưa chọn cơ quan tổ chức họp; chọn cơ quan."), code="no_holder", field="holder")
    row = Meeting(
        title=_text(meeting.title, "title", gettext("Chưa có tên cuộc họp; nhập tên."))[:300],
        holder=holder,
        office=office,
        reach=series.reach if series else meeting.reach,
        programme=series.programme if series else meeting.programme,
        held_on=meeting.held_on,
        begins_at=meeting.begins_at,
        place=nfc(meeting.place).strip()[:200],
        agenda=_agenda(meeting.agenda),
        key=key,
        planned_at=at,
        planned_by=actor.label,
    )
    require_keeper(actor, row, Permission.HOLD_MEETING)
    opened = None
    if series is None and meeting.new_series.strip():
        series = opened = _open_series(row, nfc(meeting.new_series).strip()[:200], at)
    if series is not None:
        # Sessions are numbered under the lock of their series.
        series = Series.objects.select_for_update().get(pk=series.pk)
        counted = Meeting.objects.filter(series=series).exclude(state=MeetingState.CANCELLED)
        row.series, row.session = series, (counted.aggregate(last=Max("session"))["last"] or 0) + 1
    _check_day(row)
    row.save(force_insert=True)
    _invite(row, meeting)
    if opened is not None:
        append(
            actor=actor.label, at=at, event=Event.SERIES_OPENED, subject=f"series:{opened.pk}",
            data={"holder": holder.code, "office": office.code, "reach": opened.reach},
        )  # fmt: skip
    append(actor=actor.label, at=at, event=Event.MEETING_PLANNED, subject=row.label, data=_told(row))
    return row


def _open_series(meeting: Meeting, title: str, at: datetime) -> Series:
    if Series.objects.filter(office=meeting.office, title=title).exists():
        raise MeetingRefused(
            gettext("Đã có chuỗi phiên họp “%(title)s”; chọn chuỗi đó trong danh sách.") % {"title": title},
            code="series_known",
            field="new_series",
        )
    return Series.objects.create(
        title=title,
        holder=meeting.holder,
        reach=meeting.reach,
        office=meeting.office,
        programme=meeting.programme,
        opened_at=at,
    )


@transaction.atomic
def revise_meeting(*, actor: Actor, at: datetime, meeting: Meeting, description: MeetingDescription) -> Meeting:
    """Change day, place, agenda and participants of a planned meeting; series and holder stay."""
    current = _begin("revise", meeting, actor=actor)
    current.title = _text(description.title, "title", gettext("Chưa có tên cuộc họp; nhập tên."))[:300]
    current.held_on, current.begins_at = description.held_on, description.begins_at
    current.place, current.agenda = nfc(description.place).strip()[:200], _agenda(description.agenda)
    _check_day(current)
    Participant.objects.filter(meeting=current).delete()
    _invite(current, description)
    return _finish("revise", current, actor=actor, at=at)


@transaction.atomic
def hold_meeting(*, actor: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """Begin the meeting: what lies on the table is frozen as known at this moment. Begun twice, it began once."""
    current = lock(meeting)
    if current.state == MeetingState.HELD:
        require_keeper(actor, current, Permission.HOLD_MEETING)
        return current
    current = _begin("hold", current, actor=actor)
    if localdate(at) < current.held_on:
        raise MeetingRefused(
            gettext("Chưa đến ngày họp %(day)s; nếu họp sớm hơn thì sửa ngày họp trước.")
            % {"day": date_format(current.held_on, "d/m/Y")},
            code="too_early",
            field="held_on",
        )
    pack = build_pack(current, at)
    content = canonical_json(plain_pack(pack))
    current.held_at = at
    frozen = Pack.objects.create(
        meeting=current, at=at, content=content, digest=digest_of_bytes(content.encode()), frozen_by=actor.label
    )
    _finish("hold", current, actor=actor, at=at)
    append(
        actor=actor.label,
        at=at,
        event=Event.PACK_FROZEN,
        subject=current.label,
        data={"digest": frozen.digest, "overdue": len(pack.overdue), "promises": len(pack.promises)},
    )
    return current


@transaction.atomic
def conclude_meeting(*, actor: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """End the meeting; a line that still waits to be confirmed is refused, so that nothing gets lost."""
    current = _begin("conclude", meeting, actor=actor)
    waiting = Conclusion.objects.filter(meeting=current, state=ConclusionState.PROPOSED).count()
    if waiting:
        raise MeetingRefused(
            gettext("Còn %(number)s dòng kết luận chờ xác nhận; xác nhận hoặc bỏ từng dòng rồi kết thúc.")
            % {"number": waiting},
            code="lines_waiting",
            field="state",
        )
    current.concluded_at = at
    return _finish("conclude", current, actor=actor, at=at)


@transaction.atomic
def reopen_meeting(*, actor: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """Record further conclusions of a meeting that was ended too early; not once its notice has gone out."""
    current = _begin("reopen", meeting, actor=actor)
    if Notice.objects.filter(meeting=current).exists():
        raise MeetingRefused(
            gettext("Đã ban hành thông báo kết luận; sửa từng kết luận rồi ban hành thông báo sửa đổi, bổ sung."),
            code="notice_issued",
            field="state",
        )
    current.concluded_at = None
    return _finish("reopen", current, actor=actor, at=at)


@transaction.atomic
def cancel_meeting(*, actor: Actor, at: datetime, meeting: Meeting, reason: str) -> Meeting:
    """Call a planned meeting off; its number in the series becomes free."""
    current = _begin("cancel", meeting, actor=actor)
    current.reason = _text(reason, "reason", gettext("Chưa nêu lý do hủy; ghi rõ lý do."))[:500]
    current.cancelled_at = at
    return _finish("cancel", current, actor=actor, at=at)


@transaction.atomic
def restore_meeting(*, actor: Actor, at: datetime, meeting: Meeting) -> Meeting:
    """Take a called-off meeting up again, under the next free number of its series."""
    current = _begin("restore", meeting, actor=actor)
    current.cancelled_at, current.reason = None, ""
    if current.series_id is not None:
        Series.objects.select_for_update().get(pk=current.series_id)
        counted = Meeting.objects.filter(series=current.series_id).exclude(state=MeetingState.CANCELLED)
        if counted.filter(session=current.session).exists():
            current.session = (counted.aggregate(last=Max("session"))["last"] or 0) + 1
    _check_day(current)
    return _finish("restore", current, actor=actor, at=at)


def _begin(act: str, meeting: Meeting, *, actor: Actor) -> Meeting:
    current = lock(meeting)
    require_keeper(actor, current, Permission.HOLD_MEETING)
    if MeetingState(current.state) not in ACTS[act].sources:
        raise NotInThisState(current)
    return current


def _finish(act: str, meeting: Meeting, *, actor: Actor, at: datetime) -> Meeting:
    before, meeting.state = meeting.state, ACTS[act].target
    meeting.save()
    data: dict[str, Plain] = {"act": act, "from": before, **_told(meeting)}
    append(actor=actor.label, at=at, event=Event.MEETING_CHANGED, subject=meeting.label, data=data)
    return meeting


def _told(meeting: Meeting) -> dict[str, Plain]:
    """What the ledger is told of a meeting: codes, numbers and days."""
    return {
        "holder": meeting.holder.code,
        "office": meeting.office.code,
        "reach": meeting.reach,
        "series": meeting.series_id,
        "session": meeting.session,
        "held_on": meeting.held_on,
        "state": meeting.state,
    }


def _check_day(meeting: Meeting) -> None:
    """Refuse a day on which the session would overtake its neighbours in the series."""
    if meeting.series_id is None or meeting.session is None:
        return
    others = Meeting.objects.filter(series=meeting.series_id).exclude(state=MeetingState.CANCELLED)
    before = others.filter(session__lt=meeting.session).order_by("-session").first()
    if before is not None and meeting.held_on < before.held_on:
        raise MeetingRefused(
            gettext("Ngày họp %(day)s trước phiên liền trước (%(before)s); chọn từ ngày đó trở đi.")
            % {"day": date_format(meeting.held_on, "d/m/Y"), "before": date_format(before.held_on, "d/m/Y")},
            code="before_predecessor",
            field="held_on",
        )
    after = others.filter(session__gt=meeting.session).order_by("session").first()
    if after is not None and meeting.held_on > after.held_on:
        raise MeetingRefused(
            gettext("Ngày họp %(day)s sau phiên liền sau (%(after)s); chọn đến ngày đó trở về trước.")
            % {"day": date_format(meeting.held_on, "d/m/Y"), "after": date_format(after.held_on, "d/m/Y")},
            code="after_successor",
            field="held_on",
        )


def _invite(meeting: Meeting, description: MeetingDescription) -> None:
    bodies = {body.pk: body for body in description.participants}.values()
    Participant.objects.bulk_create(
        [
            Participant(
                meeting=meeting,
                body=body,
                post=nfc(description.posts.get(body.code, "")).strip()[:120],
                position=position,
            )
            for position, body in enumerate(bodies)
        ]
    )


def _agenda(lines: Sequence[str]) -> list[str]:
    found = [" ".join(nfc(line).split())[:500] for line in lines if line.strip()]
    if len(found) > LONGEST_AGENDA:
        raise MeetingRefused(
            gettext("Chương trình họp có hơn %(most)s dòng; gộp bớt.") % {"most": LONGEST_AGENDA},
            code="agenda_too_long",
            field="agenda",
        )
    return found


def _text(value: str, field_name: str, remedy: str) -> str:
    text = " ".join(nfc(value).split())
    if not text:
        raise MeetingRefused(remedy, code="empty", field=field_name)
    return text
