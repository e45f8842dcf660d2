"""What a task waits for: another task, a legal document, a decision; never in a circle."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Counter, Dependency, Task
from thuocdo.tasks.operations.refusals import TaskRefused, require_text
from thuocdo.tasks.operations.taking import begin, finish, write_transition
from thuocdo.tasks.queries.structure import way_between

# The row of the counters that stands for the whole net of dependencies: no year of any task.
_NET = 0


class DependencyCycle(TaskRefused):
    """The task would wait for itself by way of others; `codes` is the circle, from the task back to itself."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(
            gettext("Các nhiệm vụ sẽ chờ lẫn nhau thành vòng: %(circle)s; bỏ một quan hệ chờ trong vòng này.")
            % {"circle": " → ".join(codes)},
            code="dependency_cycle",
            field="waits_for",
        )
        self.codes = tuple(codes)


@transaction.atomic
def add_dependency(
    *,
    actor: Actor,
    at: datetime,
    task: Task,
    waits_for: Task | None = None,
    kind: str = Dependency.Kind.TASK,
    title: str = "",
    owner: Body | None = None,
    expected_on: date | None = None,
) -> Dependency:
    """Say that a task waits for another one, or for a legal document or a decision by its title.

    Raises DependencyCycle, naming the circle; two writers who would close one together never both succeed.
    """
    # One lock for the whole net, taken before any task: locks on the two tasks alone would let four writers close a
    # circle of four, each having locked two.
    Counter.objects.get_or_create(year=_NET)
    Counter.objects.select_for_update().get(year=_NET)
    current = begin("set_dependencies", task, actor=actor)
    if kind not in Dependency.Kind.values or (kind == Dependency.Kind.TASK) != (waits_for is not None):
        raise TaskRefused(
            gettext("Chưa nêu nhiệm vụ này chờ gì; chọn một nhiệm vụ, hoặc ghi tên văn bản, quyết định."),
            code="nothing_to_wait_for",
            field="waits_for",
        )
    words = "" if waits_for is not None else " ".join(require_text(nfc(title), "name").split())[:500]
    if waits_for is not None:
        if Dependency.objects.filter(task=current, waits_for=waits_for).exists():
            raise TaskRefused(
                gettext("Nhiệm vụ này đã ghi chờ %(code)s.") % {"code": waits_for.code},
                code="waits_already",
                field="waits_for",
            )
        circle = way_between(waits_for, current)
        if circle:
            raise DependencyCycle([current.code, *circle])
    row = Dependency.objects.create(
        task=current,
        kind=kind,
        waits_for=waits_for,
        title=words,
        owner=owner if waits_for is None else None,
        expected_on=expected_on if waits_for is None else None,
        at=at,
        by_label=actor.label,
    )
    if waits_for is not None:
        # The other side sees in its history, too, that somebody waits for it.
        write_transition("awaited", waits_for, waits_for.state, actor=actor, at=at, note=current.code)
    finish(
        "set_dependencies",
        current,
        actor=actor,
        at=at,
        note=gettext("Chờ %(what)s") % {"what": waits_for.code if waits_for is not None else words},
        data={"dependency": row.pk, "kind": kind, "waits_for": waits_for.code if waits_for is not None else None},
    )
    return row


@transaction.atomic
def fulfil_dependency(
    *, actor: Actor, at: datetime, dependency: Dependency, number: str = "", on: date | None = None
) -> Dependency:
    """Say that the document or decision is there, with its number and day; a task fulfils by being completed."""
    task = begin("set_dependencies", dependency.task, actor=actor)
    current = Dependency.objects.get(pk=dependency.pk, task=task)
    if current.waits_for_id is not None:
        raise TaskRefused(
            gettext("Chờ một nhiệm vụ thì hết chờ khi nhiệm vụ đó hoàn thành, không ghi bằng tay."),
            code="waits_for_task",
            field="number",
        )
    today = localdate(at)
    if on is not None and on > today:
        raise TaskRefused(gettext("Ngày ban hành ở sau hôm nay; sửa lại ngày."), code="in_future", field="on")
    current.number = require_text(nfc(number), "decision_number")[:80]
    current.fulfilled_on = on or today
    current.save(update_fields=["number", "fulfilled_on"])
    finish(
        "set_dependencies",
        task,
        actor=actor,
        at=at,
        note=gettext("Hết chờ: %(what)s, %(number)s") % {"what": current.title, "number": current.number},
        data={"dependency": current.pk, "fulfilled_on": current.fulfilled_on},
    )
    return current


@transaction.atomic
def drop_dependency(*, actor: Actor, at: datetime, dependency: Dependency, reason: str) -> Task:
    """Say that a task does not wait for this any more, with the reason; the history keeps that it did."""
    task = begin("set_dependencies", dependency.task, actor=actor)
    words = require_text(nfc(reason), "reason")
    current = Dependency.objects.select_related("waits_for").get(pk=dependency.pk, task=task)
    what = current.waits_for.code if current.waits_for is not None else current.title
    number = current.pk
    current.delete()
    return finish(
        "set_dependencies",
        task,
        actor=actor,
        at=at,
        note=gettext("Không còn chờ %(what)s: %(reason)s") % {"what": what, "reason": words},
        data={"dependency": number, "dropped": True},
    )
