"""Rows of new tasks: checked, numbered without gaps, written with their co-ordinators and first transition.

Nothing here tells the ledger: callers do so last, when every lock is held.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.models import RoleHolding, User
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, bodies_within, may
from thuocdo.directives.lifecycle import DeadlineKind
from thuocdo.directives.models import Candidate, Document
from thuocdo.engine.spelling import nfc, search_key
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import successors
from thuocdo.tasks.lifecycle import Rhythm, Secrecy, State, next_due, read_rhythm
from thuocdo.tasks.models import Collective, Coordination, Counter, Task, Transition

from .refusals import TaskRefused, require_text

LONGEST_TITLE = 1000
FIRST_STEPS = {State.ASSIGNED: "assign", State.DRAFT: "draft"}


@dataclass(frozen=True, slots=True)
class TaskDescription:
    """A task as it is ordered. Without `assigned_on` it is ordered on the day of its document, else today."""

    title: str
    lead: Body
    coordinators: Sequence[Body] = ()
    also_coordinating: str = ""
    deliverable: str = ""
    target: str = ""
    deadline_raw: str = ""
    deadline_kind: str = ""
    due_on: date | None = None
    # Of a recurring deadline; without it the rhythm is read from the deadline as written.
    rhythm: Rhythm | None = None
    assigned_on: date | None = None
    is_core: bool = False
    weight: Decimal = Decimal(1)
    secrecy: str = Secrecy.INTERNAL
    programme: str = ""
    document: Document | None = None
    candidate: Candidate | None = None
    start: int | None = None
    end: int | None = None
    # The task of which this is a part, or a task of the body's own: then its own office may give it.
    parent: Task | None = None
    is_local: bool = False
    responsible: User | None = None
    responsible_post: str = ""
    # The body that accepts the result, where not those above the lead body shall do so.
    accepting_body: Body | None = None

    @property
    def is_of_own_house(self) -> bool:
        """Whether the body that makes it may steer it without being a standing office."""
        return self.parent is not None or self.is_local


def write_tasks(
    tasks: Sequence[TaskDescription],
    *,
    actor: Actor,
    at: datetime,
    assigning_body: Body | None,
    state: State = State.ASSIGNED,
    collective: Collective | None = None,
) -> list[Task]:
    """Write tasks, all or none. Raises NotAllowed or TaskRefused; the year's counter stays locked until the end."""
    permission = Permission.DIVIDE_TASK if all(task.is_of_own_house for task in tasks) else Permission.ASSIGN_TASK
    authority = authority_over([task.lead for task in tasks], actor=actor, body=assigning_body, permission=permission)
    today = localdate(at)
    rows = [new_task(task, authority, today, state, collective) for task in tasks]
    for row, number in zip(rows, _numbers(today.year, len(rows)), strict=True):
        row.code = f"NV-{today.year}-{number:06d}"
        row.search = search_key(f"{row.code} {row.title} {row.deliverable}")
    Task.objects.bulk_create(rows, batch_size=500)
    Coordination.objects.bulk_create(
        [
            Coordination(task=row, body=body, position=position)
            for row, task in zip(rows, tasks, strict=True)
            for position, body in enumerate(_others(task.coordinators, task.lead))
        ],
        batch_size=500,
    )
    Transition.objects.bulk_create(
        [
            Transition(
                task=row,
                step=FIRST_STEPS[state],
                from_state="",
                to_state=row.state,
                lead=row.lead,
                at=at,
                by_label=actor.label,
                by_user_id=actor.user_id,
            )
            for row in rows
        ],
        batch_size=500,
    )
    return rows


def write_collective(
    task: TaskDescription,
    leads: Sequence[Body],
    *,
    groups: Sequence[str],
    actor: Actor,
    at: datetime,
    assigning_body: Body | None,
) -> tuple[Collective, list[Task]]:
    """Write a collective task and an instance of it for each lead."""
    if not leads:
        raise TaskRefused(
            gettext("Không có cơ quan nào thuộc nhóm này trong phạm vi được giao việc; chọn nhóm khác."),
            code="group_empty",
            field="lead",
        )
    # What a body gives to those below as work of its own, it may give to several of them at once, too.
    permission = Permission.DIVIDE_TASK if task.is_of_own_house else Permission.ASSIGN_TASK
    authority = authority_over(leads, actor=actor, body=assigning_body, permission=permission)
    collective = Collective.objects.create(
        title=title_of(task.title),
        document=task.document,
        candidate=task.candidate,
        groups=list(groups),
        assigned_by=authority,
        created_at=at,
    )
    instances = [replace(task, lead=lead) for lead in leads]
    rows = write_tasks(instances, actor=actor, at=at, assigning_body=authority, collective=collective)
    return collective, rows


def _numbers(year: int, count: int) -> range:
    """The next numbers of the year. The counter stays locked until the transaction ends: no gap, no double."""
    Counter.objects.get_or_create(year=year)
    counter = Counter.objects.select_for_update().get(year=year)
    first = counter.last + 1
    counter.last += count
    counter.save(update_fields=["last"])
    return range(first, first + count)


def authority_over(
    leads: Sequence[Body], *, actor: Actor, body: Body | None, permission: Permission = Permission.ASSIGN_TASK
) -> Body:
    """The assigning body, once the actor may assign to every lead and in that body's name."""
    wanted = {lead.pk for lead in leads}
    reached = set(bodies_within(actor, permission).filter(pk__in=wanted).values_list("pk", flat=True))
    for lead in leads:
        if lead.pk not in reached:
            raise NotAllowed(actor, permission, lead)
    if body is None:
        for held in actor.held:
            if permission in held.grants:
                return Body.objects.get(pk=held.body_id)
        raise TaskRefused(
            gettext("Chưa nêu cơ quan giao nhiệm vụ; chọn cơ quan giao."), code="no_authority", field="assigning_body"
        )
    if not actor.is_machine and not (actor.belongs_to(body.pk) and may(actor, permission, body)):
        raise NotAllowed(actor, permission, body)
    return body


def new_task(
    task: TaskDescription,
    authority: Body,
    today: date,
    state: State = State.ASSIGNED,
    collective: Collective | None = None,
) -> Task:
    """The row of a described task, checked but neither numbered nor written; raises TaskRefused."""
    check_lead(task.lead, today)
    _check_people(task, today)
    _check_secrecy(task.secrecy)
    assigned_on = task.assigned_on or (task.document.issued_on if task.document else None) or today
    if assigned_on > today:
        raise TaskRefused(
            gettext("Ngày giao %(day)s ở sau ngày hôm nay; sửa lại ngày giao.")
            % {"day": date_format(assigned_on, "d/m/Y")},
            code="assigned_in_future",
            field="assigned_on",
        )
    check_deadline(task.due_on, assigned_on)
    rhythm, rhythm_day, due_on = _rhythm(task, today)
    kind = task.deadline_kind or _kind_without_words(rhythm, task.due_on)
    if kind not in DeadlineKind.values:
        raise TaskRefused(
            gettext("Loại thời hạn không có trong danh mục; chọn lại loại thời hạn."),
            code="deadline_kind_unknown",
            field="deadline_kind",
        )
    if not 0 < task.weight < 10_000:
        raise TaskRefused(
            gettext("Trọng số phải là số dương; nhập lại trọng số."), code="weight_not_positive", field="weight"
        )
    return Task(
        title=title_of(task.title),
        document=task.document,
        candidate=task.candidate,
        start=task.start,
        end=task.end,
        collective=collective,
        lead=task.lead,
        also_coordinating=nfc(task.also_coordinating),
        assigned_by=authority,
        deliverable=nfc(task.deliverable).strip(),
        target=nfc(task.target).strip(),
        deadline_raw=nfc(task.deadline_raw)[:300],
        deadline_kind=kind,
        due_on=due_on,
        original_due_on=due_on,
        rhythm=rhythm,
        rhythm_day=rhythm_day,
        assigned_on=assigned_on,
        state=state,
        is_core=task.is_core,
        weight=task.weight,
        secrecy=task.secrecy,
        programme=task.programme,
        parent=task.parent,
        is_local=task.is_local,
        responsible=task.responsible,
        responsible_post=nfc(task.responsible_post).strip()[:120],
        accepting_body=task.accepting_body,
    )


def _kind_without_words(rhythm: Rhythm, due_on: date | None) -> DeadlineKind:
    if rhythm != Rhythm.NONE:
        return DeadlineKind.RECURRING
    return DeadlineKind.BY if due_on else DeadlineKind.NONE


def _rhythm(task: TaskDescription, today: date) -> tuple[Rhythm, int | None, date | None]:
    """Rhythm, day of the month and first deadline; what fell due before the task was given is not owed."""
    if task.due_on is not None or (task.rhythm is None and task.deadline_kind != DeadlineKind.RECURRING):
        return Rhythm.NONE, None, task.due_on
    rhythm, day = read_rhythm(task.deadline_raw)
    if task.rhythm is not None and task.rhythm != rhythm:
        rhythm, day = task.rhythm, None
    if rhythm == Rhythm.NONE:
        return Rhythm.NONE, None, None
    return rhythm, day, next_due(rhythm, today - timedelta(days=1), day)


def as_title(action: str) -> str:
    """The action as a title: it began in the middle of a sentence."""
    text = " ".join(action.split())
    return text[:1].upper() + text[1:]


def title_of(title: str) -> str:
    """A title as it is kept: one line, not too long; refuses an empty one."""
    text = " ".join(nfc(require_text(title, "title")).split())
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


def _others(coordinators: Sequence[Body], lead: Body) -> list[Body]:
    """The co-ordinators, each once; the lead does not coordinate with itself."""
    return [body for body in {body.pk: body for body in coordinators}.values() if body.pk != lead.pk]


def check_lead(lead: Body, today: date) -> None:
    """Refuse a lead that does not exist on the day, proposing its successors."""
    if lead.valid_from <= today and (lead.valid_to is None or lead.valid_to > today):
        return
    heirs = successors(lead)
    names = ", ".join(heir.name for heir in heirs)
    if names:
        message = gettext("%(body)s không còn hoạt động; giao cho cơ quan kế thừa: %(heirs)s.")
    else:
        message = gettext("%(body)s không hoạt động vào ngày giao; chọn cơ quan chủ trì khác.")
    raise TaskRefused(
        message % {"body": lead.name, "heirs": names}, code="lead_not_in_force", field="lead", proposals=heirs
    )


def _check_people(task: TaskDescription, today: date) -> None:
    """Refuse a lead that would accept its own result, and a person who does not work at the lead body."""
    if task.accepting_body is not None and task.accepting_body.pk == task.lead.pk:
        raise TaskRefused(
            gettext("Cơ quan chủ trì không tự nghiệm thu kết quả của mình; chọn cơ quan khác nghiệm thu."),
            code="accepts_its_own",
            field="accepting_body",
        )
    if task.responsible is not None:
        check_person(task.responsible, task.lead, today)


def check_person(person: User, lead: Body, today: date) -> None:
    """Refuse a person who holds no role at the lead body on the day."""
    if person.is_active and RoleHolding.objects.valid_on(today).filter(user=person, body=lead).exists():
        return
    raise TaskRefused(
        gettext("Người này không giữ vai trò nào tại %(body)s; chọn người của cơ quan chủ trì.") % {"body": lead.name},
        code="not_of_the_body",
        field="responsible",
    )


def _check_secrecy(secrecy: str) -> None:
    if secrecy in Secrecy.values:
        return
    raise TaskRefused(
        gettext(
            "Không lưu nhiệm vụ thuộc bí mật nhà nước trên hệ thống này; chỉ ghi số, ký hiệu văn bản "
            "và xử lý theo quy định về bảo vệ bí mật nhà nước."
        ),
        code="state_secret",
        field="secrecy",
    )


def check_deadline(due_on: date | None, assigned_on: date) -> None:
    """Refuse a deadline before the day of assignment."""
    if due_on is not None and due_on < assigned_on:
        raise TaskRefused(
            gettext("Thời hạn %(due)s trước ngày giao %(assigned)s; sửa thời hạn hoặc ngày giao.")
            % {"due": date_format(due_on, "d/m/Y"), "assigned": date_format(assigned_on, "d/m/Y")},
            code="deadline_before_assignment",
            field="due_on",
        )
