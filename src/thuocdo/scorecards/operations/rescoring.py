"""Rescoring: find what arrived since the last time, score what it touches, remember up to where."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, parse_period, quarter_of
from thuocdo.engine.scoring import ENGINE_VERSION
from thuocdo.indicators.queries import batches_between
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.queries import bodies
from thuocdo.scorecards.models import Coverage, Run, Scorecard
from thuocdo.scorecards.queries.methods import scorecards_on, spec_of

from .scoring import score

RESCORE = "rescore"
# A peer group of more bodies than these takes so long that the others are told before.
LARGE = 200


def rescore(*, actor: Actor, at: datetime) -> list[Run]:
    """Score anew every peer group and quarter that measurements since the last rescoring touch.

    The running quarter is live; an earlier one is scored again only where it was scored before. A group that
    was not scored yet in the running quarter, or by another version of the method, is scored in any case.
    Gives the new runs.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    since = covered(RESCORE)
    until = newest_number()
    if until <= since:
        return []
    running = quarter_of(timezone.localdate(at))
    touched = _touched(since, until, running)
    runs: list[Run] = []
    for scorecard in scorecards_on(running.start):
        groups = {one.code for one in spec_of(scorecard).peer_groups}
        for period, asked in touched.items():
            wanted = groups & asked
            if period == running:
                wanted |= groups - _up_to_date(scorecard, running)
            else:
                wanted = {group for group in wanted if _was_scored(scorecard.code, group, period)}
            for groups_at_once in _small_first(wanted, period):
                runs += score(
                    actor=actor,
                    at=at,
                    scorecard=scorecard,
                    period=period,
                    peer_groups=groups_at_once,
                    is_live=period == running,
                    follow=True,
                )
    cover(RESCORE, until)
    return runs


def covered(job: str) -> int:
    """The newest entry that a kind of job has followed; 0 at first."""
    return Coverage.objects.filter(job=job).values_list("number", flat=True).first() or 0


@transaction.atomic
def cover(job: str, number: int) -> None:
    """Remember that a kind of job has followed every entry up to the number."""
    row, is_new = Coverage.objects.select_for_update().get_or_create(job=job, defaults={"number": number})
    if not is_new and row.number < number:
        row.number = number
        row.save(update_fields=["number"])


def _small_first(groups: set[str], period: Period) -> list[set[str]]:
    """The groups that are scored together: the small ones at once, then each large one by itself.

    A ranking of provinces is told before the thousands of communes are computed, and does not wait for them.
    """
    if not groups:
        return []
    counted = Counter(bodies(on=period.start).filter(peer_group__in=groups).values_list("peer_group", flat=True))
    large = sorted((group for group in groups if counted[group] > LARGE), key=lambda group: (counted[group], group))
    small = groups - set(large)
    return ([small] if small else []) + [{group} for group in large]


def _touched(since: int, until: int, running: Period) -> dict[Period, set[str]]:
    """Quarters and the peer groups whose values changed in them; the running one is always there."""
    found: dict[Period, set[str]] = {running: set()}
    for batch in batches_between(since, until):
        for quarter in _quarters(batch.periods, running):
            found.setdefault(quarter, set()).update(batch.peer_groups)
    return found


def _quarters(labels: Iterable[str], running: Period) -> set[Period]:
    """The quarters that values of the periods can count in: those they lie in or hold, and the running one,
    for which last known values may stand in."""
    found: set[Period] = set()
    for label in labels:
        period = parse_period(label)
        quarter = quarter_of(period.start)
        while quarter.start < period.end and quarter.start <= running.start:
            found.add(quarter)
            quarter = quarter.next()
        if (running.start - period.end).days <= 366:
            found.add(running)
    return found


def _up_to_date(scorecard: Scorecard, period: Period) -> set[str]:
    """The groups that this version of the method and of the engine has scored for the period."""
    found = Run.objects.filter(
        scorecard=scorecard, period=period.label, method_digest=scorecard.digest, engine_version=ENGINE_VERSION
    )
    return set(found.values_list("peer_group", flat=True))


def _was_scored(code: str, peer_group: str, period: Period) -> bool:
    return Run.objects.filter(scorecard__code=code, peer_group=peer_group, period=period.label).exists()
