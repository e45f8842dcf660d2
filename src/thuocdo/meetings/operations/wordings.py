"""What a conclusion says, and the numbered versions in which it has said so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.lifecycle import DeadlineKind
from thuocdo.directives.models import AddresseeGroup
from thuocdo.engine.spelling import nfc
from thuocdo.meetings.models import Conclusion, Version
from thuocdo.meetings.reading import ReadLine
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies_by_code

from .refusals import MeetingRefused

LONGEST_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Wording:
    """What a conclusion says: its sentence, and for a task whom it orders what by when."""

    text: str
    lead: Body | None = None
    group: AddresseeGroup | None = None
    coordinators: Sequence[Body] = ()
    action: str = ""
    deliverable: str = ""
    deadline_raw: str = ""
    deadline_kind: str = DeadlineKind.NONE
    due_on: date | None = None


def newest_version(conclusion: Conclusion) -> Version:
    """The wording that counts."""
    return Version.objects.select_related("lead", "group").get(conclusion=conclusion, number=conclusion.version)


def wording_of(version: Version) -> Wording:
    """What a version says, to be confirmed as it was read."""
    helping = bodies_by_code(version.coordinators)
    return Wording(
        text=version.text,
        lead=version.lead,
        group=version.group,
        coordinators=[helping[code] for code in version.coordinators if code in helping],
        action=version.action,
        deliverable=version.deliverable,
        deadline_raw=version.deadline_raw,
        deadline_kind=version.deadline_kind,
        due_on=version.due_on,
    )


def clean(wording: Wording) -> Wording:
    """The wording as it is kept: one form of letters, one line each; refuses an empty sentence."""
    text = " ".join(nfc(wording.text).split())[:LONGEST_TEXT]
    if not text:
        raise MeetingRefused(
            gettext("Chưa có nội dung kết luận; nhập câu kết luận hoặc bỏ dòng này."), code="empty", field="text"
        )
    lead = wording.lead
    helping = {body.pk: body for body in wording.coordinators if lead is None or body.pk != lead.pk}
    return Wording(
        text=text,
        lead=lead,
        group=wording.group if lead is None else None,
        coordinators=tuple(helping.values()),
        action=" ".join(nfc(wording.action).split()),
        deliverable=" ".join(nfc(wording.deliverable).split()),
        deadline_raw=nfc(wording.deadline_raw).strip()[:300],
        deadline_kind=wording.deadline_kind or DeadlineKind.NONE,
        due_on=wording.due_on,
    )


def same(version: Version, wording: Wording) -> bool:
    """Whether a cleaned wording says what the version says."""
    return (
        version.text == wording.text
        and version.lead_id == (wording.lead.pk if wording.lead else None)
        and version.group_id == (wording.group.pk if wording.group else None)
        and version.coordinators == [body.code for body in wording.coordinators]
        and version.action == wording.action
        and version.deliverable == wording.deliverable
        and version.due_on == wording.due_on
    )


def version_of(
    conclusion: Conclusion, wording: Wording | ReadLine, *, number: int, actor: Actor, at: datetime
) -> Version:
    """A wording as the version of this number, which the caller saves."""
    return Version(
        conclusion=conclusion,
        number=number,
        text=wording.text[:LONGEST_TEXT],
        lead=wording.lead,
        group=wording.group if wording.lead is None else None,
        coordinators=[body.code for body in wording.coordinators],
        action=wording.action,
        deliverable=wording.deliverable,
        deadline_raw=wording.deadline_raw,
        deadline_kind=wording.deadline_kind,
        due_on=wording.due_on,
        at=at,
        by_label=actor.label,
    )


def write_version(conclusion: Conclusion, wording: Wording, *, actor: Actor, at: datetime) -> Version:
    """One more wording of a locked conclusion, which the caller saves."""
    conclusion.version += 1
    version = version_of(conclusion, wording, number=conclusion.version, actor=actor, at=at)
    version.save(force_insert=True)
    return version
