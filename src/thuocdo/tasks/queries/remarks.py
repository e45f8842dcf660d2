"""What people say about a task: remarks with the persons they name, and who may be named."""

from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Prefetch, Q, QuerySet, Value

from thuocdo.accounts.models import RoleHolding, User
from thuocdo.accounts.permissions import ROLES, Actor, Permission, Reach, may_anywhere
from thuocdo.organisations.models import Descent, Hierarchy
from thuocdo.organisations.queries import within
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Comment, Mention, Task

from .lists import visible_to


def remarks(task: Task) -> QuerySet[Comment]:
    """The remarks on a task, oldest first, with author and persons named, in two queries; withdrawn ones included."""
    named = Mention.objects.select_related("person").order_by("person__full_name", "pk")
    return (
        Comment.objects.filter(task=task)
        .select_related("author")
        .prefetch_related(Prefetch("mentions", named))
        .order_by("at", "pk")
    )


def remark_by_id(actor: Actor, number: int) -> Comment | None:
    """The remark with its task, if the actor may see the task."""
    return Comment.objects.filter(pk=number, task__in=visible_to(actor)).select_related("task", "author").first()


def mentions(actor: Actor, *, unread: bool = False) -> QuerySet[Mention]:
    """Where somebody named the actor, newest first, each with `comment`, its `author` and `task` with the lead body.

    For the my-work page: `read_at` is empty until the actor opened the remarks of the task; withdrawn remarks and
    tasks that the actor may no longer see are left out. `unread` keeps what was not read.
    """
    if actor.user_id is None:
        return Mention.objects.none()
    found = Mention.objects.filter(
        person=actor.user_id, comment__withdrawn_at__isnull=True, comment__task__in=visible_to(actor)
    )
    if unread:
        found = found.filter(read_at__isnull=True)
    return found.select_related("comment__task__lead", "comment__author").order_by("-comment__at", "-pk")


def may_remark(actor: Actor, task: Task) -> bool:
    """Whether the actor may say something about a task that the actor sees; the inspector only reads."""
    return actor.user_id is not None and may_anywhere(actor, Permission.REMARK) and visible_to(actor).contains(task)


def people_who_see(task: Task, *, on: date) -> QuerySet[User]:
    """Active people who may see the task on the day, by name: the ones that a remark may name."""
    sides = {task.assigned_by_id}
    if task.state != State.DRAFT:
        sides |= {task.lead_id, *(row.body_id for row in task.coordinations.all())}
        if task.accepting_body_id is not None:
            sides.add(task.accepting_body_id)
    holdings = RoleHolding.objects.valid_on(on).filter(user__is_active=True)
    allowed, reaching = Q(pk__in=[]), _reaching(sides, on)
    for role, granted in ROLES.items():
        match granted.get(Permission.VIEW_TASKS):
            case Reach.EVERYWHERE:
                allowed |= Q(role=role)
            case Reach.OWN:
                allowed |= Q(role=role, body__in=sides)
            case Reach.SUBTREE:
                allowed |= Q(role=role) & reaching
            case Reach.OTHERS:
                raise NotImplementedError("No role sees the tasks of others only.")
    return User.objects.filter(pk__in=holdings.filter(allowed).values("user")).order_by("full_name", "pk")


def _reaching(sides: set[int], on: date) -> Q:
    """The condition on holdings "the body of reach stands at or above one of the sides"."""
    above = Descent.objects.valid_on(on).filter(descendant__in=sides, hierarchy=Hierarchy.TERRITORIAL)
    by_tree = Q(hierarchy=Hierarchy.TERRITORIAL) & _over(above.values("ancestor"))
    # Sector lines are rules and few: each head that somebody reaches from is asked, all in one question.
    heads = set(
        RoleHolding.objects.valid_on(on)
        .filter(hierarchy=Hierarchy.SECTOR)
        .values_list("over", flat=True)
        .union(RoleHolding.objects.valid_on(on).filter(hierarchy=Hierarchy.SECTOR, over=None).values_list("body"))
    )
    below = [
        within([head], on=on, hierarchy=Hierarchy.SECTOR).filter(pk__in=sides).order_by().values_list(Value(head))
        for head in sorted(head for head in heads if head is not None)
    ]
    reaching = [head for (head,) in (below[0].union(*below[1:]) if below else [])]
    by_sector = Q(hierarchy=Hierarchy.SECTOR) & _over(reaching)
    return reduce(or_, (by_tree, by_sector))


def _over(bodies: object) -> Q:
    return Q(over__in=bodies) | Q(over__isnull=True, body__in=bodies)
