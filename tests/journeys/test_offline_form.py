"""The form of figures without a network: its checks say what the server says, and it is filled in from the disk."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.indicators.figures import load_figures, tell
from tests.world import recall_world
from thuocdo.engine.entering import middle_and_spread
from thuocdo.indicators.models import Indicator
from thuocdo.indicators.operations.entering import DraftCell, words_of_findings
from thuocdo.indicators.operations.entering.words import plain
from thuocdo.web.data_entry import grid as grids
from thuocdo.web.data_entry.desk import Known
from thuocdo.web.data_entry.offline import seal_of
from thuocdo.web.data_entry.typed import words_of_typing

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]
CHECKS = Path(grids.__file__).parent.parent / "static" / "js" / "entry_checks.js"
CODES = ("so_ho_so", "dung_han", "qua_han", "ty_le", "luy_ke")
LIMITS = {"own": 3.5, "least_own": 4, "peers": 3.5, "least_peers": 8}
CASES = 500


@pytest.fixture
def checks(browser: Browser) -> Iterator[Page]:
    """A page that holds the checks of the form and nothing else."""
    page = browser.new_page()
    page.add_script_tag(content=CHECKS.read_text(encoding="utf-8"))
    yield page
    page.close()


# What people type


def _typed(dice: random.Random) -> str:
    """A figure as people type it: well, with a comma, with dots, with two meanings, or no figure at all."""
    value = dice.choice([0, 1, 5, 12, 79, 100, 101, 250, 1234, 12_500, 1_234_567, 99_999_999_999])
    decimals = dice.choice(["", "", "5", "25", "125", "500", "000", "123456789", "05"])
    whole = str(value)
    if dice.random() < 0.4:
        mark = dice.choice([".", ",", " ", "\u00a0", "\u202f"])
        whole = f"{value:,}".replace(",", mark)
    text = f"{whole}{dice.choice('.,')}{decimals}" if decimals else whole
    text = dice.choice(["", "", "", "-", "\u2212", "+", "0", "00"]) + text
    text += dice.choice(["", "", "", "%", " %", " tỷ", "e3"])
    if dice.random() < 0.1:
        text = dice.choice(
            [
                "",
                " ",
                "tám mươi",
                "1.2.3",
                "1,2,3",
                "--5",
                "٣",
                "12",
                "nan",
                "1e5",
                ".5",
                "5.",
                "1 23",
                "0.515",
                "0,4",
                "x" * 80,
            ]
        )
    return f" {text} " if dice.random() < 0.2 else text


def _among(dice: random.Random, most: int) -> dict[str, Any] | None:
    count = dice.randrange(most)
    values = [round(dice.uniform(40, 60), dice.choice([0, 1, 3])) for _ in range(count)]
    return {**middle_and_spread(values), "count": count} if values else None


def _sheet(dice: random.Random) -> dict[str, Any]:
    cells = {
        code: {
            "lower": dice.choice([None, 0, -10.5]),
            "upper": dice.choice([None, 100, 99.95]),
            "percentage": dice.random() < 0.4,
            "own": _among(dice, 8),
            "peers": _among(dice, 14),
        }
        for code in CODES
    }
    rules = [
        {
            "kind": "at_most", "parts": ["dung_han", "qua_han"], "whole": "so_ho_so",
            "severity": dice.choice(["error", "warning"]),
        },
        {
            "kind": "adds_up", "parts": ["dung_han", "qua_han"], "whole": "so_ho_so",
            "tolerance": dice.choice([0, 1, 0.05]), "severity": dice.choice(["error", "warning"]),
        },
        {"kind": "not_below_before", "cell": "luy_ke", "before": dice.choice([None, 100, 12.5]), "severity": "warning"},
    ]  # fmt: skip
    return {
        "cells": cells, "rules": dice.sample(rules, dice.randrange(len(rules) + 1)), "limits": LIMITS, "taken_from": []
    }  # fmt: skip


def _case(dice: random.Random) -> tuple[dict[str, Any], dict[str, float], dict[str, dict[str, str]]]:
    """A sheet, what is known of it already, and what somebody has typed."""
    known = {code: float(round(dice.uniform(0, 120), 1)) for code in CODES if dice.random() < 0.2}
    given = {
        code: {
            "text": _typed(dice) if dice.random() < 0.85 else "",
            "state": "value" if dice.random() < 0.9 else "not_applicable",
            "reason": dice.choice(["", "", "Mất điện", "  "]),
        }
        for code in CODES
    }
    return _sheet(dice), known, given


INDICATORS = [Indicator(pk=place, code=code, title=f"Chỉ số {code}") for place, code in enumerate(CODES, start=1)]
TITLES = {one.code: one.title for one in INDICATORS}


def _said_by_the_server(
    sheet: dict[str, Any], known: dict[str, float], given: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[list[str]]]:
    lines = [Known(one, None, "", None, None) for one in INDICATORS]
    monkeypatch.setattr(grids, "_told", lambda one: known.get(one.indicator.code))
    grid: Any = grids.Grid(None, None, lines, sheet, None, {})  # type: ignore[arg-type]
    cells = {one.pk: DraftCell(seen=0, **given[one.code]) for one in INDICATORS}
    by_pk = {one.pk: one.code for one in INDICATORS}
    return {by_pk[pk]: [[one.tone, one.words] for one in said] for pk, said in grid.said(cells).items()}


@pytest.mark.parametrize("english", [False, True], ids=["vietnamese", "english"])
def test_the_form_without_a_network_says_what_the_server_says(
    checks: Page, monkeypatch: pytest.MonkeyPatch, english: bool
) -> None:
    monkeypatch.setattr("thuocdo.web.data_entry.typed.speaks_english", lambda: english)
    dice = random.Random(57)
    cases = [_case(dice) for _ in range(CASES)]
    words = {"words": words_of_findings(), "typing": words_of_typing(), "titles": TITLES, "english": english}
    heard = checks.evaluate(
        "([words, cases]) => cases.map(([sheet, known, given]) =>"
        " entryChecks.judge({ ...words, sheet, known }, given).told)",
        [words, cases],
    )
    codes_heard: set[str] = set()
    for (sheet, known, given), there in zip(cases, heard, strict=True):
        here = _said_by_the_server(sheet, known, given, monkeypatch)
        assert there == here, (sheet, known, given)
        codes_heard.update(tone for said in here.values() for tone, _words in said)
    assert codes_heard == {"error", "warning", "explained"}


def test_figures_are_written_and_sealed_alike(checks: Page) -> None:
    dice = random.Random(57)
    figures = [
        0.1 + 0.2,
        -0.0,
        5e-9,
        4e-9,
        2.0**-9,
        -(2.0**-9),
        1e-12,
        123456789.123,
        1e12 + 0.1,
        1e15,
        0.515 * 100,
        1 / 3,
        2 / 3 * 1e6,
    ]
    figures += [dice.uniform(-1, 1) * 10 ** dice.randrange(-9, 14) for _ in range(CASES)]
    figures += [round(dice.uniform(-1e6, 1e6), dice.randrange(9)) for _ in range(CASES)]
    assert checks.evaluate("figures => figures.map(entryChecks.plain)", figures) == [plain(one) for one in figures]
    forms: list[dict[str, Any]] = [
        {
            "format": "thuocdo-so-lieu 1", "body": "01", "period": "2026-08", "form": "0" * 64,
            "cells": {
                code: {"value": "1" * length, "state": "value", "reason": "Mất điện ở Hà Nội €" * (length % 4)}
                for code in dice.sample(CODES, 3)
            },
        }
        for length in range(70)
    ]  # fmt: skip
    assert checks.evaluate("forms => forms.map(entryChecks.seal)", forms) == [seal_of(one) for one in forms]


# From the disk


@pytest.fixture
def figures(own_database: str) -> None:
    """A dictionary and four months as the source system told them; written before the server starts."""
    world = recall_world()
    load_figures(world)
    for month, value in enumerate(("70", "71", "72", "73"), start=4):
        tell(world, period=f"2026-0{month}", value=value)


def said(page: Page, where: str) -> str:
    """What is said beside the field, in one line."""
    return " ".join(page.locator(where).inner_text().split())


def test_ha_fills_the_form_in_from_the_disk_and_hands_it_in_when_there_is_a_network(
    figures: None, browser_page: Page, sign_in: SignIn, assert_accessible: Check, tmp_path: Path
) -> None:
    page = browser_page
    sign_in(page, "ha")
    page.goto("/so-lieu/?co_quan=01&ky=2026-08")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải biểu ngoại tuyến").click()
    file = tmp_path / "bieu.html"
    file.write_bytes(Path(download.value.path()).read_bytes())

    page.context.set_offline(True)
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thành phố Hà Nội")
    expect(page.get_by_role("button", name="Nộp qua mạng")).to_be_disabled()
    assert_accessible(page)
    field = page.get_by_label("Hồ sơ giải quyết đúng hạn", exact=True)
    spoken = {}
    for text in ("101", "1.234", "tám mươi", "0,7", "20"):
        field.fill(text)
        expect(page.locator("section .said p")).to_have_count(1)
        spoken[text] = said(page, "section .said")
    assert "khác xa 4 kỳ trước của cơ quan" in spoken["20"]
    page.get_by_role("button", name="Xuất tệp để nộp sau").click()
    expect(page.get_by_text("Còn 1 điều phải sửa hoặc giải trình trước khi nộp.")).to_be_visible()

    # The draft outlives the page; forgotten, it can be taken back as long as the page is open.
    page.get_by_label("Giải trình").fill("Sự cố hệ thống ba ngày")
    page.reload()
    expect(field).to_have_value("20")
    expect(page.get_by_label("Giải trình")).to_have_value("Sự cố hệ thống ba ngày")
    expect(page.get_by_text("Đã mở lại nháp trên máy này.")).to_be_visible()
    page.get_by_role("button", name="Xóa nháp trên máy này").click()
    expect(field).to_have_value("")
    page.get_by_role("button", name="Lấy lại nháp vừa xóa").click()
    expect(field).to_have_value("20")
    with page.expect_download() as exported:
        page.get_by_role("button", name="Xuất tệp để nộp sau").click()
    form = json.loads(Path(exported.value.path()).read_text(encoding="utf-8"))
    assert form["cells"]["service_on_time"] == {"value": "20", "state": "value", "reason": "Sự cố hệ thống ba ngày"}
    assert form["digest"] == seal_of(form)
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})

    page.context.set_offline(False)
    expect(page.get_by_text("Đã có mạng")).to_be_visible()
    page.get_by_role("button", name="Nộp qua mạng").click()
    page.wait_for_url("**/so-lieu/nop-tep/")
    page.get_by_role("button", name="Đọc và xem trước").click()
    expect(page.get_by_text("20%")).to_be_visible()
    page.get_by_role("button", name="Ghi 1 số liệu").click()
    page.wait_for_url("**/bien-nhan/**")

    # On the page of the server the same is said of the same figures.
    page.goto("/so-lieu/?co_quan=01&ky=2026-08")
    field = page.get_by_label("Hồ sơ giải quyết đúng hạn", exact=True)
    for text, words in spoken.items():
        field.fill(text)
        expect(page.locator("tr.saying .said p:not(.quiet)")).to_have_text([words])
