"""A head looks at what they answer for, follows a figure to its rows, signs, and takes the dossier along."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.tasks.samples import description
from tests.world import World, recall_world
from thuocdo.organisations.operations import appoint_head
from thuocdo.tasks.operations import accept_assignment, assign

pytestmark = pytest.mark.journey


@pytest.fixture
def ministry(site: str) -> World:
    """Dũng heads the Ministry of Justice since today's quarter began to matter; one task is late, one runs."""
    world, now = recall_world(), timezone.now()
    today = timezone.localdate()
    appoint_head(
        actor="system:tests", at=now, body=world.body("BTP"), person="Lê Văn Dũng", post="Bộ trưởng",
        valid_from=today - timedelta(days=100),
    )  # fmt: skip
    for title, days in (("Sửa đổi nghị định về dữ liệu", -1), ("Lập danh mục văn bản", 20)):
        task = assign(
            actor=world.actor("thu", on=today), at=now,
            task=description(
                world.body("BTP"), title=title, due_on=today + timedelta(days=days),
                assigned_on=today - timedelta(days=60),
            ),
        )  # fmt: skip
        accept_assignment(actor=world.actor("lan", on=today), at=now, task=task)
    return world


def no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_head_follows_a_figure_signs_and_downloads(
    browser_page: Page, ministry: World, sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:  # fmt: skip
    page = browser_page
    sign_in(page, "dung")
    page.goto("/nguoi-dung-dau/BTP/?ky=2026-Q9")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bộ trưởng Lê Văn Dũng")
    expect(page.locator(".answer")).to_contain_text("2 nhiệm vụ phải thực hiện")
    assert_accessible(page)
    no_sideways_scroll(page)
    page.locator("dl.figures").get_by_role("link").nth(3).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đang quá hạn")
    expect(page.locator("table.behind-figure tbody tr")).to_have_count(1)
    expect(page.locator("table.behind-figure")).to_contain_text("Sửa đổi nghị định về dữ liệu")
    assert_accessible(page)
    no_sideways_scroll(page)
    page.go_back()
    page.get_by_role("button", name="Lập hồ sơ kỳ này").click()
    expect(page.locator(".answer")).to_contain_text("Bản 1 chờ ký")
    assert_accessible(page)
    no_sideways_scroll(page)
    page.get_by_role("button", name="Ký hồ sơ").click()
    expect(page.get_by_text("Chưa xác nhận trách nhiệm")).to_be_visible()
    page.get_by_label("Giải trình").fill("Chờ hai bộ góp ý; trình trong tuần.")
    page.get_by_label("Tôi đã xem và chịu trách nhiệm").check()
    page.get_by_role("button", name="Ký hồ sơ").click()
    expect(page.get_by_text("Đã ký hồ sơ")).to_be_visible()
    expect(page.locator(".answer")).to_contain_text("Bản 1 đã ký")
    expect(page.get_by_text("Chờ hai bộ góp ý")).to_be_visible()
    for title, ending in (("PDF", "pdf"), ("Word", "docx"), ("Excel", "xlsx")):
        with page.expect_download() as download:
            page.get_by_role("link", name=title, exact=True).click()
        assert download.value.suggested_filename.endswith(f"ban-1.{ending}")
