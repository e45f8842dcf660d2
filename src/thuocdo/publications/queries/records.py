"""Records: the facts for which a head answers in a term, counted; for one head, for several terms, for a group."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from thuocdo.accounts.models import Role, RoleHolding
from thuocdo.accounts.permissions import Actor, Permission, permissions_for
from thuocdo.organisations.models import Body
from thuocdo.publications.lifecycle import Fact, History, Tenure, Term, facts_of, share

from .heads import Seat, seats_of_group
from .histories import histories_of


@dataclass(frozen=True, slots=True)
class HeadCounts:
    """The figures of one tenure in a term: by code of the figure how many rows count there."""

    body: int
    code: str
    tenure: Tenure
    counts: Mapping[str, int]

    def of(self, figure: str) -> int:
        """How many rows the figure counts."""
        return self.counts.get(figure, 0)

    @property
    def in_time_share(self) -> float | None:
        """Percent done in time of what was done or missed in these days; debts taken over are left out."""
        done = self.of("in_time")
        return share(done, done + self.of("late") + self.of("overdue"))

    @property
    def overdue_share(self) -> float | None:
        """Percent overdue of what was owed."""
        return share(self.of("overdue"), self.of("owed"))

    @property
    def returned_rate(self) -> float | None:
        """How often results were sent back, for a hundred tasks owed."""
        return share(self.of("returned"), self.of("owed"))

    @property
    def effective_share(self) -> float | None:
        """Percent effective of what was judged."""
        good = self.of("effective")
        return share(good, good + self.of("not_effective"))


@dataclass(frozen=True, slots=True)
class Record:
    """What a head answers for in a term: every row, and the figures as numbers of rows."""

    term: Term
    tenure: Tenure
    facts: tuple[Fact, ...]
    counts: HeadCounts
    # The last day that is counted: the last in office in the term, or today. None before the first.
    until: date | None

    def rows(self, figure: str) -> list[Fact]:
        """Exactly the rows that a figure counts, by day and code."""
        return sorted((fact for fact in self.facts if figure in fact.figures), key=lambda fact: (fact.on, fact.code))


def record_of(
    seat: Seat, tenure: Tenure, term: Term, today: date, histories: Sequence[History] | None = None
) -> Record:
    """The record of a head in a term as known now; `histories` of the body may be given, as old as the term."""
    if histories is None:
        histories = histories_of([seat.body], since=term.start).get(seat.body, [])
    facts = _facts(histories, seat.body, tenure, today)
    covered = tenure.days.until(today)
    counts = HeadCounts(seat.body, seat.code, tenure, _counted(facts))
    return Record(term, tenure, tuple(facts), counts, covered.last if covered else None)


def records_of_terms(
    seat: Seat, key: str, terms: Sequence[Term], today: date, histories: Sequence[History] | None = None
) -> list[tuple[Term, Record | None]]:
    """The records of one head over several terms, the oldest first; None for a term without a day in office.

    `histories` of the body may be given, as old as the oldest term.
    """
    if histories is None:
        histories = histories_of([seat.body], since=terms[0].start).get(seat.body, [])
    found: list[tuple[Term, Record | None]] = []
    for term in terms:
        tenure = seat.tenure(term, key)
        is_begun = tenure is not None and tenure.days.first <= today
        found.append((term, record_of(seat, tenure, term, today, histories) if tenure and is_begun else None))
    return found


def counts_of_group(group: str, term: Term, today: date) -> list[HeadCounts]:
    """The figures of every head and vacancy of a peer group in a term, by code of the body; at most five queries."""
    return group_and_histories(group, term, today)[0]


def group_and_histories(
    group: str, term: Term, today: date, longer: tuple[int, date] | None = None
) -> tuple[list[HeadCounts], list[History]]:
    """The same, and the histories of one body (id) from an earlier day on, in the same queries."""
    bodies = Body.objects.filter(peer_group=group).values("pk")
    histories = histories_of(bodies, since=term.start, longer=longer)
    counts = _counts_of(seats_of_group(group, term), histories, term, today)
    return counts, histories.get(longer[0], []) if longer else []


def counts_of_seats(seats: Sequence[Seat], term: Term, today: date) -> list[HeadCounts]:
    """The same for a few bodies that belong to no group."""
    return _counts_of(seats, histories_of([seat.body for seat in seats], since=term.start), term, today)


def _counts_of(
    seats: Iterable[Seat], histories: Mapping[int, Sequence[History]], term: Term, today: date
) -> list[HeadCounts]:
    found = []
    for seat in seats:
        own = histories.get(seat.body, [])
        for tenure in seat.tenures(term):
            if tenure.days.first <= today:
                counts = _counted(_facts(own, seat.body, tenure, today))
                found.append(HeadCounts(seat.body, seat.code, tenure, counts))
    return found


def _facts(histories: Sequence[History], body: int, tenure: Tenure, today: date) -> list[Fact]:
    return [
        fact for history in histories for fact in facts_of(history, body, tenure.days, since=tenure.since, today=today)
    ]


def _counted(facts: Iterable[Fact]) -> dict[str, int]:
    return dict(Counter(figure for fact in facts for figure in fact.figures))


# --- Who may do what with a record


@dataclass(frozen=True, slots=True)
class Rights:
    """What an actor may do with the record of one tenure."""

    may_view: bool
    may_sign: bool
    may_request: bool

    @property
    def may_freeze(self) -> bool:
        return self.may_sign or self.may_request


def rights_over(actor: Actor, body: Body, tenure: Tenure) -> Rights:
    """The rights of an actor over a record; at most two queries.

    Nobody signs for the days of another: besides the permission it takes to have held the role of head at the body
    on one of the days. A vacancy has nobody to sign.
    """
    granted = permissions_for(actor, body)
    may_sign = False
    if Permission.SIGN_DOSSIER in granted and not tenure.is_vacant:
        may_sign = actor.is_machine or _headed(actor, body, tenure)
    return Rights(
        may_view=Permission.VIEW_DOSSIER in granted,
        may_sign=may_sign,
        may_request=Permission.REQUEST_DOSSIER in granted and not tenure.is_vacant,
    )


def _headed(actor: Actor, body: Body, tenure: Tenure) -> bool:
    if actor.user_id is None:
        return False
    if actor.on in tenure.days and any(held.role == Role.HEAD and held.body_id == body.pk for held in actor.held):
        return True
    holdings = RoleHolding.objects.filter(user=actor.user_id, role=Role.HEAD, body=body)
    return any(
        tenure.days.meet(one.valid_from, None if one.valid_to is None else one.valid_to - date.resolution)
        for one in holdings
    )


def signers_bodies(actor: Actor) -> list[int]:
    """The bodies (ids) at which the actor is the head, for the way to one's own page."""
    return [held.body_id for held in actor.held if held.role == Role.HEAD]
