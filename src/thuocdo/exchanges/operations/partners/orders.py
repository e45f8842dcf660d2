"""What the parent ordered is carried out here: the task is made, follows its order, and takes every decision once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.exchanges.models import Mirror, Parent
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.tasks import operations as tasks
from thuocdo.tasks.lifecycle import FINAL, Rhythm, State
from thuocdo.tasks.models import ExtensionRequest, Product, Task
from thuocdo.tasks.operations.following import Order, follow_order, take_return_back

_TEXTS = ("title", "deliverable", "target", "deadline_raw", "deadline_kind", "secrecy", "programme", "rhythm")


class OrderProblem(ValueError):
    """An order that cannot be carried out here yet, with a code and what is missing."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Bodies:
    lead: Body
    assigned_by: Body
    coordinators: list[Body]


def take_order(*, actor: Actor, at: datetime, parent: Parent, item: Mapping[str, Any]) -> Mirror:
    """Take one order as the parent tells it: the newest is kept whole, with fields that this version does not know.

    An older one than is known changes nothing, the same one again neither. What cannot be carried out is noted on
    the mirror and tried again with every exchange.
    """
    with transaction.atomic():
        mirror, _is_new = Mirror.objects.get_or_create(
            parent=parent, remote=str(item["id"])[:40], defaults={"as_of": int(item["as_of"]), "order": dict(item)}
        )
        mirror = Mirror.objects.select_for_update().get(pk=mirror.pk)
        if int(item["as_of"]) < mirror.as_of:
            return mirror
        mirror.as_of, mirror.order = int(item["as_of"]), dict(item)
        mirror.save(update_fields=["as_of", "order"])
    return carry_out(actor=actor, at=at, mirror=mirror)


def carry_out(*, actor: Actor, at: datetime, mirror: Mirror) -> Mirror:
    """Bring the task of a mirror into line with the newest order known; a problem is noted, never raised."""
    mirror = Mirror.objects.select_related("task", "parent").get(pk=mirror.pk)
    code, detail = "", ""
    try:
        with transaction.atomic():
            mirror = Mirror.objects.select_for_update(of=("self",)).select_related("task", "parent").get(pk=mirror.pk)
            _make(mirror, actor=actor, at=at)
        detail = _decide(mirror, actor=actor, at=at)
        code = "conflict" if detail else ""
        _follow(mirror, actor=actor, at=at)
    except OrderProblem as problem:
        code, detail = problem.code, str(problem)
    except tasks.TaskRefused as refusal:
        code, detail = refusal.code, str(refusal)
    except (KeyError, TypeError, ValueError) as error:
        # An order that is no order of this protocol: shown to people, and the others go on.
        code, detail = "unreadable", f"{type(error).__name__}: {error}"
    if (code, detail[:300]) != (mirror.problem, mirror.problem_detail):
        mirror.problem, mirror.problem_detail = code[:40], detail[:300]
        mirror.save(update_fields=["problem", "problem_detail"])
    return mirror


def _bodies(order: Mapping[str, Any]) -> _Bodies:
    codes = [order["lead"], order["assigned_by"], *order["coordinators"]]
    found = bodies_by_code(codes)
    if missing := [code for code in codes if code not in found]:
        raise OrderProblem(
            "unknown_body",
            gettext("Bản này chưa có cơ quan mang mã %(codes)s; cập nhật danh mục cơ quan.")
            % {"codes": ", ".join(sorted(set(missing)))},
        )
    return _Bodies(found[codes[0]], found[codes[1]], [found[code] for code in codes[2:]])


def _make(mirror: Mirror, *, actor: Actor, at: datetime) -> None:
    order = mirror.order
    if mirror.task is not None or order["is_withdrawn"] or order["state"] == State.CANCELLED:
        return
    bodies = _bodies(order)
    assigned_on = min(date.fromisoformat(order["assigned_on"]), localdate(at))
    is_own = bodies.assigned_by.pk == bodies.lead.pk
    mirror.task = tasks.assign(
        actor=actor,
        at=at,
        task=tasks.TaskDescription(
            title=order["title"],
            lead=bodies.lead,
            coordinators=bodies.coordinators,
            deliverable=order["deliverable"],
            target=order["target"],
            due_on=_day(order["original_due_on"]),
            assigned_on=assigned_on,
            secrecy=order["secrecy"],
            # Only the parent's side judges the result, so nobody here may.
            accepting_body=None if is_own else bodies.assigned_by,
        ),
        assigning_body=bodies.assigned_by,
    )
    mirror.save(update_fields=["task"])
    append(
        actor=actor.label,
        at=at,
        event=Event.MIRROR_CHANGED,
        subject=mirror.task.label,
        data={"parent": mirror.parent.label, "remote": mirror.remote, "change": "made"},
    )


def _decide(mirror: Mirror, *, actor: Actor, at: datetime) -> str:
    """Carry out the decisions that are new, in their order; what could not be is said in words."""
    said = ""
    for decision in sorted(mirror.order["decisions"], key=lambda one: int(one["id"])):
        number = int(decision["id"])
        if number <= mirror.decided:
            continue
        with transaction.atomic():
            if mirror.task is not None:
                try:
                    with transaction.atomic():
                        _carry_out(decision, Task.objects.get(pk=mirror.task.pk), actor=actor, at=at)
                except tasks.TaskRefused as refusal:
                    # The owner of the order has decided; that it does not fit here is for people to see.
                    said = str(refusal)
            mirror.decided = number
            mirror.save(update_fields=["decided"])
    return said


def _carry_out(decision: Mapping[str, Any], task: Task, *, actor: Actor, at: datetime) -> None:
    taken_at = parse_datetime(decision["at"]) or at
    when = min(taken_at, at)
    note = decision["note"] or gettext("Theo quyết định của cấp trên")
    match decision["step"]:
        case "return_result":
            tasks.return_result(actor=actor, at=when, task=task, note=note)
        case "recall_return":
            take_return_back(actor=actor, at=when, task=task)
        case "approve_result":
            tasks.approve_result(
                actor=actor,
                at=when,
                task=task,
                note=decision["note"],
                is_last=decision["to"] == State.COMPLETED,
                products=list(Product.objects.filter(task=task)),
                despite_parts=note,
            )
        case "reopen":
            number, _colon, reason = note.partition(": ")
            tasks.reopen(actor=actor, at=when, task=task, decision_number=number, reason=reason or note)
        case "uphold" if task.state == State.DISPUTED:
            tasks.decide_dispute(actor=actor, at=when, task=task, outcome=tasks.Outcome.UPHOLD, note=note)
        case "suspend":
            tasks.suspend(actor=actor, at=when, task=task, reason=note)
        case "resume":
            tasks.resume(actor=actor, at=when, task=task, note=note)
        case "cancel" | "withdraw" if task.state not in FINAL:
            tasks.cancel(actor=actor, at=when, task=task, reason=note)
        case "extend" if decision.get("new_due_on"):
            new_due_on = date.fromisoformat(decision["new_due_on"])
            if task.due_on is not None and new_due_on > task.due_on:
                tasks.extend(
                    actor=actor,
                    at=when,
                    task=task,
                    new_due_on=new_due_on,
                    decision_number=decision["decision_number"],
                    reason=decision["reason"],
                    is_objective=bool(decision["is_objective"]),
                )
        case "refuse_extension":
            asked = ExtensionRequest.objects.filter(task=task, is_granted__isnull=True).first()
            if asked is not None:
                tasks.refuse_extension(actor=actor, at=when, request=asked, answer=note)


def _follow(mirror: Mirror, *, actor: Actor, at: datetime) -> None:
    if mirror.task is None:
        return
    order, task = mirror.order, Task.objects.get(pk=mirror.task.pk)
    if task.state in FINAL:
        return
    if order["is_withdrawn"] or order["state"] == State.CANCELLED:
        reason = gettext("Cấp trên đã chuyển nhiệm vụ cho cơ quan khác hoặc đã hủy.")
        tasks.cancel(actor=actor, at=at, task=task, reason=reason)
        return
    if task.state == State.SUSPENDED:
        return
    bodies = _bodies(order)
    values: dict[str, Any] = {name: order[name] for name in _TEXTS}
    follow_order(
        actor=actor,
        at=at,
        task=task,
        order=Order(
            **values,
            lead=bodies.lead,
            coordinators=bodies.coordinators,
            due_on=_day(order["due_on"]),
            original_due_on=_day(order["original_due_on"]),
            rhythm_day=order["rhythm_day"] if order["rhythm"] != Rhythm.NONE else None,
            is_core=bool(order["is_core"]),
            weight=Decimal(order["weight"]),
        ),
        note=gettext("Theo cấp trên"),
    )


def _day(given: str | None) -> date | None:
    return None if given is None else date.fromisoformat(given)
