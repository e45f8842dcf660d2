"""A person says yes to an assignment found in a document: it becomes a task, or one for each body of a group."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.directives.models import Addressee, AddresseeGroup, Candidate
from thuocdo.directives.operations import mark_confirmed, pending
from thuocdo.directives.queries import Named, bodies_of_group, named
from thuocdo.organisations.models import Body
from thuocdo.tasks.lifecycle import Secrecy
from thuocdo.tasks.models import Task

from .assigning import append_batch
from .refusals import TaskRefused
from .taking import append_change
from .writing import TaskDescription, as_title, write_collective, write_tasks


@dataclass(slots=True)
class _Addressed:
    """Whom a candidate addresses: groups, or one lead with co-ordinators; names that stay words."""

    leads: list[Body] = field(default_factory=list)
    groups: list[AddresseeGroup] = field(default_factory=list)
    coordinators: list[Body] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@transaction.atomic
def assign_from_candidate(
    *,
    actor: Actor,
    at: datetime,
    candidate: Candidate,
    lead: Body | None = None,
    groups: Sequence[AddresseeGroup] | None = None,
    coordinators: Sequence[Body] | None = None,
    title: str | None = None,
    deliverable: str | None = None,
    target: str | None = None,
    due_on: date | None = None,
    without_deadline: bool = False,
    assigned_on: date | None = None,
    is_core: bool = False,
    weight: Decimal = Decimal(1),
    secrecy: str = Secrecy.INTERNAL,
    programme: str = "",
) -> list[Task]:
    """Confirm a candidate and write its task; what is not given is taken from the candidate.

    Exactly one body leads: `lead`, else the first name in the text, and further leads coordinate. A group gives
    each of its bodies (within the actor's reach) an instance of its own. A name that does not lead to one body
    without doubt is refused with the proposals, and a person chooses. Without `assigned_on` the task is given
    on the document's day.
    """
    current = pending(actor=actor, candidate=candidate)
    document = current.document
    names = named(current)
    addressed = _addressed(names, lead=lead, groups=groups)
    description = TaskDescription(
        title=title if title is not None else as_title(current.action),
        lead=addressed.leads[0] if addressed.leads else document.body,
        coordinators=coordinators if coordinators is not None else addressed.coordinators,
        also_coordinating="; ".join(addressed.words),
        deliverable=deliverable if deliverable is not None else current.deliverable,
        target=target if target is not None else current.target,
        deadline_raw=current.deadline_raw,
        deadline_kind="" if without_deadline or due_on not in (None, current.deadline_date) else current.deadline_kind,
        due_on=None if without_deadline else due_on or current.deadline_date,
        assigned_on=assigned_on,
        is_core=is_core,
        weight=weight,
        secrecy=secrecy,
        programme=programme,
        document=document,
        candidate=current,
        start=current.start,
        end=current.end,
    )
    if not addressed.groups:
        (task,) = write_tasks([description], actor=actor, at=at, assigning_body=document.body)
        mark_confirmed(actor=actor, at=at, candidate=current)
        append_change("assign", task, "", actor=actor, at=at, data={"candidate": current.label})
        return [task]
    bodies = _members(addressed, actor, localdate(at))
    collective, tasks = write_collective(
        description,
        bodies,
        groups=[group.code for group in addressed.groups],
        actor=actor,
        at=at,
        assigning_body=document.body,
    )
    mark_confirmed(actor=actor, at=at, candidate=current)
    append_batch(collective.label, tasks, actor=actor, at=at)
    return tasks


def _addressed(names: Sequence[Named], *, lead: Body | None, groups: Sequence[AddresseeGroup] | None) -> _Addressed:
    """What the person chose, else what the names settle; raises TaskRefused where a person has to choose."""
    found = _Addressed()
    lead_names = [name for name in names if name.part == Addressee.Part.LEAD]
    further = [name for name in names if name.part == Addressee.Part.COORDINATING]
    if lead is not None:
        found.leads = [lead]
        # A person's choice from elsewhere stands in for the first name; the other names still work along.
        chosen = any(name.settled is not None and name.settled.body == lead for name in lead_names)
        further = (lead_names if chosen else lead_names[1:]) + further
    elif groups:
        found.groups = list(groups)
    else:
        _settle_leads(found, lead_names)
        if not found.groups:
            further = lead_names[1:] + further
    for name in further:
        settled = name.settled
        if settled is None or settled.body is None:
            found.words.append(name.written)
        elif settled.body not in (*found.leads, *found.coordinators):
            found.coordinators.append(settled.body)
    return found


def _settle_leads(found: _Addressed, lead_names: Sequence[Named]) -> None:
    if not lead_names:
        raise TaskRefused(
            gettext("Đoạn này không nêu cơ quan chủ trì; chọn cơ quan chủ trì."), code="lead_missing", field="lead"
        )
    first = lead_names[0].settled
    if first is None:
        _refuse_unsettled(lead_names[0])
    elif first.body is not None:
        found.leads = [first.body]
    else:
        for name in lead_names:
            settled = name.settled
            if settled is None:
                _refuse_unsettled(name)
            elif settled.group is not None:
                found.groups.append(settled.group)
            elif settled.body is not None:
                found.leads.append(settled.body)


def _refuse_unsettled(name: Named) -> None:
    bodies = [proposal.body for proposal in name.proposals if proposal.body is not None]
    if bodies:
        message = gettext("Tên “%(name)s” cần được xác định rõ; chọn một trong: %(bodies)s.")
    else:
        message = gettext("Chưa xác định được “%(name)s” là cơ quan nào; chọn cơ quan chủ trì hoặc nhóm cơ quan.")
    raise TaskRefused(
        message % {"name": name.written, "bodies": ", ".join(body.name for body in bodies)},
        code="lead_unsettled",
        field="lead",
        proposals=bodies,
    )


def _members(addressed: _Addressed, actor: Actor, today: date) -> list[Body]:
    """The bodies of the groups that exist today and that the actor may assign to, and any named beside them."""
    reach = bodies_within(actor, Permission.ASSIGN_TASK).values("pk")
    members = {body.pk: body for body in addressed.leads}
    for group in addressed.groups:
        members |= {body.pk: body for body in bodies_of_group(group, on=today).filter(pk__in=reach)}
    return sorted(members.values(), key=lambda body: body.code)
