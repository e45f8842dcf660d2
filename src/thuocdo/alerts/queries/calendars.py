"""What stands in a person's calendar: deadlines and milestones of their bodies' tasks, and whose an address is."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts.files.calendar import Deadline
from thuocdo.alerts.models import CalendarAddress
from thuocdo.tasks.lifecycle import Secrecy, State
from thuocdo.tasks.models import Coordination, Milestone, Task
from thuocdo.tasks.queries import visible_to

# How far a calendar looks back and ahead, and how much it holds at most, the nearest days first.
BACK, AHEAD = timedelta(days=92), timedelta(days=400)
MOST = 1_000


def digest_of(secret: str) -> str:
    """SHA-256 of the secret; secrets are 256 random bits, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def calendar_address(actor: Actor) -> CalendarAddress | None:
    """The person's address that still opens, without its secret."""
    return CalendarAddress.objects.filter(user=actor.user_id, revoked_at=None).first()


def address_by_secret(secret: str) -> CalendarAddress | None:
    """The address that the secret opens, with its person; None when revoked, or when the account is closed."""
    found = CalendarAddress.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()
    return found if found is not None and found.user.is_active else None


def deadlines_of(actor: Actor, *, today: date, link: Callable[[str], str]) -> list[Deadline]:
    """Deadlines of the tasks which the person's bodies lead, help with or accept, or which are the person's own.

    Never more than the person may see today; `link` makes the address of a task from its code. Two queries. Of a
    task of restricted circulation only the code leaves the system.
    """
    bodies = {held.body_id for held in actor.held}
    helped = Coordination.objects.filter(task=OuterRef("pk"), body__in=bodies)
    theirs = Q(lead__in=bodies) | Q(accepting_body__in=bodies) | Q(responsible=actor.user_id) | Exists(helped)
    days = (today - BACK, today + AHEAD)
    tasks = list(
        visible_to(actor)
        .filter(theirs, due_on__range=days)
        .exclude(state=State.DRAFT)
        .select_related("lead")
        .annotate(changes=Count("transitions"), changed_at=Max("transitions__at"))
        .order_by("due_on", "code")[:MOST]
    )
    found = [_of_task(task, link) for task in tasks]
    by_number = {task.pk: task for task in tasks}
    marks = Milestone.objects.filter(task__in=list(by_number), due_on__range=days).order_by("due_on", "pk")
    found += [_of_milestone(one, by_number[one.task_id], link) for one in marks[:MOST]]
    return sorted(found, key=lambda one: (one.day, one.identifier))


def _of_task(task: Task, link: Callable[[str], str]) -> Deadline:
    is_open = task.secrecy != Secrecy.RESTRICTED
    words = [gettext("Chủ trì: %(lead)s") % {"lead": task.lead.name}, task.get_state_display()]
    if is_open and task.deliverable:
        words.append(gettext("Sản phẩm: %(product)s") % {"product": task.deliverable})
    return Deadline(
        identifier=task.code.lower(),
        day=task.due_on or date.max,
        title=gettext("Hạn: %(title)s") % {"title": task.title if is_open else task.code},
        words="\n".join([task.code, *words]),
        address=link(task.code),
        changed_at=_changed_at(task),
        number=_changes(task),
        is_cancelled=task.state == State.CANCELLED,
        category=gettext("Nhiệm vụ"),
    )


def _of_milestone(mark: Milestone, task: Task, link: Callable[[str], str]) -> Deadline:
    is_open = task.secrecy != Secrecy.RESTRICTED
    return Deadline(
        identifier=f"{task.code.lower()}-{mark.pk}",
        day=mark.due_on,
        title=gettext("Mốc: %(title)s") % {"title": mark.title if is_open else task.code},
        words=f"{task.code}\n{task.title}" if is_open else task.code,
        address=link(task.code),
        changed_at=_changed_at(task),
        number=_changes(task),
        is_cancelled=task.state == State.CANCELLED,
        category=gettext("Mốc"),
    )


def _changed_at(task: Task) -> datetime:
    at: datetime = task.changed_at  # type: ignore[attr-defined]
    return at


def _changes(task: Task) -> int:
    return int(task.changes)  # type: ignore[attr-defined]
