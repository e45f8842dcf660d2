"""The whole path in real browsers: an order in, tasks out, a report with evidence, an approval, a new ranking.

With THUOCDO_SEEDS naming a folder of real texts, the notice of 15/10/2025 is used; otherwise our own sample.
"""

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import site as running_site
from tests.world import NOW, recall_world
from thuocdo.ledger.queries import first_broken_entry
from thuocdo.project.packs.loading import load_pack
from thuocdo.project.packs.reading import open_pack
from thuocdo.tasks.models import Task

pytestmark = pytest.mark.journey

SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "sample_directive.txt"
LEAD = "Bộ Tư pháp"


def notice() -> Path:
    """The notice of 15/10/2025 among the seeds, or our own sample directive."""
    folder = os.environ.get("THUOCDO_SEEDS")
    if not folder:
        return SAMPLE
    found = [path for path in sorted(Path(folder).glob("*.txt")) if "18/10/2025" in path.read_text(encoding="utf-8")]
    assert found, f"THUOCDO_SEEDS={folder} holds no notice with the date 18/10/2025"
    return found[0]


@pytest.fixture
def nation(own_database: str) -> Iterator[str]:
    """A running instance with the programme loaded around the cast."""
    world = recall_world()
    load_pack(actor=world.machine, at=NOW, pack=open_pack("nq57"), communes=())
    with running_site(own_database, with_worker=True) as address:
        yield address


@pytest.fixture
def open_page(browser: Browser, nation: str) -> Iterator[Callable[[], Page]]:
    """`open_page()`: a browser of its own for each person."""
    contexts = []

    def open_one() -> Page:
        context = browser.new_context(base_url=nation, viewport={"width": 1280, "height": 900}, locale="vi-VN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        return page

    yield open_one
    for context in contexts:
        context.close()


def evidence() -> bytes:
    """A real Word document."""
    document = docx.Document()
    document.add_heading("Báo cáo kết quả rà soát thủ tục hành chính", level=1)
    document.add_paragraph("Đã rà soát 412 thủ tục cấp tỉnh, cấp xã; đề xuất cắt giảm 121 thủ tục.")
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def test_an_order_becomes_a_new_ranking(
    open_page: Callable[[], Page], sign_in: SignIn, assert_accessible: Check
) -> None:
    # Sơn watches the ranking of the ministries.
    watcher = open_page()
    sign_in(watcher, "son")
    watcher.goto("/xep-hang/?nhom=ministries_with_services")

    # Thu, of the standing office, uploads the notice and confirms three of the assignments found in it.
    office = open_page()
    sign_in(office, "thu")
    office.goto("/van-ban/")
    office.get_by_label("Tệp văn bản").set_input_files(notice())
    office.locator("details:has([name=issued_on]) > summary").click()
    office.get_by_label("Ngày ban hành").fill("15/10/2025")
    office.get_by_role("button", name="Nhận và tìm nhiệm vụ").click()
    cards = office.locator(".card")
    expect(cards.first).to_be_visible()
    justice = office.locator(".card").filter(has_text="thủ tục hành chính").filter(has_text=LEAD).first
    numbers = [justice.get_attribute("data-c")]
    for card in cards.filter(has=office.locator("button[data-step=confirm]")).all():
        number = card.get_attribute("data-c")
        if number not in numbers and "→" not in card.locator("button[data-step=confirm]").inner_text():
            numbers.append(number)
    for number in numbers[:3]:
        card = office.locator(f".card[data-c='{number}']")
        card.locator("button[data-step=confirm]").click()
        expect(card).to_have_attribute("data-state", "confirmed")
    task_code = justice.locator(".outcome a").first.inner_text().strip()
    assert task_code.startswith("NV-")

    # The task leads back to its sentence.
    office.goto(f"/nhiem-vu/{task_code}/")
    expect(office.locator("main")).to_contain_text("15/11/2025")
    assert_accessible(office)

    # Lan, the ministry's focal point, takes it on and submits the result with a Word document.
    focal_point = open_page()
    sign_in(focal_point, "lan")
    focal_point.goto("/viec-cua-toi/")
    expect(focal_point.locator("main")).to_contain_text("thủ tục hành chính")
    focal_point.goto(f"/nhiem-vu/{task_code}/")
    focal_point.locator("#buoc-nhan-viec button").click()
    expect(focal_point.locator("main")).to_contain_text("Đã nhận việc")
    form = focal_point.locator("#buoc-trinh-ket-qua")
    focal_point.locator("details:has(#buoc-trinh-ket-qua) > summary").click()
    form.locator("textarea").first.fill("Đã trình phương án cắt giảm, đơn giản hóa thủ tục.")
    form.locator("input[type=file]").set_input_files(
        {"name": "bao-cao.docx", "mimeType": "application/octet-stream", "buffer": evidence()}
    )
    form.locator("button").click()
    expect(focal_point.locator("main")).to_contain_text("Đã trình kết quả")
    expect(focal_point.locator("main")).to_contain_text("bao-cao.docx")

    # What Sơn sees before the approval.
    row = watcher.locator("tr:has([data-key^='BTP'])").first
    expect(row).to_be_visible()
    before = row.inner_text()
    watcher.evaluate("window.neverReloaded = true")

    # Minh, of another body, approves; Lan herself is not offered to.
    focal_point.goto(f"/nhiem-vu/{task_code}/")
    expect(focal_point.locator("#buoc-phe-duyet")).to_have_count(0)
    verifier = open_page()
    sign_in(verifier, "minh")
    verifier.goto(f"/nhiem-vu/{task_code}/")
    verifier.locator("#buoc-phe-duyet button").click()
    expect(verifier.locator("main")).to_contain_text("Đã phê duyệt")

    # The ranking on Sơn's screen changes without being loaded again.
    watcher.wait_for_function(
        """(before) => document.querySelector("tr:has([data-key^='BTP'])").innerText !== before""",
        arg=before,
        timeout=60_000,
    )
    assert watcher.evaluate("window.neverReloaded")

    task = Task.objects.get(code=task_code)
    assert (task.state, task.lead.code, task.original_due_on.isoformat()) == ("completed", "BTP", "2025-11-14")
    assert first_broken_entry() is None
