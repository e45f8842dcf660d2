"""Recording a batch of measurements: checked as a whole, stored at once, sealed by one ledger entry."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor
from thuocdo.accounts.queries import scope_of
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.indicators.models import Batch, Provenance
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body

from .adding_up import warn_of_parts
from .facts import every_body, indicator_facts, reach_of
from .rows import CheckedRow, Checker, check_rows
from .storing import store_rows
from .superseding import former_rows
from .telling import MOST_TOLD, RecordingResult, RowError, Told

MOST_ROWS = 10_000
# Source systems send more at once.
MOST_ROWS_OF_KEY = 100_000
# Above this many bodies the ledger entry names only their number and peer groups.
MOST_NAMED = 40


class KeyUsedBefore(ValueError):
    """The idempotency key came before with other content; nothing was written."""


def record_measurements(
    *,
    actor: Actor,
    at: datetime,
    rows: Sequence[Mapping[str, Any]],
    source: str = "",
    on_error: Literal["refuse_all", "keep_good"] = "refuse_all",
    idempotency_key: str | None = None,
    request_digest: str = "",
) -> RecordingResult:
    """Record 1 to 10,000 rows (100,000 by a key) of {indicator, body, period, value, state?, kind?, provenance?,
    source?, external_id?, evidence?, unit?, standard_error?, sample_size?, reason?, inherits?}; `source` stands
    for rows that name none.

    With `refuse_all` one bad row refuses the batch; with `keep_good` the good ones are stored. Nothing is
    ever half-written. A repeated idempotency key of the same actor gives the first answer again, or raises
    KeyUsedBefore when its `request_digest` differs. The machine may record more rows at once.
    """
    if idempotency_key and (before := answered(actor, idempotency_key, request_digest)):
        return before
    good, told = check(actor, at, rows, source)
    if told and on_error == "refuse_all":
        good = []
    try:
        with transaction.atomic():
            return write(
                actor=actor, at=at, rows=rows, good=good, told=told,
                idempotency_key=idempotency_key, request_digest=request_digest,
            )  # fmt: skip
    except IntegrityError:
        # Two requests with one key at once: the one that came second gets the answer of the first.
        if idempotency_key and (before := answered(actor, idempotency_key, request_digest)):
            return before
        raise


def check_measurements(
    *, actor: Actor, at: datetime, rows: Sequence[Mapping[str, Any]], source: str = ""
) -> RecordingResult:
    """What recording these rows would answer, keeping the good ones; nothing is written."""
    good, told = check(actor, at, rows, source)
    return _answer(rows, good, told)


def answered(actor: Actor, key: str, request_digest: str) -> RecordingResult | None:
    """The answer that the actor's key of an earlier request got; raises KeyUsedBefore for another content.

    A request that waits to be recorded has none yet: see `landing.landed_before`.
    """
    batch = Batch.objects.filter(owner=actor.label, idempotency_key=key).first()
    if batch is None:
        return None
    if batch.request_digest != request_digest:
        raise KeyUsedBefore(_("Khóa chống gửi trùng này đã dùng cho nội dung khác; hãy dùng khóa mới."))
    return RecordingResult.read(batch.answer)


def check(
    actor: Actor,
    at: datetime,
    rows: Sequence[Mapping[str, Any]],
    source: str,
    *,
    every: Callable[[int], None] | None = None,
) -> tuple[list[CheckedRow], Told]:
    """The rows that can be stored, and what is wrong with the others; nothing is written."""
    # People see all that is wrong with the few rows they enter; machines get a bounded report.
    told = Told(MOST_TOLD if actor.key_id is not None else None)
    if not rows:
        told.add(RowError(0, "rows", "no_rows", _("Không có dòng số liệu nào; gửi ít nhất một dòng.")))
        return [], told
    most = MOST_ROWS if actor.key_id is None else MOST_ROWS_OF_KEY
    if len(rows) > most and not actor.is_machine:
        text = _("Quá %(most)d dòng trong một lần gửi; hãy chia thành nhiều lần.") % {"most": most}
        told.add(RowError(0, "rows", "too_many_rows", text))
        return [], told
    default, bodies = reach_of(actor, rows)
    checker = Checker(
        indicators=indicator_facts(max(actor.on, at.date()), rows),
        bodies=bodies,
        every_body=every_body,
        default_provenance=default,
        default_source=source or actor.label,
        indicators_allowed=scope_of(actor).indicators,
        today=max(actor.on, at.date()),
    )
    good = check_rows(checker, rows, told, every=every)
    if not actor.is_machine:
        warn_of_parts(good, told)
    return good, told


def _answer(rows: Sequence[object], good: Sequence[CheckedRow], told: Told) -> RecordingResult:
    return RecordingResult(
        accepted=len(good),
        rejected=len(rows) - len(good),
        errors=tuple(error.as_plain() for error in told.errors),
        ledger=None,
        counts=dict(told.codes),
        warnings=tuple(warning.as_plain() for warning in told.warnings),
        warned=dict(told.warned),
    )


def write(
    *,
    actor: Actor,
    at: datetime,
    rows: Sequence[Mapping[str, Any]],
    good: list[CheckedRow],
    told: Told,
    idempotency_key: str | None,
    request_digest: str,
    batch: Batch | None = None,
) -> RecordingResult:
    """Store checked rows with their batch (a new one, or the one that was landed) and the entry that seals them.

    Belongs into a transaction: all of it or nothing.
    """
    answer = _answer(rows, good, told)
    if not good and not idempotency_key and batch is None:
        return answer
    periods = sorted({row.chain[2] for row in good})
    peer_groups = sorted({row.peer_group for row in good if row.peer_group})
    batch = batch or Batch(owner=actor.label, idempotency_key=idempotency_key or None, request_digest=request_digest)
    batch.recorded_at = at
    batch.accepted, batch.rejected = answer.accepted, answer.rejected
    batch.status = answer.status
    batch.is_derived = actor.is_machine and any(row.chain[3] == Provenance.DERIVED for row in good)
    batch.peer_groups, batch.periods = peer_groups, periods
    batch.refused = _refused(told) if good else {}
    batch.answer = answer.as_plain()
    batch.save()
    answer = replace(answer, batch=batch.pk)
    if not good:
        batch.answer = answer.as_plain()
        batch.save(update_fields=["answer"])
        return answer
    former = former_rows(good)
    # Cells go to the database as they are, so the time takes its written form here, too.
    recorded_at, number = connection.ops.adapt_datetimefield_value(at), batch.pk
    store_rows([(*row.cells, recorded_at, actor.label, number, former.get(row.chain)) for row in good])
    batch.root = merkle_root([row.seal for row in good])
    entry = append(
        actor=actor.label,
        at=at,
        event=Event.MEASUREMENTS_RECORDED,
        subject=batch.label,
        data={
            "rows": len(good),
            "root": batch.root,
            "derived": batch.is_derived,
            "peer_groups": peer_groups,
            "periods": periods if len(periods) <= MOST_NAMED else [periods[0], periods[-1]],
            **_named_bodies(good),
        },
    )
    batch.ledger = entry.number
    answer = replace(answer, ledger=entry.number)
    batch.answer = answer.as_plain()
    batch.save(update_fields=["root", "ledger", "answer"])
    return answer


def _refused(told: Told) -> dict[str, int]:
    """Refused rows by the code of the body they name; rows that name no known body are nobody's."""
    known = Body.objects.filter(code__in=told.bodies).values_list("code", flat=True)
    return {code: told.bodies[code] for code in known}


def _named_bodies(good: list[CheckedRow]) -> dict[str, Any]:
    bodies = {row.chain[1] for row in good}
    if len(bodies) > MOST_NAMED:
        return {"body_count": len(bodies)}
    codes = sorted(Body.objects.filter(pk__in=bodies).values_list("code", flat=True))
    return {"body_count": len(bodies), "bodies": codes}
