"""What a batch is answered: as before when it came before, else by a row of what was taken and what is wrong."""

from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor
from thuocdo.feeds.files.cells import Wrong
from thuocdo.feeds.files.disk import said_when_full
from thuocdo.feeds.models import Batch, FeedState
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

if TYPE_CHECKING:
    from .checking import Checked


class KeyUsedBefore(ValueError):
    """The idempotency key came before with other content; nothing was written."""


@dataclass(frozen=True, slots=True)
class Landed:
    """The batch as it stands, and whether it had been answered before."""

    batch: Batch
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a batch before anybody reads it."""

    actor: Actor
    at: datetime
    state: FeedState
    door: str
    key: str | None
    digest: str
    size: int
    begun: float


def answered(envelope: Envelope) -> Landed | None:
    """The answer that the same content, or the same key, of the same sender got; raises KeyUsedBefore."""
    mine = Batch.objects.filter(feed=envelope.state, owner=envelope.actor.label).select_related("feed")
    if envelope.key and (batch := mine.filter(idempotency_key=envelope.key).first()):
        if batch.digest != envelope.digest:
            raise KeyUsedBefore(_("Khóa chống gửi trùng này đã dùng cho nội dung khác; hãy dùng khóa mới."))
        return Landed(batch, is_repeated=True)
    batch = mine.filter(digest=envelope.digest, state=Batch.State.LANDED).first()
    return Landed(batch, is_repeated=True) if batch is not None else None


def row_of(
    envelope: Envelope, checked: "Checked | None", moved: dict[int, str], state: str, wrong: Wrong | None = None
) -> Batch:
    """The row of the batch with its report, not saved yet."""
    from .checking import Report

    report = checked.report if checked is not None else Report()
    own = Report(list(report.errors), report.counts.copy(), report.warnings, report.rejected + len(moved))
    if wrong is not None:
        own.add(0, "", wrong.code, wrong.message)
    event_time = envelope.state.declaration.event_time
    for at, period in sorted(moved.items()):
        assert checked is not None  # noqa: S101 (moved rows are rows of what was checked)
        text = _(
            "Sự kiện này đã được ghi ở tháng %(month)s; thời điểm của một sự kiện không đổi được. "
            "Gửi lại với thời điểm cũ, hoặc dùng mã mới."
        )
        own.add(checked.lines[at], event_time, "event_time_moved", text % {"month": period})
    rows = checked.rows if checked is not None else 0
    duplicates = checked.duplicates if checked is not None else 0
    return Batch(
        feed=envelope.state,
        owner=envelope.actor.label,
        door=envelope.door,
        idempotency_key=envelope.key,
        digest=envelope.digest,
        size=envelope.size,
        received_at=envelope.at,
        state=state,
        rows=rows,
        accepted=0,
        rejected=own.rejected,
        duplicates=duplicates,
        errors=own.errors,
        error_counts=dict(own.counts),
        warnings=list(own.warnings.values()),
    )


def refuse(
    envelope: Envelope, checked: "Checked | None", wrong: Wrong | None = None, moved: dict[int, str] | None = None
) -> Landed:
    """Write down a batch of which nothing was taken, with the reasons."""
    batch = row_of(envelope, checked, moved or {}, Batch.State.REFUSED, wrong)
    # Good events of a batch that is refused as a whole are refused with it.
    batch.rejected, batch.duplicates = batch.rows, 0
    batch.milliseconds = since(envelope.begun)
    try:
        with said_when_full(), transaction.atomic():
            batch.save(force_insert=True)
            entry = append(
                actor=envelope.actor.label,
                at=envelope.at,
                event=Event.BATCH_REFUSED,
                subject=batch.label,
                data={"feed": envelope.state.code, "rows": batch.rows, "codes": sorted(batch.error_counts)[:20]},
            )
            batch.ledger = entry.number
            batch.save(update_fields=["ledger"])
    except IntegrityError:
        if before := answered(envelope):
            return before
        raise
    return Landed(batch)


def since(begun: float) -> int:
    """Milliseconds since the beginning."""
    return int((perf_counter() - begun) * 1000)
