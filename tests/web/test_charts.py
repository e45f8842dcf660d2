"""Charts: every province on the map with both archipelagos, links that stay at home, colours of the theme."""

import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import caches
from django.utils import translation

from thuocdo.web.charts import drawing, province_map
from thuocdo.web.charts.bars import Bar, bars
from thuocdo.web.charts.dot_plot import Dot, dot_plot
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.charts.target_path import Reading, target_path
from thuocdo.web.charts.trend import Series, trend

CODES = [feature["properties"]["code"] for feature in province_map._features()]
BANDS = (50, 65, 80, 90)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    caches["default"].clear()


def _map(values: dict[str, float | None]) -> Drawing:
    return province_map.province_map(
        values,
        title="Điểm chung",
        bands=BANDS,
        unit="điểm",
        addresses={code: f"/co-quan/{code}/" for code in values},
    )


def _links(svg: str) -> dict[str, str]:
    return dict(re.findall(r'<a [^>]*?href="([^"]*)"[^>]*?aria-label="([^"]*)"', svg))


def test_the_map_shows_34_provinces_each_a_link_and_both_archipelagos_by_name() -> None:
    shown = _map(dict.fromkeys(CODES, 70.0))
    assert len(CODES) == 34
    assert set(_links(shown.svg)) == {f"/co-quan/{code}/" for code in CODES}
    assert _links(shown.svg)["/co-quan/48/"] == "Thành phố Đà Nẵng: 70,0 điểm"
    assert "Quần đảo Hoàng Sa" in shown.svg
    assert "Quần đảo Trường Sa" in shown.svg
    # The archipelagos are drawn where they are: far to the east of the mainland's easternmost point.
    places = [float(x) for x in re.findall(r'transform="translate\(([\d.]+),[\d.]+\)"[^>]*>Quần đảo', shown.svg)]
    assert len(places) == 2
    assert min(places) > 250


def test_a_province_without_a_value_is_not_the_lowest() -> None:
    shown = _map({code: (None if code == "01" else 49.0) for code in CODES})
    assert "Thành phố Hà Nội: chưa có số liệu" in shown.svg
    assert shown.svg.count("var(--missing)") == 1
    assert [key.words for key in shown.keys] == [
        "dưới 50", "50–65", "65–80", "80–90", "từ 90 điểm", "chưa có số liệu",
    ]  # fmt: skip
    assert shown.rows[-1] == ("Thành phố Hà Nội", "–")


@pytest.mark.parametrize(
    ("value", "step"), [(0, 1), (49.99, 1), (50, 2), (64.9, 2), (65, 3), (80, 4), (90, 5), (100, 5)]
)
def test_the_bound_belongs_to_the_upper_band(value: float, step: int) -> None:
    shown = _map({"96": value})
    assert f"var(--step-{step})" in shown.svg


def _examples() -> list[Drawing]:
    days = [date(2026, month, 1) for month in (1, 4, 7)]
    return [
        _map({"01": 91.0, "04": 55.0}),
        dot_plot(
            [Dot("Hà Nội", 91.3, 89, 93, "/co-quan/01/", "hạng 1–2", 1), Dot("Huế", 88.0, 85, 92, group=1)],
            title="Điểm",
            unit="điểm",
            reference=(72, "trung vị"),
        ),
        target_path([Reading(day, 40 + n, 41 + n, 39.5) for n, day in enumerate(days)], title="Đường đích", unit="%"),
        trend([Series("Bộ Tư pháp", [(day, n * 1.5) for n, day in enumerate(days)])], title="Diễn biến"),
        bars([Bar("Kết quả", 1.9, "/a/"), Bar("Niềm tin", -0.7)], title="Vì sao", decimals=2, is_difference=True),
    ]


@pytest.mark.parametrize("place", range(5))
def test_a_drawing_takes_its_colours_from_the_theme_and_leads_nowhere_else(place: int) -> None:
    shown = _examples()[place]
    ElementTree.fromstring(shown.svg)  # noqa: S314 (our own)
    assert not re.search(r'(?:fill|stroke)="(?:#|rgb|white|black)', shown.svg)
    assert not re.search(r'href="(?!/)', shown.svg)
    assert "invalid" not in shown.svg + shown.plain
    assert "vega-datasets" not in shown.svg + shown.plain
    assert f'aria-label="{shown.title}"' in shown.svg
    assert len(shown.rows) > 1
    assert all(len(row) == len(shown.headings) for row in shown.rows)


def test_the_map_is_light_enough_for_a_page() -> None:
    assert len(_map(dict.fromkeys(CODES, 70.0)).svg) < 45_000


def test_a_drawing_is_made_once_for_the_same_figures_and_language(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    really = drawing._made

    def make(chart: Any, language: str) -> str:
        made.append(language)
        return really(chart, language)

    monkeypatch.setattr(drawing, "_made", make)

    def draw(value: float) -> str:
        return bars([Bar("Bộ Tư pháp", value)], title="Quá hạn").svg

    assert draw(5) == draw(5)
    draw(6)
    with translation.override("en"):
        draw(5)
    assert made == ["vi", "vi", "en"]


def test_figures_in_drawings_speak_the_language() -> None:
    shown = target_path([Reading(date(2026, 1, 1), 0.25), Reading(date(2026, 7, 1), 0.75)], title="Đường đích")
    assert ">0,4</text>" in shown.svg
    with translation.override("en"):
        shown = target_path([Reading(date(2026, 1, 1), 0.25), Reading(date(2026, 7, 1), 0.75)], title="Path")
        assert ">0.4</text>" in shown.svg


def test_the_archipelagos_are_named_in_the_language_of_the_page() -> None:
    def shown() -> str:
        return province_map.province_map({"01": 3}, title="Việc quá hạn", bands=(1, 2, 4, 8)).svg

    assert ">Quần đảo Hoàng Sa</text>" in shown()
    with translation.override("en"):
        assert ">Hoàng Sa Archipelago</text>" in shown()
        assert ">Trường Sa Archipelago</text>" in shown()
    assert ">Quần đảo Trường Sa</text>" in shown()


def test_what_cannot_be_told_apart_is_refused() -> None:
    with pytest.raises(ValueError, match="four series"):
        trend([Series(str(n), []) for n in range(5)], title="Quá nhiều")
    with pytest.raises(ValueError, match="four bounds"):
        province_map.province_map({}, title="Sai", bands=(1, 2))


def test_names_from_outside_are_escaped() -> None:
    shown = bars([Bar('<script>alert("x")</script>', 1.0, "/a/?b=1&c=2")], title='"><script>')
    assert "<script" not in shown.svg
    ElementTree.fromstring(shown.svg)  # noqa: S314 (our own)


def test_whole_numbers_are_banded_by_their_first_and_last() -> None:
    drawing = province_map.province_map(
        {"01": 3}, title="Việc quá hạn", bands=(1, 2, 4, 8), unit="nhiệm vụ", decimals=0
    )
    assert [key.words for key in drawing.keys][:5] == ["0", "1", "2–3", "4–7", "từ 8 nhiệm vụ"]
