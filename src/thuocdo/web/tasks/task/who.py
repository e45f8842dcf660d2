"""Who took a step, by role and body: the record names no person where a role says enough."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Protocol

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from thuocdo.accounts.permissions import ROLES, Permission
from thuocdo.accounts.queries import people_with_role
from thuocdo.tasks.lifecycle import STEPS
from thuocdo.web.design.figures import named

if TYPE_CHECKING:
    from thuocdo.accounts.models import RoleHolding, User

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


class Authors:
    """The people behind acts, found together; says each by role and body."""

    def __init__(self, acts: Iterable[Act], *, on: date) -> None:
        numbers = {act.by_user_id for act in acts if act.by_user_id is not None}
        self._people: Mapping[int, User] = {}
        if numbers:
            anybody = reduce(or_, (people_with_role(role, on=on) for role in ROLES))
            found = list(anybody.filter(pk__in=numbers))
            prefetch_related_objects(found, "holdings__body")
            self._people = {user.pk: user for user in found}

    def of(self, act: Act, step: str) -> str:
        """Role and body of the author in the role that allowed the step on its day."""
        if act.by_label.startswith("system:"):
            return gettext("hệ thống")
        person = self._people.get(act.by_user_id or 0)
        if person is None:
            return ""
        day = timezone.localdate(act.at)
        held = [row for row in person.holdings.all() if _holds(row, day)]
        permission = Permission(STEPS[step].permission) if step in STEPS else Permission.ASSIGN_TASK
        fitting = [row for row in held if any(role == row.role and permission in ROLES[role] for role in ROLES)]
        for row in fitting or held:
            return f"{ROLE_WORDS.get(row.role, row.role)}, {named(row.body)}"
        return ""


def _holds(row: "RoleHolding", day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or row.valid_to > day)
