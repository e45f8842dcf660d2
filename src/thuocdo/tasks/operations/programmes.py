"""Work programmes: drawn up in versions, approved by a decision; the version in force says which tasks are core."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.engine.canonical import Plain
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import Programme, ProgrammeEntry, ProgrammeVersion, Task
from thuocdo.tasks.queries.lists import visible_to
from thuocdo.tasks.queries.programmes import core_tasks, version_in_force

from .refusals import TaskRefused, require_text


@transaction.atomic
def open_programme(
    *, actor: Actor, at: datetime, code: str, title: str, body: Body, due_on: date | None = None
) -> ProgrammeVersion:
    """Begin a work programme of a body with an empty first version; `due_on` is the day set for its approval."""
    require(actor, Permission.ASSIGN_TASK, body)
    key = "-".join(require_text(nfc(code), "code").split())[:40]
    name = " ".join(require_text(nfc(title), "name").split())[:300]
    if Programme.objects.filter(code=key).exists():
        raise TaskRefused(
            gettext("Đã có chương trình mang mã %(code)s; chọn mã khác.") % {"code": key},
            code="code_taken",
            field="code",
        )
    programme = Programme.objects.create(code=key, title=name, body=body, due_on=due_on)
    version = _version(programme, 1, actor=actor, at=at)
    _tell(version, "opened", actor=actor, at=at)
    return version


@transaction.atomic
def new_version(*, actor: Actor, at: datetime, programme: Programme, note: str = "") -> ProgrammeVersion:
    """A draft with everything that the newest version names; only one draft waits at a time."""
    current = _locked(programme, actor)
    newest = ProgrammeVersion.objects.filter(programme=current).order_by("-number").first()
    if newest is not None and newest.approved_on is None:
        raise TaskRefused(
            gettext("Bản số %(number)s còn là dự thảo; phê duyệt bản đó trước khi lập bản mới.")
            % {"number": newest.number},
            code="draft_waits",
        )
    version = _version(current, (newest.number if newest else 0) + 1, actor=actor, at=at, note=nfc(note).strip())
    if newest is not None:
        ProgrammeEntry.objects.bulk_create(
            [
                ProgrammeEntry(version=version, task_id=row.task_id, position=row.position, is_core=row.is_core)
                for row in ProgrammeEntry.objects.filter(version=newest).order_by("position")
            ]
        )
    _tell(version, "drafted", actor=actor, at=at)
    return version


@transaction.atomic
def put_into_programme(
    *, actor: Actor, at: datetime, version: ProgrammeVersion, tasks: Iterable[Task], is_core: bool = False
) -> list[ProgrammeEntry]:
    """Put tasks into a draft, or say anew whether they are core; one ledger entry."""
    current = _draft(version, actor)
    wanted = list({task.pk: task for task in tasks}.values())
    seen = set(visible_to(actor).filter(pk__in=[task.pk for task in wanted]).values_list("pk", flat=True))
    if not wanted or any(task.pk not in seen for task in wanted):
        raise TaskRefused(
            gettext("Không tìm thấy nhiệm vụ này; nhập mã dạng NV-2026-000123."), code="task_unknown", field="tasks"
        )
    last = ProgrammeEntry.objects.filter(version=current).aggregate(last=Max("position"))["last"] or 0
    rows = []
    for task in wanted:
        row = ProgrammeEntry.objects.filter(version=current, task=task).first()
        if row is None:
            last += 1
            row = ProgrammeEntry(version=current, task=task, position=last)
        row.is_core = is_core
        row.save()
        rows.append(row)
    codes = sorted(task.code for task in wanted)
    _tell(current, "filled", actor=actor, at=at, data={"tasks": codes[:50], "number": len(codes), "core": is_core})
    return rows


@transaction.atomic
def take_out_of_programme(*, actor: Actor, at: datetime, version: ProgrammeVersion, task: Task) -> ProgrammeVersion:
    """Take a task out of a draft; versions before keep it."""
    current = _draft(version, actor)
    ProgrammeEntry.objects.filter(version=current, task=task).delete()
    _tell(current, "emptied", actor=actor, at=at, data={"tasks": [task.code]})
    return current


@transaction.atomic
def approve_version(
    *, actor: Actor, at: datetime, version: ProgrammeVersion, decision_number: str, approved_on: date
) -> ProgrammeVersion:
    """Approve a draft by a decision of a day: it is in force, and what it names as core is core from now on."""
    current = _draft(version, actor)
    number = require_text(nfc(decision_number), "decision_number")[:80]
    if approved_on > localdate(at):
        raise TaskRefused(
            gettext("Ngày quyết định ở sau hôm nay; sửa lại ngày."), code="in_future", field="approved_on"
        )
    before = version_in_force(current.programme)
    if before is not None and before.approved_on is not None and approved_on < before.approved_on:
        raise TaskRefused(
            gettext("Ngày quyết định trước ngày của bản đang có hiệu lực; sửa lại ngày."),
            code="before_version_in_force",
            field="approved_on",
        )
    if not ProgrammeEntry.objects.filter(version=current).exists():
        raise TaskRefused(
            gettext("Bản này chưa có nhiệm vụ nào; đưa nhiệm vụ vào rồi phê duyệt."),
            code="empty_version",
            field="tasks",
        )
    current.decision_number, current.approved_on = number, approved_on
    current.save(update_fields=["decision_number", "approved_on"])
    touched = ProgrammeEntry.objects.filter(version__programme=current.programme).values("task")
    core = core_tasks()
    Task.objects.filter(pk__in=touched).filter(core).update(is_core=True)
    Task.objects.filter(pk__in=touched).exclude(core).update(is_core=False)
    _tell(current, "approved", actor=actor, at=at, data={"approved_on": approved_on})
    return current


def _version(programme: Programme, number: int, *, actor: Actor, at: datetime, note: str = "") -> ProgrammeVersion:
    return ProgrammeVersion.objects.create(programme=programme, number=number, at=at, by_label=actor.label, note=note)


def _locked(programme: Programme, actor: Actor) -> Programme:
    current = Programme.objects.select_for_update(of=("self",)).select_related("body").get(pk=programme.pk)
    require(actor, Permission.ASSIGN_TASK, current.body)
    return current


def _draft(version: ProgrammeVersion, actor: Actor) -> ProgrammeVersion:
    """The version, locked with its programme; raises TaskRefused for one that is approved."""
    _locked(version.programme, actor)
    current = ProgrammeVersion.objects.select_related("programme").get(pk=version.pk)
    if current.approved_on is not None:
        raise TaskRefused(
            gettext("Bản này đã được phê duyệt nên không sửa được; lập bản mới từ bản này."), code="approved_already"
        )
    return current


def _tell(
    version: ProgrammeVersion, act: str, *, actor: Actor, at: datetime, data: dict[str, Plain] | None = None
) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.PROGRAMME_CHANGED,
        subject=f"programme:{version.programme_id}",
        data={"programme": version.programme.code, "version": version.number, "act": act, **(data or {})},
    )
