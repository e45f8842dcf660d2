"""Figures at the desk of a province: indicators of its own, a value that came back and was mended, one that waits."""

from datetime import datetime
from typing import Any

from thuocdo.engine.calendars import Period, month_of
from thuocdo.indicators.models import Indicator, Submission
from thuocdo.indicators.operations import keep_indicator
from thuocdo.indicators.operations.entering import return_figure, submit_figures
from thuocdo.project.demo.people import PROVINCE

from .stage import OFFICE, Acts, Stage

SOURCE = "Biểu nhập số liệu"
_MONTHLY: dict[str, Any] = {"direction": 1, "comparator": ">=", "lower": "0", "frequency": "month", "due_days": 45}
OWN: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "diem_ho_tro",
        {
            "title": "Số xã, phường có điểm hỗ trợ dịch vụ công trực tuyến",
            "definition": "Đếm số xã, phường có điểm hỗ trợ mở cửa ít nhất năm ngày mỗi tuần.",
            "unit": "xã, phường", "target": "96", **_MONTHLY,
        },
    ),
    (
        "to_cong_nghe_so",
        {
            "title": "Số tổ công nghệ số cộng đồng hoạt động trong tháng",
            "definition": "Đếm số tổ có ít nhất một buổi hỗ trợ người dân trong tháng, theo sổ của tổ.",
            "unit": "tổ", **_MONTHLY,
        },
    ),
)  # fmt: skip


def a_value_comes_back(stage: Stage) -> Acts:
    """The month before last: one value is given back and mended. Last month: one is given back and waits."""
    last = month_of(stage.days.today).previous()
    at = yield -12
    kept = [
        keep_indicator(actor=stage.focal(PROVINCE, at), at=at, body=stage.body(PROVINCE), fields=fields, short=short)
        for short, fields in OWN
    ]
    at = yield -11
    _hand_in(stage, at, last.previous(), kept, "78", "4310")
    at = yield -10
    _give_back(stage, at, last.previous(), kept[1], "Số này gồm cả tổ chưa hoạt động; chỉ đếm tổ có sổ trong tháng.")
    at = yield -9
    _hand_in(stage, at, last.previous(), kept[1:], "1284")
    at = yield -4
    _hand_in(stage, at, last, kept, "84", "1312")
    at = yield -2
    _give_back(stage, at, last, kept[0], "Kèm danh sách 6 xã, phường mới mở điểm hỗ trợ so với tháng trước.")


def _hand_in(stage: Stage, at: datetime, month: Period, indicators: list[Indicator], *values: str) -> None:
    rows = [
        {"indicator": one.code, "body": PROVINCE, "period": month.label, "value": value, "source": SOURCE}
        for one, value in zip(indicators, values, strict=True)
    ]
    result = submit_figures(actor=stage.focal(PROVINCE, at), at=at, rows=rows)
    if result.errors:
        raise RuntimeError(f"An invented figure was refused: {result.errors[0]}")


def _give_back(stage: Stage, at: datetime, month: Period, indicator: Indicator, message: str) -> None:
    submission = Submission.objects.get(body=stage.body(PROVINCE), period=month.label)
    return_figure(
        actor=stage.actor(OFFICE, at), at=at, submission=submission, indicator=indicator, message=message
    )  # fmt: skip
