"""What people are told of findings: new ones by their number, and each step to the side that has to act on it.

New findings never flood anybody: a person has one open notice of those at their own house and one of those that they
may judge elsewhere. It says how many nobody has taken up, grows while it is open, and is closed when none is left.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from thuocdo.accounts.models import Role
from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.alerts.lifecycle import Kind, Standing
from thuocdo.alerts.models import Notice
from thuocdo.alerts.queries.recipients import LEADING, judging, judging_last
from thuocdo.alerts.queries.seats import Directory, Seat
from thuocdo.evaluations.lifecycle import ACTS, State
from thuocdo.evaluations.models import Finding, Step
from thuocdo.evaluations.queries import findings_visible_to
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .telling import Telling, tell_ledger, write_notices

if TYPE_CHECKING:
    from thuocdo.ledger.models import Entry

OF_FINDINGS = (Event.FINDINGS_FOUND, Event.FINDING_CHANGED)
# New findings at the person's own house, to be answered, and those of others, to be looked into.
FOUND, FOUND_ELSEWHERE = "found", "found_elsewhere"
_NEW = (FOUND, FOUND_ELSEWHERE)
# Step → the state of the finding in which the notice still says something.
_HOLDS: Mapping[str, State] = {
    act: ACTS[act].target for act in ("assign", "answer", "ask", "confirm", "refute", "resume")
}
_PENDING = Q(kind=Kind.FINDING) & (Q(standing=Standing.OPEN) | Q(is_waiting_for_holder=True))
CHUNK = 500


@dataclass(slots=True)
class _Moved:
    """Bodies whose findings changed, and for each body with new ones the entry that told of them."""

    bodies: set[int] = field(default_factory=set)
    opened: dict[int, "Entry"] = field(default_factory=dict)


@transaction.atomic
def follow_findings(rows: Sequence["Entry"], *, actor: Actor, at: datetime) -> int:
    """Tell of the findings that these entries opened or moved; gives the number of notices. Twice does no harm."""
    if not rows:
        return 0
    settle_findings(actor=actor, at=at)
    moved, number = _moved(rows), 0
    for entry in rows:
        if entry.event == Event.FINDING_CHANGED:
            number += _acted(entry, moved, actor=actor, at=at)
    return number + _count_anew(moved, actor=actor, at=at)


@transaction.atomic
def settle_findings(*, actor: Actor, at: datetime) -> int:
    """Close open notices of findings that have gone on since; gives their number."""
    here = Finding.objects.filter(pk=OuterRef("finding"))
    stale: Q = Q(step=FOUND) & Q(~Exists(Finding.objects.filter(body=OuterRef("body"), state=State.OPEN)))
    stale |= Q(step=FOUND_ELSEWHERE) & Q(~Exists(Finding.objects.filter(state=State.OPEN)))
    for step, state in _HOLDS.items():
        stale |= Q(step=step) & Q(~Exists(here.filter(state=state)))
    return _close(Notice.objects.filter(_PENDING & stale).values_list("pk", flat=True), "notices", actor=actor, at=at)


def _close(notices: Iterable[int], subject: str, *, actor: Actor, at: datetime) -> int:
    numbers = list(notices)
    for start in range(0, len(numbers), CHUNK):
        Notice.objects.filter(pk__in=numbers[start : start + CHUNK]).update(
            standing=Standing.SETTLED, closed_at=at, is_waiting_for_holder=False
        )
    if numbers:
        data = {"notices": len(numbers)}
        append(actor=actor.label, at=at, event=Event.NOTICES_SETTLED, subject=subject, data=data)
    return len(numbers)


def _moved(rows: Sequence["Entry"]) -> _Moved:
    """What the entries of comparisons did; all of one comparison carry its time, and so do its findings."""
    found = _Moved()
    by_time: dict[datetime, Entry] = {}
    for entry in rows:
        if entry.event == Event.FINDINGS_FOUND:
            by_time.setdefault(entry.at, entry)
    for time, entry in by_time.items():
        again = Step.objects.filter(finding=OuterRef("pk"), act="reopen", at=time)
        touched = Finding.objects.filter(Q(opened_at=time) | Q(changed_at=time)).annotate(is_again=Exists(again))
        for body, state, opened_at, is_again in touched.values_list("body", "state", "opened_at", "is_again"):
            found.bodies.add(body)
            if state == State.OPEN and (opened_at == time or is_again):
                found.opened.setdefault(body, entry)
    return found


def _acted(entry: "Entry", moved: _Moved, *, actor: Actor, at: datetime) -> int:
    """Tell of one step that a person took."""
    number, data = entry.subject.partition(":")[2], json.loads(entry.data)
    finding = Finding.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if finding is None:
        return 0
    moved.bodies.add(finding.body_id)
    act, stem = str(data.get("act", "")), f"entry:{entry.number}:finding:{finding.pk}"
    # Whoever is asked anew, or told of another verdict, is not asked twice.
    before = Notice.objects.filter(_PENDING, finding=finding).exclude(step__in=_NEW)
    before = before.exclude(key__startswith=f"{stem}|")
    _close(before.values_list("pk", flat=True), finding.label, actor=actor, at=at)
    if act not in _HOLDS or finding.state != _HOLDS[act]:
        return 0
    directory = Directory(localdate(at), around={finding.body_id})
    seats = judging_last(directory, finding) if act == "answer" else _answering(directory, finding)
    notices = write_notices(
        [
            Telling(
                stem=stem,
                seat=seat,
                kind=Kind.FINDING,
                finding_id=finding.pk,
                findings=1,
                lead_id=finding.body_id,
                step=act,
                due_on=finding.answer_by,
            )
            for seat in seats
            if f"user:{seat.user_id}" != entry.actor and _sees(directory, seat, finding)
        ],
        at=at,
    )
    tell_ledger(notices, entry.subject, actor=actor, at=at)
    return len(notices)


def _sees(directory: Directory, seat: Seat, finding: Finding) -> bool:
    return findings_visible_to(directory.actor(seat.user_id)).filter(pk=finding.pk).exists()


def _answering(directory: Directory, finding: Finding) -> list[Seat]:
    """The one who was named, if they may see and answer; else everybody at the body who may answer."""
    seats = _answerers(directory, finding.body_id)
    named = [seat for seat in seats if seat.user_id == finding.owner_id and _sees(directory, seat, finding)]
    return named[:1] or seats


def _answerers(directory: Directory, body: int) -> list[Seat]:
    seats = {seat.user_id: seat for seat in reversed(directory.seats_at(body, *LEADING))}
    return [seat for seat in seats.values() if directory.may(seat.user_id, Permission.ANSWER_FINDING, [body])]


def _count_anew(moved: _Moved, *, actor: Actor, at: datetime) -> int:
    """Bring the notices of new findings in line with how many there are, and write those that are missing."""
    standing = list(
        Notice.objects.select_for_update(of=("self",))
        .filter(Q(step=FOUND, body__in=moved.bodies) | Q(step=FOUND_ELSEWHERE), kind=Kind.FINDING)
        .filter(standing=Standing.OPEN)
        .order_by("pk")
    )
    if not standing and not moved.opened:
        return 0
    around = {*moved.opened, *(notice.body_id for notice in standing)}
    count = _Count(Directory(localdate(at), around=around), moved.bodies)
    done = set[int]()
    for notice in standing:
        new = count.of(Seat(notice.recipient_id, Role(notice.role), notice.body_id), notice.step)
        if not new:
            done.add(notice.pk)
            continue
        notice.finding_id, notice.findings, notice.lead_id = new[0][0], len(new), _body_of(new)
    _close(done, "notices", actor=actor, at=at)
    grown = [notice for notice in standing if notice.pk not in done]
    Notice.objects.bulk_update(grown, ["finding", "findings", "lead"], batch_size=CHUNK)
    known = {(notice.recipient_id, notice.body_id, notice.step) for notice in standing}
    tellings: dict[tuple[int, int, str], Telling] = {}
    for body, entry in moved.opened.items():
        sides = [(seat, FOUND) for seat in _answerers(count.directory, body)]
        sides += [(seat, FOUND_ELSEWHERE) for seat in judging(count.directory, body)]
        for seat, step in sides:
            place = (seat.user_id, seat.body_id, step)
            if place in known or place in tellings or f"user:{seat.user_id}" == entry.actor:
                continue
            new = count.of(seat, step)
            if new:
                tellings[place] = Telling(
                    stem=f"entry:{entry.number}:{step}:{seat.body_id}",
                    seat=seat,
                    kind=Kind.FINDING,
                    finding_id=new[0][0],
                    findings=len(new),
                    lead_id=_body_of(new),
                    step=step,
                )
    notices = write_notices(tellings.values(), at=at)
    tell_ledger(notices, "findings", actor=actor, at=at)
    return len(notices)


# Number of the finding and of its body, gravest first.
_New = list[tuple[int, int]]


def _body_of(new: _New) -> int | None:
    bodies = {body for _finding, body in new}
    return bodies.pop() if len(bodies) == 1 else None


class _Count:
    """The findings that nobody has taken up, for one person after the other: of a body read once for its people."""

    def __init__(self, directory: Directory, bodies: Collection[int]) -> None:
        self.directory = directory
        self._at: dict[int, list[tuple[int, int | None]]] = {}
        rows = Finding.objects.filter(state=State.OPEN, body__in=bodies).order_by("-risk", "-opened_at", "-pk")
        for pk, body, task in rows.values_list("pk", "body", "task"):
            self._at.setdefault(body, []).append((pk, task))
        self._elsewhere: dict[int, _New] = {}

    def of(self, seat: Seat, step: str) -> _New:
        """Those that concern the person and that the person may see."""
        if step == FOUND_ELSEWHERE:
            if seat.user_id not in self._elsewhere:
                self._elsewhere[seat.user_id] = self._judged_by(self.directory.actor(seat.user_id))
            return self._elsewhere[seat.user_id]
        here = self._at.get(seat.body_id, [])
        if not self.directory.may(seat.user_id, Permission.ANSWER_FINDING, [seat.body_id]):
            return []
        # Only findings that tell of a task may be hidden from those who answer for the body.
        of_tasks, seen = [pk for pk, task in here if task is not None], set[int]()
        if of_tasks:
            visible: Any = findings_visible_to(self.directory.actor(seat.user_id)).filter(pk__in=of_tasks)
            seen = set(visible.values_list("pk", flat=True))
        return [(pk, seat.body_id) for pk, task in here if task is None or pk in seen]

    def _judged_by(self, person: Actor) -> _New:
        over = bodies_within(person, Permission.VERIFY_FINDING).values("pk")
        rows = findings_visible_to(person).filter(state=State.OPEN, body__in=over)
        return list(rows.order_by("-risk", "-opened_at", "-pk").values_list("pk", "body_id"))
