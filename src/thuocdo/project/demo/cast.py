"""Who acts in the demonstration: the accounts that are shown, and a focal point of its own for every other body."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from thuocdo.accounts.models import Role, User
from thuocdo.accounts.operations import grant_role, open_account
from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import actor_for_user
from thuocdo.organisations.models import Body, Kind
from thuocdo.organisations.operations import appoint_head

from .days import Days
from .people import ACCOUNTS, PASSWORD, PROVINCE, invented_name

POSTS = {
    Kind.MINISTRY: "Bộ trưởng",
    Kind.MINISTERIAL_AGENCY: "Thủ trưởng cơ quan ngang bộ",
    Kind.GOVERNMENT_AGENCY: "Thủ trưởng cơ quan thuộc Chính phủ",
    Kind.PARTY_BODY: "Thủ trưởng cơ quan",
    Kind.PROVINCE: "Chủ tịch Ủy ban nhân dân tỉnh",
    Kind.CITY: "Chủ tịch Ủy ban nhân dân thành phố",
    Kind.COMMUNE: "Chủ tịch Ủy ban nhân dân xã",
    Kind.WARD: "Chủ tịch Ủy ban nhân dân phường",
    Kind.SPECIAL_ZONE: "Chủ tịch Ủy ban nhân dân đặc khu",
}
# One body in this many got a new head half a year ago, so that there is a history to look at.
CHANGED_HEAD = 9
# The head of this body left on a day on which nobody was ready to follow.
LEAVES, LEFT_ON = "BXD", -52


@dataclass(slots=True)
class Cast:
    """The acting people by role and body; an actor holds the roles of the day on which it acts."""

    bodies: dict[str, Body]
    _people: dict[str, Actor] = field(default_factory=dict)
    _users: dict[str, User] = field(default_factory=dict)

    def actor(self, username: str, on: date) -> Actor:
        """The person with this sign-in name, acting on the day."""
        return replace(self._people[username], on=on)

    def person(self, username: str) -> User:
        """The account with this sign-in name."""
        return self._users[username]

    def focal_point(self, body: str, on: date) -> Actor:
        """Whoever reports for the body."""
        shown = next((one for one in ACCOUNTS if one.role == Role.FOCAL_POINT and one.body == body), None)
        return self.actor(shown.username if shown else _focal_username(body), on)

    def standing_office(self, body: str, on: date) -> Actor:
        """Whoever keeps the standing office of a receiving body: the national one, or that of the province."""
        return self.actor("thuongtruc" if body == "VPTW" else _office_username(body), on)

    def judge(self, body: str, on: date, *, prefer_office: bool = False) -> Actor:
        """Somebody of another body who approves the results of this one."""
        if body == "VPCP" or (prefer_office and body != "VPTW"):
            return self.actor("thuongtruc", on)
        return self.actor("thamdinh", on)

    def open_accounts(self, *, maker: Actor, at: datetime, days: Days, acting: Iterable[str]) -> None:
        """The accounts that are shown, and one without a password for every other acting body."""
        for shown in ACCOUNTS:
            user = self._open(maker, at, shown.username, shown.full_name, shown.body, password=PASSWORD)
            self._grant(maker, at, days, user, Role(shown.role), shown.body, shown.over)
        office = self._open(maker, at, _office_username(PROVINCE), "Văn phòng UBND (minh hoạ)", PROVINCE)
        self._grant(maker, at, days, office, Role.STANDING_OFFICE, PROVINCE)
        spoken_for = {one.body for one in ACCOUNTS if one.role == Role.FOCAL_POINT}
        for code in acting:
            if code not in spoken_for:
                name = f"Đầu mối {self.bodies[code].short_name} (minh hoạ)"
                user = self._open(maker, at, _focal_username(code), name, code)
                self._grant(maker, at, days, user, Role.FOCAL_POINT, code)

    def _open(
        self, maker: Actor, at: datetime, username: str, full_name: str, body: str, password: str | None = None
    ) -> User:
        return open_account(
            actor=maker,
            at=at,
            username=username,
            full_name=full_name[:120],
            body=self.bodies[body],
            password=password,
        )

    def _grant(self, maker: Actor, at: datetime, days: Days, user: User, role: Role, body: str, over: str = "") -> None:
        grant_role(
            actor=maker,
            at=at,
            user=user,
            role=role,
            body=self.bodies[body],
            over=self.bodies[over] if over else None,
            valid_from=days.first,
        )
        self._users[user.username] = user
        self._people[user.username] = actor_for_user(user, on=days.today)

    def appoint_heads(self, *, maker: Actor, at: datetime, days: Days, codes: Iterable[str]) -> None:
        """An invented head for every body, and for some a predecessor."""
        for number, code in enumerate(codes):
            body = self.bodies[code]
            post = POSTS.get(Kind(body.kind), "Người đứng đầu")
            shown = next((one for one in ACCOUNTS if one.role == Role.HEAD and one.body == code), None)
            is_changing = number % CHANGED_HEAD == 0 and shown is None
            terms = [days.first, days.day(-180)] if is_changing else [days.first]
            for term, start in enumerate(terms):
                person = shown.full_name if shown else invented_name(number * 2 + term)
                appoint_head(
                    actor=maker.label,
                    at=at,
                    body=body,
                    person=f"{person} (minh hoạ)",
                    post=post,
                    valid_from=start,
                    valid_to=days.day(LEFT_ON) if code == LEAVES and term == len(terms) - 1 else None,
                )


def _focal_username(body: str) -> str:
    return f"dm.{body.lower()}"


def _office_username(body: str) -> str:
    return f"vp.{body.lower()}"
