"""A task planned to the full, one given more time after its deadline, one opened again: what the pages tell."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.tasks.samples import evidence

pytestmark = pytest.mark.journey
SignIn = Callable[[Page, str], None]
Check = Callable[[Page], None]
TODAY = timezone.localdate()


@pytest.fixture
def owed(own_database: str) -> str:
    """A task that Lan took on a month ago and that is due in twenty days; gives its code."""
    return _taken_on(due_in=20)


@pytest.fixture
def late(own_database: str) -> str:
    """A task that Lan took on a month ago and whose deadline passed three days ago; gives its code."""
    return _taken_on(due_in=-3)


@pytest.fixture
def done(own_database: str) -> str:
    """A task whose result Minh has approved; gives its code."""
    from tests.world import recall_world
    from thuocdo.tasks.models import Task
    from thuocdo.tasks.operations import approve_result, submit

    code, world, now = _taken_on(due_in=9), recall_world(), timezone.now()
    task = Task.objects.get(code=code)
    lan, minh = (world.actor(name, on=TODAY) for name in ("lan", "minh"))
    submit(actor=lan, at=now, task=task, text="Đã ban hành danh mục", files=[evidence()])
    task.refresh_from_db()
    approve_result(actor=minh, at=now, task=task)
    return code


def _taken_on(due_in: int) -> str:
    from tests.world import recall_world
    from thuocdo.tasks.operations import TaskDescription, accept_assignment, assign

    world, at = recall_world(), timezone.now() - timedelta(days=30)
    thu, lan = (world.actor(name, on=timezone.localdate(at)) for name in ("thu", "lan"))
    due = TODAY + timedelta(days=due_in)
    words = TaskDescription(title="Rà soát văn bản về chuyển đổi số", lead=world.body("BTP"), due_on=due)
    return accept_assignment(actor=lan, at=at, task=assign(actor=thu, at=at, task=words)).code


def opened(page: Page, word: str) -> Locator:
    """The form of a step, unfolded as a person unfolds it."""
    form = page.locator(f"#buoc-{word}")
    if not form.is_visible():
        page.locator("details.step", has=form).locator("summary").click()
    expect(form).to_be_visible()
    return form


def look_at(page: Page, assert_accessible: Check) -> None:
    """Accessible at the desk; on a phone nothing stands beyond the edge."""
    assert_accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_task_is_planned_and_its_page_tells_the_plan(
    browser_page: Page, owed: str, sign_in: SignIn, assert_accessible: Check
) -> None:
    page, address = browser_page, f"/nhiem-vu/{owed}/"
    # Thu, who gave the task, says which products it must bring.
    sign_in(page, "thu")
    page.goto(f"{address}ke-hoach/")
    form = opened(page, "san-pham")
    form.get_by_label("Mỗi dòng một sản phẩm").fill("Danh mục văn bản; 1; bản\nDự thảo nghị định; 2; văn bản")
    form.get_by_role("button").click()
    expect(page.get_by_text("Đã ghi 2 sản phẩm phải giao nộp.")).to_be_visible()

    # Lan sets a milestone, says what she waits for and hands a part to a colleague.
    page.context.clear_cookies()
    sign_in(page, "lan")
    page.goto(address)
    page.get_by_role("link", name="Phân công, mốc, sản phẩm").click()
    form = opened(page, "them-moc")
    form.get_by_label("Việc phải đạt ở mốc").fill("Trình dự thảo lần một")
    form.get_by_label("Ngày cuối cùng của mốc").fill(f"{TODAY - timedelta(days=10):%d/%m/%Y}")
    form.get_by_role("button").click()
    expect(page.get_by_text("Đã thêm mốc hạn")).to_be_visible()

    form = opened(page, "cho")
    form.get_by_label("Hoặc chờ").select_option("legal_document")
    form.get_by_label("Tên văn bản, quyết định").fill("Luật Chuyển đổi số")
    form.get_by_role("button").click()
    expect(page.get_by_text("Đã ghi điều phải chờ.")).to_be_visible()

    form = opened(page, "chia-viec")
    form.get_by_label("Phần việc").fill("Soạn phần án lệ")
    form.get_by_label("Đơn vị thực hiện").fill("tu ph")
    form.get_by_role("radio", name="Bộ Tư pháp").check()
    form.get_by_label("Thời hạn").fill(f"{TODAY + timedelta(days=5):%d/%m/%Y}")
    form.get_by_label("Người phụ trách").select_option("Lê Văn Dũng")
    form.get_by_label("Chức danh phụ trách").fill("Vụ trưởng Vụ Pháp luật")
    form.get_by_role("button", name="Giao phần việc").click()
    expect(page.get_by_text("Đã giao phần việc")).to_be_visible()
    look_at(page, assert_accessible)

    # The page of the task tells all of it, and draws the milestone on its ruler.
    page.goto(address)
    expect(page.get_by_text("Đã nghiệm thu 0/2 sản phẩm.")).to_be_visible()
    milestones = page.locator("#moc")
    expect(milestones.locator("svg").first).to_be_visible()
    expect(milestones).to_contain_text("Trình dự thảo lần một")
    expect(milestones).to_contain_text("đã qua mà chưa đạt")
    expect(page.locator("#cho")).to_contain_text("Luật Chuyển đổi số")
    parts = page.locator("#phan-viec")
    expect(parts).to_contain_text("0/1 phần việc đã xong")
    expect(parts).to_contain_text("Vụ trưởng Vụ Pháp luật")
    look_at(page, assert_accessible)
    parts.get_by_role("link", name="Soạn phần án lệ").click()
    expect(page.locator(".story")).to_contain_text("Vụ trưởng Vụ Pháp luật: Lê Văn Dũng")


def test_more_time_is_granted_after_the_deadline_and_a_finished_task_is_opened_again(
    browser_page: Page, done: str, late: str, sign_in: SignIn, assert_accessible: Check
) -> None:
    page, wanted = browser_page, TODAY + timedelta(days=20)
    sign_in(page, "lan")
    page.goto(f"/nhiem-vu/{late}/")
    form = opened(page, "xin-gia-han")
    form.get_by_label("Đề nghị gia hạn đến").fill(f"{wanted:%d/%m/%Y}")
    form.get_by_label("Lý do").fill("Bão làm gián đoạn việc lấy ý kiến")
    form.get_by_label("Nguyên nhân khách quan").check()
    form.get_by_role("button", name="Gửi đề nghị").click()
    expect(page.get_by_text("Đã gửi đề nghị.")).to_be_visible()
    expect(page.get_by_text("Đề nghị gửi sau khi đã quá hạn.")).to_be_visible()
    look_at(page, assert_accessible)

    # Thu finds what was asked already in the form, and grants it by a decision.
    page.context.clear_cookies()
    sign_in(page, "thu")
    page.goto(f"/nhiem-vu/{late}/")
    form = opened(page, "gia-han")
    expect(form.get_by_label("Lý do")).to_have_value("Bão làm gián đoạn việc lấy ý kiến")
    expect(form.get_by_label("Xác nhận nguyên nhân khách quan")).to_be_checked()
    form.get_by_label("Số quyết định cho gia hạn").fill("12-QĐ/VPTW")
    form.get_by_role("button", name="Gia hạn").click()
    expect(page.get_by_text(f"Đã gia hạn đến {wanted:%d/%m/%Y}")).to_be_visible()
    told = page.locator("#thoi-han")
    expect(told).to_contain_text("theo 12-QĐ/VPTW, nguyên nhân khách quan được xác nhận")
    look_at(page, assert_accessible)

    # The result of the other task proves wrong: it is opened again, and only by a decision.
    page.goto(f"/nhiem-vu/{done}/")
    form = opened(page, "mo-lai")
    form.get_by_label("Lý do").fill("Số liệu trong danh mục sai")
    form.get_by_role("button", name="Mở lại").click()
    expect(page.get_by_text("Chưa có số quyết định")).to_be_visible()
    form = opened(page, "mo-lai")
    expect(form.get_by_label("Lý do")).to_have_value("Số liệu trong danh mục sai")
    form.get_by_label("Số quyết định").fill("13-QĐ/VPTW")
    form.get_by_role("button", name="Mở lại").click()
    expect(page.get_by_text("Đã mở lại nhiệm vụ. Bộ Tư pháp lại phải trình kết quả")).to_be_visible()
    look_at(page, assert_accessible)
