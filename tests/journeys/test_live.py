"""An open page changes by itself when something was computed, and shows what moved."""

import pytest
from playwright.sync_api import Page, expect

from tests.world import NOW
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

pytestmark = pytest.mark.journey


def test_the_newest_figure_appears_on_the_open_page_and_flashes_once(browser_page: Page) -> None:
    with browser_page.expect_response("**/live?after=*"):
        browser_page.goto("/thiet-ke/truc-tiep/")
    cell = browser_page.locator("[data-key=newest]")
    before = int(cell.inner_text())
    # The flash is over after a moment; what is looked for is that it was there.
    browser_page.evaluate(
        "document.addEventListener('animationstart', (event) => { window.flashed = event.target.dataset.key; })"
    )
    number = append(actor="system:tests", at=NOW, event=Event.SCORES_COMPUTED, subject="run:1").number
    assert number == before + 1
    expect(cell).to_have_text(str(number), timeout=60_000)
    browser_page.wait_for_function("window.flashed === 'newest'")
    expect(cell).not_to_have_class("moved")
