"""A list is taken over: whole in one transaction, or the good rows chunk by chunk, each chunk once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.exchanges.lifecycle import Stage
from thuocdo.exchanges.models import ImportRun, ImportTally, System
from thuocdo.exchanges.operations.identifiers import keep_identifiers
from thuocdo.organisations.models import Body
from thuocdo.tasks.files import Sheet, SheetRefused
from thuocdo.tasks.files.layouts import heading_of
from thuocdo.tasks.operations import Fault, Imported, Plan, write_plan

from .looking import Looked, look_at, marks_of, plain_faults
from .reading import ReadList, importer_of, read_run, require_importer
from .receiving import MOST_ATTEMPTS, MOST_KEPT, refuse, shown_in

# Rows that are written together and are then there, whatever happens to the next ones.
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Written:
    """What one transaction wrote."""

    looked: Looked
    done: Imported
    named: int = 0


def write_agreed(*, at: datetime, number: int) -> ImportRun | None:
    """Write a list that somebody said yes to; None when that has been done.

    The good rows are written chunk by chunk, each with the mark up to where the list is written; all or none in one
    transaction with the mark that it is finished. Killed at any step, whoever comes next goes on from there.
    """
    run = ImportRun.objects.select_related("by_user", "mapping__system", "assigning_body").get(pk=number)
    if run.stage != Stage.AGREED:
        return None
    ImportRun.objects.filter(pk=run.pk, stage=Stage.AGREED).update(started_at=at, attempts=run.attempts + 1)
    with translation.override(run.language):
        if run.attempts >= MOST_ATTEMPTS:
            return refuse(run, at, gettext("Hệ thống không ghi được tệp này sau nhiều lần thử; báo người quản trị."))
        try:
            actor = importer_of(run)
            require_importer(actor)
            read = read_run(run, actor)
            if run.on_error == "keep_good":
                return _in_chunks(run, at, actor, read)
            return _whole(run, at, actor, read)
        except SheetRefused as error:
            return refuse(run, at, str(error))
        except NotAllowed:
            return refuse(run, at, gettext("Bạn không còn quyền ghi danh sách này."))


def _whole(run: ImportRun, at: datetime, actor: Actor, read: ReadList) -> ImportRun | None:
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.stage != Stage.AGREED:
            return None
        looked = look_at(
            actor=actor,
            at=at,
            sheet=read.sheet,
            system=read.system,
            assigning_body=run.assigning_body,
            lock=True,
        )
        if looked.plan.mark != locked.mark or dict(marks_of(looked)) != locked.agreed:
            # Somebody moved a task since it was shown: nothing is written, and it is shown again.
            shown_in(locked, looked, read.sheet)
            locked.stage, locked.planned_at, locked.checked = Stage.PLANNED, at, locked.rows
            locked.message = gettext(
                "Có nhiệm vụ vừa thay đổi sau khi bạn xem; chưa ghi dòng nào, xem lại bảng dưới đây rồi quyết định."
            )
            locked.save()
            return locked
        written = _write(locked, at, actor, looked, read, "refuse_all")
        _count(locked, written)
        _finish(locked, at)
        return locked


def _in_chunks(run: ImportRun, at: datetime, actor: Actor, read: ReadList) -> ImportRun | None:
    while True:
        with transaction.atomic():
            # Whoever comes second waits here, and goes on where the first one left off.
            locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if locked.stage != Stage.AGREED:
                return None
            rows = [row for row in read.sheet.rows if row.number > locked.reached][:CHUNK]
            if not rows:
                _finish(locked, at)
                return locked
            # Only what somebody said yes to; the instance's own command says yes to all of it.
            kept = [row for row in rows if not locked.agreed or str(row.number) in locked.agreed]
            looked = look_at(
                actor=actor,
                at=at,
                sheet=replace(read.sheet, rows=kept, cautions=()),
                system=read.system,
                assigning_body=run.assigning_body,
                lock=True,
            )
            _leave_out_moved(looked, locked.agreed)
            written = _write(locked, at, actor, looked, read, "keep_good")
            _count(locked, written)
            _tell_faults(locked, looked.plan, read.sheet)
            locked.reached, locked.checked = rows[-1].number, locked.checked + len(rows)
            locked.save()


def _leave_out_moved(looked: Looked, agreed: Mapping[str, str]) -> None:
    """Take out the rows that would do something else by now than what was shown."""
    if not agreed:
        return
    plan = looked.plan
    now = marks_of(looked)
    known = {fault.row for fault in plan.faults}
    moved = {int(row) for row, mark in now.items() if mark != agreed.get(row)} - known
    plan.changes = [one for one in plan.changes if one.row not in moved]
    plan.additions = [one for one in plan.additions if one.row not in moved]
    looked.named = {row: value for row, value in looked.named.items() if row not in moved}
    message = gettext("Nhiệm vụ ở dòng này vừa thay đổi sau khi bạn xem nên không ghi; tải danh sách mới rồi sửa lại.")
    plan.faults += [Fault(row, "", "has_moved", message) for row in sorted(moved)]


def _write(
    run: ImportRun,
    at: datetime,
    actor: Actor,
    looked: Looked,
    read: ReadList,
    on_error: Literal["refuse_all", "keep_good"],
) -> Written:
    """Write plan, identifiers and the tally of the bodies, inside the transaction of the caller."""
    plan = looked.plan
    done = write_plan(
        actor=actor,
        at=at,
        plan=plan,
        on_error=on_error,
        assigning_body=run.assigning_body,
        file_digest=run.digest,
    )
    named = _keep_named(looked, done, actor=actor, at=at, system=read.system)
    if done.entry is not None:
        ImportTally.objects.bulk_create(_tallies(run, at, plan, is_reuse=read.is_foreign))
        run.entry = done.entry
    return Written(looked, done, named)


def _keep_named(looked: Looked, done: Imported, *, actor: Actor, at: datetime, system: System | None) -> int:
    if system is None or not looked.named:
        return 0
    tasks = {row: task.pk for row, task in looked.plan.known.items()}
    tasks |= {row: added[0].pk for row, added in done.added.items() if added}
    values = {tasks[row]: value for row, value in looked.named.items() if row in tasks}
    return len(keep_identifiers(actor=actor, at=at, system=system, values=values))


def _tallies(run: ImportRun, at: datetime, plan: Plan, *, is_reuse: bool) -> list[ImportTally]:
    """How many reports and cells came in for each body; a new task's own cells are the order's, not a report's."""
    counted: dict[int, tuple[int, int]] = {}
    for change in plan.changes:
        reports, cells = counted.get(change.task.lead_id, (0, 0))
        counted[change.task.lead_id] = (reports + 1, cells + len(change.differences))
    for one in plan.additions:
        if one.text:
            reports, cells = counted.get(one.description.lead.pk, (0, 0))
            counted[one.description.lead.pk] = (reports + 1, cells + (2 if one.progress else 1))
    return [
        ImportTally(run=run, body_id=body, at=at, reports=reports, cells=cells, is_reuse=is_reuse)
        for body, (reports, cells) in sorted(counted.items())
    ]


def _count(run: ImportRun, written: Written) -> None:
    if written.done.entry is not None:
        run.changed += len(written.looked.plan.changes)
        run.added += sum(len(tasks) for tasks in written.done.added.values())


def _tell_faults(run: ImportRun, plan: Plan, sheet: Sheet) -> None:
    """Keep errors that only writing found, beside those that were shown before."""
    told = run.preview.get("wrong", [])
    known = {one["row"] for one in told}
    new = [fault for fault in plan.faults if fault.row not in known]
    if new:
        run.preview["wrong"] = (
            told
            + [{**one, "heading": heading_of(one["field"])} for one in plain_faults(new, sheet)][
                : max(0, MOST_KEPT - len(told))
            ]
        )
        run.preview["faults"] = run.preview.get("faults", 0) + len(new)
        run.refused += len({fault.row for fault in new})


def _finish(run: ImportRun, at: datetime) -> None:
    """End the import; of what was shown only the errors are kept, for whoever mends them."""
    run.stage, run.finished_at, run.checked = Stage.FINISHED, at, run.rows
    run.preview = {key: value for key, value in run.preview.items() if key in ("wrong", "faults", "named")}
    run.agreed = {}
    run.save()


def import_at_once(
    *,
    actor: Actor,
    at: datetime,
    content: bytes,
    name: str,
    read: ReadList,
    on_error: Literal["refuse_all", "keep_good"] = "refuse_all",
    assigning_body: Body | None = None,
) -> tuple[Plan, ImportRun]:
    """Take a list over in one go, for a command: what was planned, and the import with what was written.

    Killed in between, the good rows that were written stay, and the rest is written when the instance looks for
    what was left behind. Raises NotAllowed.
    """
    require_importer(actor)
    run = ImportRun(
        by_user_id=actor.user_id,
        by_label=actor.label,
        assigning_body=assigning_body,
        file_name=name[:200],
        digest=digest_of_bytes(content),
        size=len(content),
        language=(translation.get_language() or "vi")[:5],
        mapping=read.mapping,
        stage=Stage.AGREED,
        on_error=on_error,
        received_at=at,
        decided_at=at,
    )
    run.address = default_storage.save("", ContentFile(content))
    with transaction.atomic():
        looked = look_at(
            actor=actor, at=at, sheet=read.sheet, system=read.system, assigning_body=assigning_body, lock=True
        )
        shown_in(run, looked, read.sheet)
        run.changed = run.added = 0
        if not (looked.plan.changes or looked.plan.additions or looked.named):
            return looked.plan, run
        if on_error == "refuse_all":
            if not looked.plan.faults:
                run.save()
                _count(run, _write(run, at, actor, looked, read, on_error))
                _finish(run, at)
            return looked.plan, run
        run.save()
    # From here on what is written stays written.
    _in_chunks(run, at, actor, read)
    run.refresh_from_db()
    return looked.plan, run
