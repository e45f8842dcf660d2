"""Samples of declared values to verify: drawn with known chances, checked by outsiders, closed with an error rate."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, require, require_anywhere
from thuocdo.engine.calendars import Period
from thuocdo.engine.quality.gaps import gap
from thuocdo.engine.quality.gaps_sampling import chances, draw
from thuocdo.engine.spelling import nfc
from thuocdo.evaluations.lifecycle import Kind, Outcome
from thuocdo.evaluations.models import Finding, Sample, SampleUnit
from thuocdo.evaluations.queries.frame import frame_of
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.ledger.queries import entry_by_number, newest_number

from .acting import LONGEST_TEXT
from .refusals import EvaluationRefused
from .settling import CHUNK, Observed, settle, weight

MOST_UNITS = 500


@transaction.atomic
def draw_sample(*, actor: Actor, at: datetime, period: Period, size: int, random_part: float = 0.3) -> Sample:
    """Draw `size` declared values of the period that nobody has verified, of bodies that the actor may verify.

    The seed is the digest of the ledger's newest entry: nobody knows it before, anybody can look it up afterwards.
    """
    require_anywhere(actor, Permission.VERIFY_FINDING)
    if not 1 <= size <= MOST_UNITS:
        raise EvaluationRefused(
            gettext("Số mẫu phải từ 1 đến %(most)s.") % {"most": MOST_UNITS}, code="size", field="size"
        )
    if not 0 < random_part <= 1:
        raise EvaluationRefused(
            gettext("Phần chọn ngẫu nhiên phải lớn hơn 0 và không quá 100%."), code="random_part", field="random_part"
        )
    frame = frame_of(actor, period)
    if not frame:
        raise EvaluationRefused(
            gettext("Kỳ này không có số liệu tự khai nào chưa được kiểm chứng; chọn kỳ khác."),
            code="empty_frame",
            field="period",
        )
    probabilities = chances(frame, number=size, random_part=random_part)
    entry = entry_by_number(newest_number())
    seed = entry.digest if entry is not None else hashlib.sha256(b"").hexdigest()
    drawn = draw(probabilities, seed=seed)
    sample = Sample.objects.create(
        period=period.label,
        seed=seed,
        size=len(drawn),
        random_part=random_part,
        frame_size=len(frame),
        frame_digest=_digest(probabilities.items()),
        drawn_at=at,
        drawn_by=actor.label,
    )
    SampleUnit.objects.bulk_create(
        [
            SampleUnit(sample=sample, measurement_id=one.key, risk=frame[one.key], probability=one.probability)
            for one in drawn
        ],
        batch_size=CHUNK,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.SAMPLE_DRAWN,
        subject=sample.label,
        data={
            "period": period.label,
            "size": len(drawn),
            "frame": len(frame),
            "frame_digest": sample.frame_digest,
            "seed": seed,
        },
    )
    return sample


@transaction.atomic
def check_value(
    *,
    actor: Actor,
    at: datetime,
    unit: SampleUnit,
    found_value: Decimal | None,
    note: str = "",
    is_impossible: bool = False,
) -> SampleUnit:
    """Record what verifying a value gave; right or wrong follows from the tolerance, not from anybody's word.

    A wrong value opens a finding; until the sample is closed, checking again replaces what was said before.
    """
    current = (
        SampleUnit.objects.select_for_update(of=("self",))
        .select_related("sample", "measurement__indicator", "measurement__body")
        .get(pk=unit.pk)
    )
    measurement = current.measurement
    indicator, body = measurement.indicator, measurement.body
    require(actor, Permission.VERIFY_FINDING, body)
    if current.sample.closed_at is not None:
        raise EvaluationRefused(
            gettext("Đợt kiểm tra mẫu đã khép lại nên không ghi thêm được; chọn mẫu mới để kiểm tra tiếp."),
            code="closed",
            field="sample",
        )
    text = nfc(note).strip()
    if len(text) > LONGEST_TEXT:
        raise EvaluationRefused(
            gettext("Nội dung dài quá %(most)s ký tự; rút ngắn hoặc gửi kèm văn bản.") % {"most": LONGEST_TEXT},
            code="too_long",
            field="note",
        )
    if is_impossible:
        if not text:
            raise EvaluationRefused(
                gettext("Chưa nêu vì sao không kiểm tra được; ghi lý do vào ô ghi chú."), code="no_words", field="note"
            )
        found_value = None
    elif found_value is None:
        raise EvaluationRefused(
            gettext("Chưa có giá trị kiểm tra được; nhập số hoặc đánh dấu không kiểm tra được."),
            code="no_value",
            field="found_value",
        )
    off = None
    if found_value is not None and measurement.value is not None:
        off = gap(measurement.value, found_value, tolerance=indicator.tolerance, direction=indicator.direction)
    current.outcome = Outcome.IMPOSSIBLE if found_value is None else Outcome.WRONG if off else Outcome.RIGHT
    current.found_value, current.note, current.checked_at, current.checked_by = found_value, text, at, actor.label
    current.save()
    cause = f"checked:{current.pk}"
    observed = []
    if off is not None:
        observed.append(
            Observed(
                cause=cause,
                kind=Kind.CHECKED,
                body_id=body.pk,
                indicator_id=indicator.pk,
                period=measurement.period,
                size=off.size,
                sign=off.sign,
                tolerance=indicator.tolerance,
                in_tolerances=off.in_tolerances,
                is_flattering=off.is_flattering,
                claimed_value=measurement.value,
                stronger_value=found_value,
                claimed_id=measurement.pk,
                facts={"sample": current.sample_id, "unit": current.pk},
                risk=weight(off.in_tolerances, off.is_flattering),
            )
        )
    among = Finding.objects.filter(cause=cause)
    settle(observed, among=among, actor=actor, at=at, subject=current.sample.label)
    append(
        actor=actor.label,
        at=at,
        event=Event.SAMPLE_CHECKED,
        subject=current.sample.label,
        data={"unit": current.pk, "outcome": current.outcome, "body": body.code, "indicator": indicator.code},
    )
    return current


@transaction.atomic
def close_sample(*, actor: Actor, at: datetime, sample: Sample) -> Sample:
    """No more results: the error rate stands as it is published. Whoever may verify all bodies of it may close it."""
    current = Sample.objects.select_for_update().get(pk=sample.pk)
    for row in current.units.select_related("measurement__body"):
        require(actor, Permission.VERIFY_FINDING, row.measurement.body)
    if current.closed_at is not None:
        raise EvaluationRefused(gettext("Đợt kiểm tra mẫu đã khép lại."), code="closed", field="sample")
    if not current.units.exclude(outcome=Outcome.WAITING).exists():
        raise EvaluationRefused(
            gettext("Chưa kiểm tra giá trị nào; ghi ít nhất một kết quả trước khi khép lại."),
            code="nothing_checked",
            field="sample",
        )
    current.closed_at = at
    current.save(update_fields=["closed_at"])
    append(actor=actor.label, at=at, event=Event.SAMPLE_CLOSED, subject=current.label, data={"period": current.period})
    return current


def _digest(probabilities: Iterable[tuple[int, float]]) -> str:
    """SHA-256 over the numbers of all values of the frame with their chances, by number."""
    digest = hashlib.sha256()
    for number, chance in sorted(probabilities):
        digest.update(f"{number}:{chance!r}\n".encode())
    return digest.hexdigest()
