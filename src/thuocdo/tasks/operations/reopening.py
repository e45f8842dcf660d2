"""A confirmation is taken back: what came of it is withdrawn as long as nobody has begun to work on it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission
from thuocdo.directives.models import Candidate
from thuocdo.directives.operations import mark_reopened, pending
from thuocdo.engine.canonical import canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.lifecycle import State
from thuocdo.tasks.models import Collective, Source, Task, Transition

from .refusals import TaskRefused
from .taking import require_over


@transaction.atomic
def take_back(*, actor: Actor, at: datetime, candidate: Candidate) -> Candidate:
    """Withdraw the tasks that a confirmed candidate became, or its link to a known task, and let it wait again.

    The withdrawn tasks keep their codes and stay on record as cancelled. Raises TaskRefused once a lead body has
    taken one on, and for an amendment, which others may have acted on.
    """
    current = pending(actor=actor, candidate=candidate, step="reopen")
    source = Source.objects.filter(candidate=current).first()
    if source is not None and source.kind == Source.Kind.AMENDS:
        raise TaskRefused(
            gettext("Sửa đổi đã có hiệu lực nên không hoàn tác được; điều chỉnh lại trên trang nhiệm vụ."),
            code="amended",
        )
    if source is not None:
        source.delete()
    else:
        _withdraw(current, actor=actor, at=at)
    return mark_reopened(actor=actor, at=at, candidate=current)


def _withdraw(candidate: Candidate, *, actor: Actor, at: datetime) -> None:
    tasks = list(
        Task.objects.select_for_update(of=("self",))
        .filter(candidate=candidate)
        .select_related("lead", "assigned_by")
        .order_by("pk")
    )
    begun = next((task for task in tasks if task.state != State.ASSIGNED), None)
    if begun is not None:
        raise TaskRefused(
            gettext("%(lead)s đã xử lý nhiệm vụ %(code)s nên không hoàn tác được; hủy nhiệm vụ trên trang của nó.")
            % {"lead": begun.lead.name, "code": begun.code},
            code="begun",
        )
    # Whoever withdraws must be allowed to cancel every one of them.
    require_over(actor, Permission.CANCEL_TASK, (body for task in tasks for body in (task.lead, task.assigned_by)))
    numbers = [task.pk for task in tasks]
    # Without its candidate a withdrawn task leaves the sentence free to become another one.
    Task.objects.filter(pk__in=numbers).update(state=State.CANCELLED, candidate=None)
    Collective.objects.filter(candidate=candidate).update(candidate=None)
    Transition.objects.bulk_create(
        [
            Transition(
                task=task,
                step="cancel",
                from_state=State.ASSIGNED,
                to_state=State.CANCELLED,
                lead=task.lead,
                at=at,
                by_label=actor.label,
                by_user_id=actor.user_id,
                note=gettext("Hoàn tác xác nhận khi rà soát văn bản"),
            )
            for task in tasks
        ],
        batch_size=500,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.TASKS_WITHDRAWN,
        subject=candidate.label,
        data={
            "tasks": len(tasks),
            "first": tasks[0].code,
            "last": tasks[-1].code,
            "root": merkle_root([canonical_json([task.code, task.lead.code]) for task in tasks]),
        },
    )
