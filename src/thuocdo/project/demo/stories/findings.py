"""Where reports and reality differ: findings in every state, and a sample that was drawn, checked and closed."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import localdate

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import machine
from thuocdo.engine.calendars import parse_period, quarter_of
from thuocdo.evaluations.models import Finding, Sample
from thuocdo.evaluations.operations import (
    answer,
    assign_owner,
    check_value,
    close_sample,
    compare,
    confirm,
    draw_sample,
    refute,
)
from thuocdo.indicators.operations import record_measurements
from thuocdo.organisations.models import Body
from thuocdo.project.demo.traits import chance

from .stage import EVALUATOR, Acts, Stage

# Bodies of shown accounts first: whoever signs in as them sees what was asked of them.
SHOWN = ("BTP", "22")
# Days after which nobody sends a period's figures again.
SETTLED = 60
SAMPLE_SIZE = 12
WRONG = {2, 7}
IMPOSSIBLE = 10


def findings(stage: Stage) -> Acts:
    """Of the gaps the machine found, one is being verified, one answered, others judged or mended; most wait."""
    at = yield -12
    compare(actor=machine("comparison", localdate(at)), at=at)
    chosen = _gaps(stage.day(-SETTLED))
    verifying, answered, confirmed, refuted, mended = (next(chosen) for _ in range(5))
    at = yield -11
    for finding in (verifying, answered, confirmed, mended):
        assign_owner(
            actor=stage.actor(EVALUATOR, at), at=at, finding=finding, owner=_reporter(stage, finding.body, at),
            answer_by=stage.day(4), note="Đối chiếu với bảng kết xuất gốc của hệ thống.",
        )  # fmt: skip
    refute(
        actor=stage.actor(EVALUATOR, at), at=at, finding=refuted,
        text="Hệ thống nguồn tính cả hồ sơ rút theo đề nghị của người nộp; theo định nghĩa thì không tính.",
    )  # fmt: skip
    at = yield -7
    for finding, text in (
        (answered, "Bộ phận một cửa tính cả hồ sơ nộp lại sau khi bổ sung. Xin ý kiến về cách tính."),
        (confirmed, "Số khai lấy từ báo cáo tay của các phòng, chưa đối chiếu với hệ thống."),
        (mended, "Đã rà soát: số khai nhầm kỳ, sẽ ghi lại theo số của hệ thống."),
    ):
        answer(actor=stage.focal(finding.body.code, at), at=at, finding=finding, text=text)
    at = yield -6
    confirm(
        actor=stage.actor(EVALUATOR, at), at=at, finding=confirmed,
        text="Đối chiếu danh sách hồ sơ: 14 hồ sơ quá hạn bị bỏ sót trong báo cáo tay.",
    )  # fmt: skip
    at = yield -5
    _mend(stage, mended, at)
    compare(actor=machine("comparison", localdate(at)), at=at)


def a_sample(stage: Stage) -> Acts:
    """Twelve declared values of the last quarter are checked by the evaluator; the error rate is published."""
    at = yield -10
    period = quarter_of(stage.day(-10)).previous()
    sample = draw_sample(actor=stage.actor(EVALUATOR, at), at=at, period=period, size=SAMPLE_SIZE)
    at = yield -4
    _check(stage, sample, at)
    at = yield -3
    close_sample(actor=stage.actor(EVALUATOR, at), at=at, sample=sample)


def _gaps(settled: date) -> Iterator[Finding]:
    """Open gaps of periods whose figures are settled, those of the bodies shown first, of each body one."""
    found = Finding.objects.filter(state="open", kind="gap").select_related("body", "indicator")
    settled_ones = [one for one in found if parse_period(one.period).end < settled]
    seen: set[int] = set()
    for finding in sorted(settled_ones, key=lambda one: (one.body.code not in SHOWN, -one.size, one.pk)):
        if finding.body_id not in seen:
            seen.add(finding.body_id)
            yield finding


def _reporter(stage: Stage, body: Body, at: datetime) -> User:
    return User.objects.get(pk=stage.focal(body.code, at).user_id or 0)


def _mend(stage: Stage, finding: Finding, at: datetime) -> None:
    """The body tells its figure anew, as its own system has it."""
    assert finding.indicator is not None  # noqa: S101 (a gap is one of an indicator)
    claimed = finding.claimed
    assert claimed is not None  # noqa: S101
    row = {
        "indicator": finding.indicator.code, "body": finding.body.code, "period": finding.period,
        "value": str(finding.stronger_value), "provenance": "declared", "source": claimed.source,
        "kind": claimed.kind, "reason": "Khai nhầm kỳ",
    }  # fmt: skip
    result = record_measurements(actor=stage.focal(finding.body.code, at), at=at, rows=[row])
    if result.errors:
        raise RuntimeError(f"A mended figure was refused: {result.errors[0]}")


def _check(stage: Stage, sample: Sample, at: datetime) -> None:
    draw = chance("sample", sample.period)
    units = sample.units.select_related("measurement__indicator").order_by("pk")
    for place, unit in enumerate(units):
        value = unit.measurement.value
        if place == IMPOSSIBLE or value is None:
            check_value(
                actor=stage.actor(EVALUATOR, at), at=at, unit=unit, found_value=None, is_impossible=True,
                note="Cơ quan không còn giữ hồ sơ gốc của kỳ này.",
            )  # fmt: skip
            continue
        off = Decimal(draw.randint(8, 15)) + unit.measurement.indicator.tolerance if place in WRONG else Decimal(0)
        check_value(
            actor=stage.actor(EVALUATOR, at), at=at, unit=unit, found_value=max(Decimal(0), value - off),
            note="Đếm lại trên danh sách gốc." if off else "",
        )  # fmt: skip
