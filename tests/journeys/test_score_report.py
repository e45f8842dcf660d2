"""The report of `thuocdo score` in a real browser: accessible, narrow enough for a phone, in light, dark and print."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from thuocdo.cli.score.command import run_files
from thuocdo.engine.scoring.run.recipe import Options

pytestmark = pytest.mark.journey

SPEC = """\
id = "tinh-2026"
title = { vi = "Bộ chỉ số các tỉnh", en = "Index of provinces" }
levels = 3
[impute]
method = "mean"
[treat]
method = "two_stage"
[uncertainty]
weights = 0.25
normalise = ["percentile_rank"]
[[class]]
code = "good"
from = 60
title = { vi = "Tốt", en = "Good" }
[[class]]
code = "weak"
from = 0
title = { vi = "Yếu", en = "Weak" }
[[node]]
code = "index"
""" + "".join(
    f'[[node]]\ncode = "p{pillar}"\nparent = "index"\ntitle = {{ vi = "Trụ cột {pillar}", en = "Pillar {pillar}" }}\n'
    + "".join(
        f'[[indicator]]\ncode = "i{pillar}{number}"\nparent = "p{pillar}"\n'
        f'title = {{ vi = "Chỉ số {pillar}.{number}", en = "Indicator {pillar}.{number}" }}\n'
        for number in range(4)
    )
    for pillar in range(8)
)
CODES = [f"i{pillar}{number}" for pillar in range(8) for number in range(4)]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The report of 34 provinces by language, as addresses of files."""

    def value(unit: int, place: int) -> str:
        return "" if (unit * 7 + place) % 31 == 0 else str((unit * 37 + place * place * 11) % 97)

    rows = [",".join([f"Tỉnh số {unit}", *(value(unit, place) for place in range(32))]) for unit in range(34)]
    data = "\n".join([",".join(["unit", *CODES]), *rows]).replace(",96,", ",9600,")
    folder = tmp_path_factory.mktemp("report")
    addresses = {}
    for language in ("vi", "en"):
        options = Options(replicates=64, sensitivity=True, language=language)
        path: Path = folder / f"{language}.html"
        path.write_bytes(run_files(SPEC.encode(), data.encode(), options)["report.html"])
        addresses[language] = path.as_uri()
    return addresses


@pytest.fixture
def page(browser: Browser) -> Page:
    return browser.new_page(viewport={"width": 1280, "height": 900})


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("vi", "light", 1280), ("vi", "dark", 390), ("en", "dark", 1280), ("en", "light", 390)],
)
def test_axe_finds_nothing_serious_and_nothing_reaches_beyond_the_screen(
    page: Page,
    report: dict[str, str],
    assert_accessible: Callable[[Page], None],
    scheme: str,
    width: int,
    language: str,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report[language])
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [report[language]]
    page.close()


def test_dots_stand_where_the_ranks_are_and_lines_reach_from_end_to_end(page: Page, report: dict[str, str]) -> None:
    page.goto(report["vi"])
    drawn = page.evaluate(
        """() => [...document.querySelectorAll('#ranking tbody tr')].map((row) => {
            const [ruler, line, dot] = ['svg', 'rect', 'circle'].map(
                (name) => row.querySelector(name).getBoundingClientRect());
            const at = (x) => (x - ruler.left) / ruler.width * 33 + 1;
            const told = row.querySelector('td:has(svg) + td').textContent.split('–').map(Number);
            return {rank: Number(row.querySelector('td:has(+ th)').textContent), at: at(dot.left + dot.width / 2),
                    low: at(line.left), high: at(line.right), told: [told[0], told.at(-1)]};
        })"""
    )
    assert len(drawn) == 34
    for row in drawn:
        assert abs(row["at"] - row["rank"]) < 0.1
        assert row["low"] - 0.1 <= row["rank"] <= row["high"] + 0.1
        assert row["told"][0] - 0.1 <= row["low"] <= row["told"][0] + 1.1
        assert row["told"][1] - 1.1 <= row["high"] <= row["told"][1] + 0.1
    page.close()


def test_the_whole_page_can_be_walked_by_keyboard(page: Page, report: dict[str, str]) -> None:
    page.goto(report["vi"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#ranking"
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")
    page.close()


def test_on_paper_the_folded_parts_and_the_menu_stay_away(page: Page, report: dict[str, str]) -> None:
    page.goto(report["vi"])
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("details:visible").count() == 0
    assert page.locator("#ranking tbody tr").first.is_visible()
    page.close()
