"""The list of people within reach, and one person with every role that the administrator may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import holdings_within, people_within
from thuocdo.engine.spelling import search_key
from thuocdo.web.design.figures import day, named

from .wording import role_title

if TYPE_CHECKING:
    from thuocdo.accounts.queries import RoleHolding, User

# A role that ends within this time is pointed out.
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Holding:
    """A role in words, with its time and where it stands in it."""

    row: "RoleHolding"
    on: date

    @property
    def title(self) -> str:
        return role_title(self.row.role)

    @property
    def body(self) -> str:
        return named(self.row.body)

    @property
    def over(self) -> str:
        """The body whose subtree it reaches, where that is another one."""
        return named(self.row.over) if self.row.over_id and self.row.over_id != self.row.body_id else ""

    @property
    def is_over(self) -> bool:
        return self.row.valid_to is not None and self.row.valid_to <= self.on

    @property
    def is_to_come(self) -> bool:
        return self.row.valid_from > self.on

    @property
    def ends_soon(self) -> bool:
        """Whether it ends within a month."""
        return self.row.valid_to is not None and self.on < self.row.valid_to <= self.on + SOON

    @property
    def last_day(self) -> str:
        """The last day on which it holds."""
        return "" if self.row.valid_to is None else day(self.row.valid_to - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Person:
    """A person with the roles in sight, those in force first."""

    user: "User"
    holdings: Sequence[Holding]

    @property
    def current(self) -> list[Holding]:
        return [one for one in self.holdings if not one.is_over]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many people, roles and bodies there are within reach, and what needs attention."""

    people: int
    roles: int
    bodies: int
    ending: int
    closed: int


def tally(actor: Actor) -> Tally:
    """Counts for the opening sentence, in two queries."""
    standing = [
        (user, body, valid_to)
        for user, body, valid_from, valid_to, is_active in holdings_within(actor)
        .order_by()
        .values_list("user_id", "body_id", "valid_from", "valid_to", "user__is_active")
        if valid_from <= actor.on and (valid_to is None or valid_to > actor.on) and is_active
    ]
    return Tally(
        people=len({user for user, _body, _to in standing}),
        roles=len(standing),
        bodies=len({body for _user, body, _to in standing}),
        ending=sum(valid_to is not None and valid_to <= actor.on + SOON for _user, _body, valid_to in standing),
        closed=people_within(actor).filter(is_active=False).distinct().count(),
    )


def found_people(actor: Actor, asked: Mapping[str, Any]) -> list[int]:
    """Numbers of the people that fit the filters, by name; accents do not matter."""
    people = people_within(actor).distinct()
    holdings = holdings_within(actor).order_by()
    standing = holdings.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=actor.on), valid_from__lte=actor.on)
    match asked.get("tinh_trang", ""):
        case "":
            people = people.filter(is_active=True, pk__in=standing.values("user"))
        case "het":
            people = people.filter(is_active=True).exclude(pk__in=standing.values("user"))
        case "khoa":
            people = people.filter(is_active=False)
    if body := asked.get("co_quan"):
        people = people.filter(pk__in=holdings.filter(body=body).values("user"))
    if role := asked.get("vai_tro"):
        people = people.filter(pk__in=holdings.filter(role=role).values("user"))
    needle = search_key(asked.get("tim", ""))
    rows = [
        (search_key(full_name.rpartition(" ")[2]), search_key(full_name), pk)
        for pk, full_name, username in people.order_by().values_list("pk", "full_name", "username")
        if not needle or needle in search_key(f"{full_name} {username}")
    ]
    # Vietnamese names are put in order by the given name, which stands last.
    return [pk for _given, _whole, pk in sorted(rows)]


def people_of(actor: Actor, keys: Sequence[int]) -> list[Person]:
    """The people with these numbers, in this order, with their roles within reach, in two queries."""
    users = {user.pk: user for user in people_within(actor).filter(pk__in=list(keys)).distinct()}
    held: dict[int, list[Holding]] = {}
    for row in holdings_within(actor).filter(user__in=list(keys)).order_by("-valid_from", "pk"):
        held.setdefault(row.user_id, []).append(Holding(row, actor.on))
    return [Person(users[key], sorted(held.get(key, []), key=lambda one: one.is_over)) for key in keys if key in users]


def person_of(actor: Actor, number: int) -> Person | None:
    """One person, if within reach."""
    return next(iter(people_of(actor, [number])), None)
