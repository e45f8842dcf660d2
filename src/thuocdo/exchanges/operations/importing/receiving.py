"""A list arrives: kept at once, looked at row by row, and shown; nothing of it is written yet."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, ngettext

from thuocdo.accounts.permissions import Actor, NotAllowed
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.exchanges.lifecycle import Stage
from thuocdo.exchanges.models import ImportRun
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.files import HeadingsUnknown, Sheet, SheetRefused, Table
from thuocdo.tasks.files.layouts import heading_of
from thuocdo.tasks.operations import Addition, Change

from .looking import Looked, look_at, marks_of, plain_faults
from .reading import importer_of, read_list, read_run, require_importer

# Lists of so many rows are looked at and written while the person waits; longer ones by a job.
SMALL = 500
# So many rows of each kind are shown; all of them are taken over. So many errors are kept to be fetched.
MOST_SHOWN = 200
MOST_KEPT = 5_000
MOST_ATTEMPTS = 5


def receive_list(
    *, actor: Actor, at: datetime, content: bytes, name: str, assigning_body: Body | None = None
) -> ImportRun:
    """Keep a list as it came and promise to look at it. Raises NotAllowed, and SheetRefused for what is no list.

    A table whose headings are unknown is kept, too: its columns wait for a person.
    """
    require_importer(actor)
    table: Table | None = None
    rows, mapping = 0, None
    try:
        found = read_list(actor, content, name)
        rows, mapping = len(found.sheet.rows), found.mapping
        if not rows:
            raise SheetRefused(gettext("Danh sách không có dòng nào; kiểm tra lại tệp rồi tải lên."))
    except HeadingsUnknown as unknown:
        table = unknown.table
    address = default_storage.save("", ContentFile(content))
    with transaction.atomic():
        run = ImportRun.objects.create(
            by_user_id=actor.user_id,
            by_label=actor.label,
            assigning_body=assigning_body,
            file_name=name[:200],
            address=address,
            digest=digest_of_bytes(content),
            size=len(content),
            language=(translation.get_language() or "vi")[:5],
            mapping=mapping,
            stage=Stage.RECEIVED if table is None else Stage.COLUMNS,
            rows=rows,
            preview={} if table is None else {"table": plain_table(table)},
            received_at=at,
        )
        tell_received(actor, at, run)
    return run


def tell_received(actor: Actor, at: datetime, run: ImportRun) -> None:
    """The entry from which the job of looking follows."""
    append(
        actor=actor.label,
        at=at,
        event=Event.IMPORT_RECEIVED,
        subject=run.label,
        data={"file": run.digest, "bytes": run.size, "rows": run.rows},
    )


def plain_table(table: Table) -> dict[str, Any]:
    """What a person needs to map columns, as plain values."""
    return {
        "words": list(table.words),
        "samples": [list(row) for row in table.samples],
        "proposed": dict(table.proposed),
        "digest": table.digest,
    }


def plan_received(*, at: datetime, number: int) -> ImportRun | None:
    """Look at a list that was received and keep what it would do; None when that has been done.

    Writes nothing but the plan: killed at any step it is done again from the start.
    """
    run = ImportRun.objects.select_related("by_user", "mapping__system", "assigning_body").get(pk=number)
    if run.stage != Stage.RECEIVED:
        return None
    ImportRun.objects.filter(pk=run.pk, stage=Stage.RECEIVED).update(
        started_at=at, attempts=run.attempts + 1, checked=0
    )
    with translation.override(run.language):
        if run.attempts >= MOST_ATTEMPTS:
            return refuse(run, at, gettext("Hệ thống không xem được tệp này sau nhiều lần thử; báo người quản trị."))
        actor = importer_of(run)
        try:
            require_importer(actor)
            read = read_run(run, actor)
            looked = look_at(
                actor=actor,
                at=at,
                sheet=read.sheet,
                system=read.system,
                assigning_body=run.assigning_body,
                every=_progress(run),
            )
        except SheetRefused as error:
            return refuse(run, at, str(error))
        except NotAllowed:
            return refuse(run, at, gettext("Bạn không còn quyền nhập danh sách này."))
        with transaction.atomic():
            locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
            if locked.stage != Stage.RECEIVED:
                return None
            locked.mapping = read.mapping
            shown_in(locked, looked, read.sheet)
            locked.stage, locked.planned_at, locked.checked = Stage.PLANNED, at, locked.rows
            locked.save()
            return locked


def _progress(run: ImportRun) -> Callable[[int], None]:
    def tell(checked: int) -> None:
        ImportRun.objects.filter(pk=run.pk).update(checked=checked)

    return tell


@transaction.atomic
def refuse(run: ImportRun, at: datetime, message: str) -> ImportRun:
    """End an import of which nothing more can come, with the reason."""
    locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    locked.stage, locked.message, locked.finished_at = Stage.REFUSED, message, at
    locked.preview = {key: value for key, value in locked.preview.items() if key in ("wrong", "faults")}
    locked.save(update_fields=["stage", "message", "finished_at", "preview"])
    return locked


def shown_in(run: ImportRun, looked: Looked, sheet: Sheet) -> None:
    """Put into the import what a page shows of its plan, and what a yes to it would mean."""
    plan = looked.plan
    run.rows = len(sheet.rows)
    run.changed, run.added = len(plan.changes), len(plan.additions)
    run.unchanged, run.refused = plan.unchanged, plan.bad_rows
    run.agreed, run.mark = dict(marks_of(looked)), plan.mark
    wrong = plain_faults(plan.faults[:MOST_KEPT], sheet)
    run.preview = {
        "wrong": [{**one, "heading": heading_of(one["field"])} for one in wrong],
        "faults": len(plan.faults),
        "changed": [_changed(one) for one in plan.changes[:MOST_SHOWN]],
        "added": [_added(one) for one in plan.additions[:MOST_SHOWN]],
        "named": len(looked.named),
        "cautions": list(plan.cautions),
        "table": plain_table(sheet.table) if sheet.table is not None else None,
    }


def _changed(change: Change) -> dict[str, Any]:
    return {
        "row": change.row,
        "code": change.task.code,
        "title": change.task.title[:160],
        "accepts": change.accepts,
        "cells": [
            {"heading": heading_of(one.field), "before": one.before[:300], "after": one.after[:300]}
            for one in change.differences
        ],
    }


def _added(addition: Addition) -> dict[str, Any]:
    description = addition.description
    lead = description.lead.name
    if addition.bodies:
        lead = ngettext("%(count)s cơ quan", "%(count)s cơ quan", len(addition.bodies)) % {
            "count": len(addition.bodies)
        }
    return {
        "row": addition.row,
        "title": description.title[:160],
        "lead": lead,
        "deadline": description.deadline_raw,
        "notes": list(addition.notes),
    }
