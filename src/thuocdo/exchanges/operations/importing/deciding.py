"""What a person says to a list that waits: how its columns are read, yes to it, or no."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.exchanges.lifecycle import STEPS, Stage
from thuocdo.exchanges.models import ImportRun, System
from thuocdo.exchanges.operations.mappings import remember_columns
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.mappings import mapping_body
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .receiving import tell_received


def _locked(actor: Actor, run: ImportRun, to: Stage) -> ImportRun:
    """The import, locked, when it is the actor's own and may go there. Raises NotAllowed, ExchangeRefused."""
    row = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if row.by_user_id != actor.user_id or row.by_label != actor.label:
        raise NotAllowed(actor, Permission.REPORT_PROGRESS)
    if to not in STEPS[Stage(row.stage)]:
        raise ExchangeRefused(
            gettext("Danh sách này đã được quyết định hoặc đang ghi; tải lại trang để xem tình trạng mới nhất."),
            code="not_in_this_stage",
            field="stage",
        )
    return row


@transaction.atomic
def map_columns(
    *, actor: Actor, at: datetime, run: ImportRun, name: str, columns: Mapping[str, int], system: System | None = None
) -> ImportRun:
    """Remember for the actor's body how the headings of this list are read, and look at the list again.

    Raises NotAllowed for whoever manages no exchanges, and ExchangeRefused for columns that make no list.
    """
    row = _locked(actor, run, Stage.RECEIVED)
    table = (row.preview or {}).get("table")
    body = mapping_body(actor)
    if table is None or body is None:
        raise NotAllowed(actor, Permission.MANAGE_EXCHANGES)
    row.mapping = remember_columns(
        actor=actor, at=at, body=body, name=name, headings=table["words"], columns=columns, system=system
    )
    row.stage, row.attempts, row.received_at = Stage.RECEIVED, 0, at
    row.save(update_fields=["mapping", "stage", "attempts", "received_at"])
    tell_received(actor, at, row)
    return row


@transaction.atomic
def agree(
    *, actor: Actor, at: datetime, run: ImportRun, on_error: Literal["refuse_all", "keep_good"], mark: str
) -> ImportRun:
    """Say yes to what was shown: all rows or none, or the good ones. Raises NotAllowed, ExchangeRefused.

    `mark` is that of the plan that the person saw: a yes to another one counts for nothing.
    """
    row = _locked(actor, run, Stage.AGREED)
    if mark != row.mark:
        raise ExchangeRefused(
            gettext("Bảng xem trước đã thay đổi sau khi bạn mở trang; xem lại rồi quyết định."),
            code="has_moved",
            field="mark",
        )
    if row.refused and on_error == "refuse_all":
        raise ExchangeRefused(
            gettext("Còn dòng có lỗi; sửa tệp rồi tải lại, hoặc chọn chỉ ghi các dòng đúng."),
            code="has_errors",
            field="mark",
        )
    row.stage, row.on_error, row.decided_at = Stage.AGREED, on_error, at
    row.attempts, row.reached, row.started_at = 0, 0, None
    row.changed = row.added = row.checked = 0
    row.save()
    append(
        actor=actor.label,
        at=at,
        event=Event.IMPORT_AGREED,
        subject=row.label,
        data={"file": row.digest, "on_error": on_error, "plan": row.mark},
    )
    return row


@transaction.atomic
def discard(*, actor: Actor, at: datetime, run: ImportRun) -> ImportRun:
    """Say no: nothing of the list is written, and what was shown of it is forgotten. Raises NotAllowed."""
    row = _locked(actor, run, Stage.DISCARDED)
    row.stage, row.finished_at, row.preview, row.agreed = Stage.DISCARDED, at, {}, {}
    row.save(update_fields=["stage", "finished_at", "preview", "agreed"])
    append(actor=actor.label, at=at, event=Event.IMPORT_DISCARDED, subject=row.label, data={"file": row.digest})
    return row
