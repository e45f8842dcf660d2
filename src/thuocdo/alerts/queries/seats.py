"""Who holds which role where on a day, and who may see what: read once, asked for many tasks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from thuocdo.accounts.models import Role, RoleHolding
from thuocdo.accounts.permissions import ROLES, Actor, Held, Permission, Reach, bodies_within
from thuocdo.organisations.models import Descent, Hierarchy


@dataclass(frozen=True, slots=True)
class Seat:
    """A person in a role at a body: the capacity in which somebody is told."""

    user_id: int
    role: Role
    body_id: int


class Directory:
    """The roles held on a day and the territorial tree above some bodies, in three queries.

    With `around`, only those bodies, what stands above them, and the people who hold or reach a role there.
    """

    def __init__(self, on: date, *, around: Collection[int] | None = None) -> None:
        self.on = on
        self.above: dict[int, list[int]] = defaultdict(list)
        pairs = Descent.objects.valid_on(on).filter(hierarchy=Hierarchy.TERRITORIAL, depth__gt=0)
        holdings = RoleHolding.objects.valid_on(on).filter(user__is_active=True)
        if around is not None:
            pairs = pairs.filter(descendant__in=around)
        for body, superior in pairs.order_by("depth").values_list("descendant", "ancestor"):
            self.above[body].append(superior)
        if around is not None:
            places = set(around).union(*self.above.values())
            near = holdings.filter(
                Q(body__in=places) | Q(over__in=places) | Q(role=Role.INSPECTOR) | Q(hierarchy=Hierarchy.SECTOR)
            )
            holdings = holdings.filter(user__in=near.values("user"))
        self.held: dict[int, list[Held]] = defaultdict(list)
        self._at: dict[tuple[Role, int], list[Seat]] = defaultdict(list)
        self._over: dict[tuple[Role, int], list[Seat]] = defaultdict(list)
        rows = holdings.order_by("pk").values_list("user", "role", "body", "over", "hierarchy")
        for user, word, body, over, hierarchy in rows:
            role = Role(word)
            seat = Seat(user, role, body)
            self.held[user].append(Held(role, body, over or body, hierarchy))
            if seat not in self._at[role, body]:
                self._at[role, body].append(seat)
            if hierarchy == Hierarchy.TERRITORIAL:
                self._over[role, over or body].append(seat)
        self._reach_of_sector: dict[tuple[int, Permission], frozenset[int]] = {}

    def seats_at(self, body: int, *roles: Role) -> list[Seat]:
        """Those who hold one of the roles at the body."""
        return [seat for role in roles for seat in self._at.get((role, body), ())]

    def nearest_over(self, body: int, *roles: Role, apart_from: int | None = None) -> list[Seat]:
        """Those whose role reaches the body from the nearest place; nobody who belongs to `apart_from`."""
        for place in (body, *self.above.get(body, ())):
            found = [
                seat
                for role in roles
                for seat in self._over.get((role, place), ())
                if apart_from is None or not self.belongs_to(seat.user_id, apart_from)
            ]
            if found:
                return found
        return []

    def holds(self, seat: Seat) -> bool:
        """Whether the person still holds the role at the body."""
        return seat in self._at.get((seat.role, seat.body_id), ())

    def belongs_to(self, user: int, body: int) -> bool:
        """Whether the person holds any role at the body."""
        return any(held.body_id == body for held in self.held.get(user, ()))

    def actor(self, user: int) -> Actor:
        """The person as one who acts on the day."""
        return Actor(label=f"user:{user}", on=self.on, held=tuple(self.held.get(user, ())), user_id=user)

    def may(self, user: int, permission: Permission, bodies: Iterable[int]) -> bool:
        """Whether the person has the permission for any of the bodies: `permissions.may`, without a query each time."""
        return any(self._may(user, permission, body) for body in bodies)

    def _may(self, user: int, permission: Permission, body: int) -> bool:
        for held in self.held.get(user, ()):
            reach = ROLES[held.role].get(permission)
            if reach is None:
                continue
            if reach == Reach.EVERYWHERE or (reach == Reach.OWN and held.body_id == body):
                return True
            if reach in (Reach.SUBTREE, Reach.OTHERS) and self._covers(held, user, permission, body):
                return reach == Reach.SUBTREE or not self.belongs_to(user, body)
        return False

    def _covers(self, held: Held, user: int, permission: Permission, body: int) -> bool:
        if held.hierarchy == Hierarchy.TERRITORIAL:
            return held.over_id == body or held.over_id in self.above.get(body, ())
        # Sector lines are rules over kinds of bodies; the few people who hold one are asked about once.
        key = (user, permission)
        if key not in self._reach_of_sector:
            reach = bodies_within(self.actor(user), permission)
            self._reach_of_sector[key] = frozenset(reach.values_list("pk", flat=True))
        return body in self._reach_of_sector[key]
