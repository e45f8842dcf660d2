"""Who took a step, by role and body: the record names no person where a role says enough."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Protocol

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from thuocdo.accounts.permissions import ROLES, Permission
from thuocdo.accounts.queries import people_with_role
from thuocdo.tasks.lifecycle import STEPS
from thuocdo.web.design.figures import speaks_english

ROLE_WORDS = {
    "standing_office": gettext_lazy("cơ quan thường trực"),
    "focal_point": gettext_lazy("đầu mối"),
    "head": gettext_lazy("người đứng đầu"),
    "verifier": gettext_lazy("người thẩm định"),
    "evaluator": gettext_lazy("người đánh giá độc lập"),
    "inspector": gettext_lazy("người kiểm tra"),
    "publisher": gettext_lazy("người công bố"),
    "administrator": gettext_lazy("quản trị hệ thống"),
}


class Act(Protocol):
    """What has an author and a time: a transition or a report."""

    at: datetime
    by_label: str
    by_user_id: int | None


@dataclass(frozen=True, slots=True)
class _Held:
    """A role that an author held at a body for a time."""

    role: str
    valid_from: date
    valid_to: date | None
    body: str
    body_en: str

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)

    def may(self, permission: Permission) -> bool:
        return any(role == self.role and permission in granted for role, granted in ROLES.items())

    @property
    def words(self) -> str:
        body = (speaks_english() and self.body_en) or self.body
        return f"{ROLE_WORDS.get(self.role, self.role)}, {body}"


class Authors:
    """The people behind acts, found together in one query; says each by role and body."""

    def __init__(self, acts: Iterable[Act], *, on: date) -> None:
        numbers = {act.by_user_id for act in acts if act.by_user_id is not None}
        self._held: dict[int, list[_Held]] = {}
        if not numbers:
            return
        anybody = reduce(or_, (people_with_role(role, on=on) for role in ROLES))
        fields = ("role", "valid_from", "valid_to", "body__name", "body__name_en")
        rows = anybody.filter(pk__in=numbers).order_by("pk", "holdings__pk")
        for number, *held in rows.values_list("pk", *(f"holdings__{field}" for field in fields)):
            self._held.setdefault(number, []).append(_Held(*held))

    def of(self, act: Act, step: str) -> str:
        """Role and body of the author in the role that allowed the step on its day."""
        if act.by_label.startswith("system:"):
            return gettext("hệ thống")
        day = timezone.localdate(act.at)
        held = [one for one in self._held.get(act.by_user_id or 0, []) if one.holds_on(day)]
        permission = Permission(STEPS[step].permission) if step in STEPS else Permission.ASSIGN_TASK
        return next((one.words for one in [*(one for one in held if one.may(permission)), *held]), "")
