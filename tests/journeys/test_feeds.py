"""Whoever watches a feed sees its events arrive on the open page, and the figure that follows from them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.feeds.dossiers import dossier, lines, load_dossiers
from tests.world import NOW, recall_world
from thuocdo.accounts.operations import issue_key

pytestmark = pytest.mark.journey


def test_events_arrive_on_the_open_page_and_become_a_figure(
    browser_page: Page, sign_in: Callable[[Page, str], None], assert_accessible: Callable[[Page], None]
) -> None:
    world = recall_world()
    load_dossiers(world)
    _key, token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng", feeds=["dossiers"])
    sign_in(browser_page, "thu")
    browser_page.goto("/nguon-du-lieu/")
    with browser_page.expect_response("**/live?after=*"):
        browser_page.get_by_role("link", name="Hồ sơ dịch vụ công").click()
    expect(browser_page.get_by_text("Nguồn chưa gửi sự kiện nào")).to_be_visible()

    ago = timezone.now() - timedelta(days=1)
    when = {name: ago.isoformat() for name in ("received_at", "finished_at", "updated_at")}
    rows = [dossier("J-1", **when, due_at=None), dossier("J-2", **when, due_at=None, rating=9)]
    answer = browser_page.request.post(
        "/api/v1/feeds/dossiers/batches", data=lines(rows), headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status == 202

    # The worker computes it; nobody loads the page again.
    expect(browser_page.get_by_role("cell", name="Đã tính số liệu")).to_be_visible()
    expect(browser_page.get_by_role("heading", name="Số liệu đã tính")).to_be_visible()
    assert_accessible(browser_page)
    browser_page.set_viewport_size({"width": 390, "height": 844})
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390

    browser_page.locator("[data-key^=batch-]").locator("xpath=..").get_by_role("link").first.click()
    expect(browser_page.get_by_text("above_range")).to_be_visible()
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(browser_page)
