"""Brings findings in line with what was observed: opens, changes, corrects and reopens them; one cause, one finding."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.evaluations.lifecycle import ACTS, CLOSED, Kind, State
from thuocdo.evaluations.models import Finding, Size, Step
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

CHUNK = 500
# Of more findings than these the ledger names only how many.
MOST_NAMED = 40
PLACES = Decimal("0.00000001")
# What a size counts in the order of the list at most, in tolerances.
MOST_RISK = 20.0


@dataclass(frozen=True, slots=True)
class Observed:
    """What does not fit, as it is now; the fields are those of a finding."""

    cause: str
    kind: Kind
    body_id: int
    size: Decimal
    risk: float
    indicator_id: int | None = None
    period: str = ""
    task_id: int | None = None
    sign: int = 0
    tolerance: Decimal | None = None
    in_tolerances: float | None = None
    is_flattering: bool | None = None
    claimed_value: Decimal | None = None
    stronger_value: Decimal | None = None
    claimed_id: int | None = None
    stronger_id: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """The fields that may change while the cause stays."""
        return {
            "size": self.size.quantize(PLACES),
            "sign": self.sign,
            "tolerance": self.tolerance,
            "in_tolerances": self.in_tolerances,
            "is_flattering": self.is_flattering,
            "claimed_value": self.claimed_value,
            "stronger_value": self.stronger_value,
            "claimed_id": self.claimed_id,
            "stronger_id": self.stronger_id,
            "facts": dict(self.facts),
            "risk": self.risk,
        }


@dataclass(slots=True)
class Settled:
    """Numbers of the findings that were opened, changed in size, corrected or opened again."""

    opened: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)
    reopened: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.opened or self.changed or self.corrected or self.reopened)

    def add(self, other: "Settled") -> None:
        """Take over what another settling did."""
        for name in ("opened", "changed", "corrected", "reopened"):
            getattr(self, name).extend(getattr(other, name))


def weight(in_tolerances: float | None, is_flattering: bool | None) -> float:
    """The place of a gap in the list: its size in tolerances, half as much again where it flatters the body."""
    return min(in_tolerances if in_tolerances is not None else 1.0, MOST_RISK) * (1.5 if is_flattering else 1.0)


def settle(
    observed: Iterable[Observed], *, among: QuerySet[Finding], actor: Actor, at: datetime, subject: str
) -> Settled:
    """Within the caller's transaction: findings `among` those looked at that were not observed again are corrected.

    Whatever people have closed as refuted stays so until its figures change. One ledger entry tells it all.
    """
    wanted = {one.cause: one for one in observed}
    known = {row.cause: row for row in among}
    missing = [cause for cause in wanted if cause not in known]
    for start in range(0, len(missing), CHUNK):
        known |= {row.cause: row for row in Finding.objects.filter(cause__in=missing[start : start + CHUNK])}
    done, steps, sizes, touched = Settled(), [], [], []
    for cause, row in known.items():
        one = wanted.get(cause)
        if one is None:
            if row.state in ACTS["correct"].sources:
                steps.append(_step(row, "correct", actor, at))
                touched.append(row)
                done.corrected.append(row.pk)
            continue
        fields = one.fields()
        figures = ("size", "sign", "claimed_value", "stronger_value")
        is_new_size = any(getattr(row, name) != fields[name] for name in figures)
        is_reopened = row.state == State.CORRECTED or (row.state == State.REFUTED and is_new_size)
        if not is_new_size and not is_reopened and row.facts == fields["facts"] and row.claimed_id == one.claimed_id:
            continue
        for name, value in fields.items():
            setattr(row, name, value)
        row.changed_at = at
        if is_new_size:
            sizes.append(_size(row, at))
        if is_reopened:
            steps.append(_step(row, "reopen", actor, at))
            done.reopened.append(row.pk)
        elif is_new_size:
            done.changed.append(row.pk)
        touched.append(row)
    Finding.objects.bulk_update(
        touched,
        ["size", "sign", "tolerance", "in_tolerances", "is_flattering", "claimed_value", "stronger_value", "claimed",
         "stronger", "facts", "risk", "state", "changed_at", "closed_at"],
        batch_size=CHUNK,
    )  # fmt: skip
    new = Finding.objects.bulk_create(
        [
            Finding(
                cause=one.cause, kind=one.kind, body_id=one.body_id, indicator_id=one.indicator_id, period=one.period,
                task_id=one.task_id, opened_at=at, changed_at=at, **one.fields(),
            )
            for cause, one in wanted.items()
            if cause not in known
        ],
        batch_size=CHUNK,
    )  # fmt: skip
    sizes += [_size(row, at) for row in new]
    done.opened = [row.pk for row in new]
    Size.objects.bulk_create(sizes, batch_size=CHUNK)
    Step.objects.bulk_create(steps, batch_size=CHUNK)
    if done:
        _tell(done, actor=actor, at=at, subject=subject)
    return done


def _step(row: Finding, act: str, actor: Actor, at: datetime) -> Step:
    """Move the finding by the machine's act; the caller writes both."""
    before, rule = row.state, ACTS[act]
    row.state, row.changed_at = rule.target, at
    row.closed_at = at if rule.target in CLOSED else None
    return Step(finding=row, act=act, from_state=before, to_state=rule.target, at=at, by_label=actor.label)


def _size(row: Finding, at: datetime) -> Size:
    return Size(
        finding=row,
        at=at,
        size=row.size,
        sign=row.sign,
        claimed_value=row.claimed_value,
        stronger_value=row.stronger_value,
    )


def _tell(done: Settled, *, actor: Actor, at: datetime, subject: str) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.FINDINGS_FOUND,
        subject=subject,
        data={
            "opened": len(done.opened),
            "changed": len(done.changed),
            "corrected": len(done.corrected),
            "reopened": len(done.reopened),
            "findings": [*done.opened, *done.reopened, *done.corrected, *done.changed][:MOST_NAMED],
        },
    )
