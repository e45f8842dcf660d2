"""Writing down that figures were handed in: submissions, what had been given back, drafts, one entry of the ledger."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.indicators.models import Draft, Indicator, ReturnedFigure, Submission, SubmissionStep
from thuocdo.indicators.queries.entering import Standing
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

# A body and a period.
Place = tuple[int, str]
# So many keys are asked for in one question, and so many codes named in one entry of the ledger.
AT_ONCE = 500
MOST_NAMED = 40
Stage = Submission.Stage


def hand_in(
    *,
    actor: Actor,
    at: datetime,
    by_place: Mapping[Place, Sequence[Indicator]],
    standings: Mapping[Place, Standing],
    bodies: Mapping[int, Body],
) -> None:
    """Write down for each body and period which figures were handed in, and settle what had been given back.

    A spreadsheet may hold thousands of periods: their number changes how much is written, not how often is asked.
    Belongs into the transaction that records the figures.
    """
    former = _submissions(by_place)
    left = _settle(former, by_place, at)
    made: list[Submission] = []
    changed: dict[tuple[Submission.Stage, bool], list[int]] = {}
    for place in by_place:
        before = former.get(place)
        is_late = _is_late(place, by_place, standings) or (before is not None and before.is_late)
        if before is None:
            made.append(
                Submission(
                    body_id=place[0], period=place[1], stage=Stage.SUBMITTED, is_late=is_late, submitted_at=at,
                    submitted_by=actor.label,
                )
            )  # fmt: skip
        else:
            stage = Stage.RETURNED if before.pk in left else Stage.SUBMITTED
            changed.setdefault((stage, is_late), []).append(before.pk)
    for (stage, is_late), pks in changed.items():
        for some in _chunks(pks):
            Submission.objects.filter(pk__in=some).update(
                stage=stage, is_late=is_late, submitted_at=at, submitted_by=actor.label, approved_at=None,
                approved_by="", accepted_at=None, accepted_by="",
            )  # fmt: skip
    Submission.objects.bulk_create(made, batch_size=AT_ONCE)
    submissions = {(one.body_id, one.period): one for one in (*former.values(), *made)}
    SubmissionStep.objects.bulk_create(
        [
            SubmissionStep(submission=submissions[place], act="submitted", at=at, by=actor.label)
            for place in by_place
        ],
        batch_size=AT_ONCE,
    )  # fmt: skip
    _forget_drafts(by_place)
    _tell(actor, at, by_place, submissions, standings, bodies)


def _is_late(place: Place, by_place: Mapping[Place, Sequence[Indicator]], standings: Mapping[Place, Standing]) -> bool:
    return standings[place].is_late_with(one.pk for one in by_place[place])


def _chunks(many: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts that fit among the parameters of one question."""
    for start in range(0, len(many), AT_ONCE):
        yield many[start : start + AT_ONCE]


def _submissions(by_place: Mapping[Place, Any]) -> dict[Place, Submission]:
    """What was handed in before for these bodies and periods, held until the end of the transaction."""
    among = {body for body, _label in by_place}
    found: dict[Place, Submission] = {}
    for labels in _chunks(sorted({label for _body, label in by_place})):
        for one in Submission.objects.select_for_update().filter(body__in=among, period__in=labels).order_by("pk"):
            if (one.body_id, one.period) in by_place:
                found[one.body_id, one.period] = one
    return found


def _settle(
    former: Mapping[Place, Submission], by_place: Mapping[Place, Sequence[Indicator]], at: datetime
) -> set[int]:
    """Settle the returned values that came again; gives the submissions of which others are still open."""
    again = {(one.pk, indicator.pk) for place, one in former.items() for indicator in by_place[place]}
    settled: list[int] = []
    left: set[int] = set()
    for some in _chunks([one.pk for one in former.values()]):
        for row in ReturnedFigure.objects.filter(submission__in=some, settled_at=None):
            if (row.submission_id, row.indicator_id) in again:
                settled.append(row.pk)
            else:
                left.add(row.submission_id)
    for some in _chunks(settled):
        ReturnedFigure.objects.filter(pk__in=some).update(settled_at=at)
    return left


def _forget_drafts(by_place: Mapping[Place, Sequence[Indicator]]) -> None:
    """What was handed in is no draft any more."""
    handed = {(*place, one.pk) for place, indicators in by_place.items() for one in indicators}
    drafts = Draft.objects.filter(body__in={body for body, _label in by_place})
    kept = [
        pk
        for pk, *place in drafts.values_list("pk", "body_id", "period", "indicator_id")
        if tuple(place) in handed
    ]  # fmt: skip
    for some in _chunks(kept):
        Draft.objects.filter(pk__in=some).delete()


def _tell(
    actor: Actor,
    at: datetime,
    by_place: Mapping[Place, Sequence[Indicator]],
    submissions: Mapping[Place, Submission],
    standings: Mapping[Place, Standing],
    bodies: Mapping[int, Body],
) -> None:
    """One entry of the ledger: it names the submission, or counts and seals them where there are many."""
    if len(by_place) == 1:
        ((place, indicators),) = by_place.items()
        append(
            actor=actor.label,
            at=at,
            event=Event.FIGURES_SUBMITTED,
            subject=submissions[place].label,
            data={
                "body": bodies[place[0]].code,
                "period": place[1],
                "indicators": sorted(one.code for one in indicators)[:MOST_NAMED],
                "count": len(indicators),
                "late": _is_late(place, by_place, standings),
            },
        )
        return
    codes = sorted({bodies[body].code for body, _label in by_place})
    periods = sorted({label for _body, label in by_place})
    append(
        actor=actor.label,
        at=at,
        event=Event.FIGURES_SUBMITTED,
        subject="submissions",
        data={
            "submissions": len(by_place),
            "root": merkle_root(
                [
                    "\x1f".join((bodies[body].code, label, *sorted(one.code for one in by_place[body, label])))
                    for body, label in sorted(by_place)
                ]
            ),
            "body_count": len(codes),
            "bodies": codes[:MOST_NAMED],
            "periods": periods if len(periods) <= MOST_NAMED else [periods[0], periods[-1]],
            "count": sum(len(indicators) for indicators in by_place.values()),
            "late": sum(_is_late(place, by_place, standings) for place in by_place),
        },
    )
