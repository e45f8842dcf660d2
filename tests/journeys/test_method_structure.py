"""What the data say about a method, in a real browser: from the method to its structure, wide and narrow."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.indicators.figures import load_figures, tell
from tests.scorecards.method import Q3, TEXT
from tests.world import NOW, World, recall_world
from thuocdo.organisations.operations import BodyDescription, establish_bodies
from thuocdo.scorecards.operations import load_scorecard, score

pytestmark = pytest.mark.journey


@pytest.fixture
def nation(site: str) -> World:
    """Eight provinces where people are the less content the better the service: a thing to look at."""
    world = recall_world()
    load_figures(world)
    scorecard = load_scorecard(actor=world.machine, at=NOW, text=TEXT)
    codes = [f"9{number}" for number in range(6)]
    establish_bodies(
        actor=world.machine.label,
        at=NOW,
        bodies=[
            BodyDescription(
                code=code, kind="province", bloc="local", name=f"Tỉnh {code}", name_en=f"Province {code}",
                superior="TW", peer_group="provinces", valid_from=date(2026, 1, 1),
            )
            for code in codes
        ],
    )  # fmt: skip
    for place, code in enumerate(["01", "48", *codes]):
        wobble = (0, 2, -1, 1, -2, 1, 0, -1)[place]
        tell(world, body=code, period="2026-08", value=str(20 + 10 * place))
        tell(world, body=code, indicator="databases", period="2026", value=str(1 + place))
        tell(
            world, body=code, indicator="satisfaction", period="2026-Q3", value=str(90 - 8 * place + wobble),
            provenance="independent",
        )  # fmt: skip
    score(actor=world.machine, at=NOW, scorecard=scorecard, period=Q3, peer_groups=["provinces"])
    return world


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_method_to_what_the_data_say_about_it(
    browser_page: Page,
    nation: World,
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
    width: int,
) -> None:
    browser_page.set_viewport_size({"width": width, "height": 900})
    sign_in(browser_page, "quan")
    browser_page.goto("/phuong-phap/")
    browser_page.get_by_role("link", name="Cấu trúc", exact=True).click()
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Cấu trúc của bộ chỉ số")
    # The quarter is named: the worker scores the one in which the story is told, too.
    browser_page.goto("/phuong-phap/cau-truc/?nhom=provinces&ky=2026-Q3")
    expect(browser_page.get_by_role("heading", level=1)).to_contain_text("Cấu trúc của bộ chỉ số: Tỉnh, thành phố")
    expect(browser_page.locator(".answer")).to_contain_text("Hai phần gần như trùng nhau: service_on_time và")
    expect(browser_page.locator("td.against-strong").first).to_contain_text("mạnh, ngược chiều")
    browser_page.get_by_text("Tương quan giữa tất cả chỉ số").first.click()
    expect(browser_page.locator("table.matrix")).to_be_visible()
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(browser_page)
