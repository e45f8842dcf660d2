"""Who headed which body in a term, and whose records a person may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.organisations.models import Appointment, Body
from thuocdo.publications.lifecycle import Appointed, Tenure, Term, tenures_of


@dataclass(frozen=True, slots=True)
class Seat:
    """The post of a body's head within a window of days: everybody who held it, and the days on which nobody did.

    Days before the body came into being and after its end are nobody's.
    """

    body: int
    code: str
    appointments: tuple[Appointed, ...]
    valid_from: date
    valid_to: date | None

    def tenures(self, term: Term) -> list[Tenure]:
        """The term shared out among heads and vacancies."""
        return tenures_of(self.appointments, max(term.start, self.valid_from), self._end(term))

    def tenure(self, term: Term, key: str) -> Tenure | None:
        """The tenure of a key within the term."""
        return next((one for one in self.tenures(term) if one.key == key), None)

    def _end(self, term: Term) -> date:
        return term.end if self.valid_to is None else min(term.end, self.valid_to)


def visible_bodies(actor: Actor) -> QuerySet[Body]:
    """The bodies whose heads' records the actor may see."""
    return bodies_within(actor, Permission.VIEW_DOSSIER)


def seat_of(body: Body) -> Seat:
    """The seat of one body, with all who ever held it; one query."""
    return _seat(body, body.appointments.order_by("valid_from", "pk"))


def _seat(body: Body, rows: Iterable[Appointment]) -> Seat:
    appointments = tuple(Appointed(one.pk, one.person, one.post, one.valid_from, one.valid_to) for one in rows)
    return Seat(body.pk, body.code, appointments, body.valid_from, body.valid_to)


def seat_by_code(code: str) -> tuple[Body, Seat] | None:
    """The body with this code and its seat; one query where it ever had a head."""
    rows = list(Appointment.objects.filter(body__code=code).select_related("body").order_by("valid_from", "pk"))
    body = rows[0].body if rows else Body.objects.filter(code=code).first()
    return None if body is None else (body, _seat(body, rows))


def seats_of_group(group: str, term: Term) -> list[Seat]:
    """The seats of a peer group's bodies that exist in the term, by code; one query."""
    rows = (
        Body.objects.filter(peer_group=group, valid_from__lt=term.end)
        .exclude(valid_to__lte=term.start)
        .order_by("code", "appointments__valid_from", "appointments__pk")
        .values_list(
            "pk", "code", "valid_from", "valid_to", "appointments__pk", "appointments__person", "appointments__post",
            "appointments__valid_from", "appointments__valid_to",
        )
    )  # fmt: skip
    return _seats(rows)


def _seats(rows: Iterable[tuple[int, str, date, date | None, int | None, str, str, date, date | None]]) -> list[Seat]:
    bodies: dict[int, tuple[str, date, date | None]] = {}
    held: dict[int, list[Appointed]] = defaultdict(list)
    for pk, code, valid_from, valid_to, number, person, post, begin, end in rows:
        bodies[pk] = (code, valid_from, valid_to)
        if number is not None:
            held[pk].append(Appointed(number, person, post, begin, end))
    return [Seat(pk, code, tuple(held[pk]), begin, end) for pk, (code, begin, end) in bodies.items()]
