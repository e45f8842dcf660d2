"""Figures, dates and names as the reader's language writes them; missing is not zero."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from tests.world import World
from thuocdo.web.design import figures


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize(
    ("written", "vietnamese", "english"),
    [
        (lambda: figures.number(1234567.5), "1.234.567,5", "1,234,567.5"),
        (lambda: figures.number(Decimal("12.30")), "12,30", "12.30"),
        (lambda: figures.measured(Decimal("0E-8")), "0", "0"),
        (lambda: figures.measured(Decimal("1200.50000000")), "1.200,5", "1,200.5"),
        (lambda: figures.number(66.666667, 2), "66,67", "66.67"),
        (lambda: figures.points(49.365), "49,37", "49.37"),
        (lambda: figures.number(-3), "−3", "−3"),
        (lambda: figures.number(1e-7), "0,0000001", "0.0000001"),
        (lambda: figures.points(62.4), "62,40", "62.40"),
        (lambda: figures.percent(62.44), "62,4%", "62.4%"),
        (lambda: figures.share(0.624), "62,4%", "62.4%"),
        (lambda: figures.signed(1.25), "+1,25", "+1.25"),
        (lambda: figures.signed(-0.3), "−0,30", "−0.30"),
        (lambda: figures.billions(1_234_500_000_000), "1.234,5 tỷ đồng", "VND 1,234.5 billion"),
        (lambda: figures.in_full(1_234_500_000), "1.234.500.000 đồng", "VND 1,234,500,000"),
        (lambda: figures.period("2026-Q3"), "Quý III/2026", "Q3 2026"),
        (lambda: figures.day(date(2026, 9, 14)), "14/09/2026", "14/09/2026"),
        (lambda: figures.days_left(3), "còn 3 ngày làm việc", "3 working days left"),
        (lambda: figures.days_left(1), "còn 1 ngày làm việc", "1 working day left"),
        (lambda: figures.days_left(-12), "quá hạn 12 ngày làm việc", "12 working days overdue"),
        (lambda: figures.days_left(0), "hôm nay là hạn cuối", "due today"),
        (lambda: figures.source_named("Biểu nhập số liệu"), "Biểu nhập số liệu", "Data entry form"),
        (
            lambda: figures.source_named("Đánh giá độc lập (KHXH)"),
            "Đánh giá độc lập (KHXH)",
            "Independent assessment (KHXH)",
        ),
        (lambda: figures.source_named("Niên giám (2025)"), "Niên giám (2025)", "Niên giám (2025)"),
        (lambda: figures.titled({"vi": "Kỷ cương", "en": "Discipline"}), "Kỷ cương", "Discipline"),
    ],
)
def test_each_language_writes_in_its_own_way(written, vietnamese, english, language) -> None:  # type: ignore[no-untyped-def]
    with translation.override(language):
        assert written() == (vietnamese if language == "vi" else english)


def test_times_are_those_of_viet_nam() -> None:
    at = datetime(2026, 9, 13, 17, 30, 15, tzinfo=UTC)
    assert figures.moment(at) == "00:30 14/09/2026"
    assert figures.day(at) == "14/09/2026"
    assert figures.ledger_time(at) == "14/09/2026 00:30:15 (UTC+7)"


@pytest.mark.parametrize(
    "write",
    [figures.number, figures.points, figures.percent, figures.share, figures.signed, figures.billions,
     figures.measured, figures.day, figures.moment, figures.period, figures.named, figures.titled],
)  # fmt: skip
def test_what_is_missing_is_a_dash_and_never_a_zero(write) -> None:  # type: ignore[no-untyped-def]
    assert write(None) == "–"


def test_a_body_is_named_in_the_language_of_the_page(world: World) -> None:
    justice = world.body("BTP")
    assert (figures.named(justice), figures.short_named(justice)) == ("Bộ Tư pháp", "Tư pháp")
    with translation.override("en"):
        assert figures.named(justice) == figures.short_named(justice) == "Ministry of Justice"
