"""Every page of the demonstration nation, as its readers see it: desk and phone, Vietnamese and English, axe."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import _administer
from tests.serving import START
from tests.serving import site as running_site

pytestmark = pytest.mark.journey

PASSWORD = "thuocdo-minhhoa"
# A page, without fonts, weighs less than this many bytes over the wire.
HEAVIEST = 150_000

# Who opens what; a word in braces is filled with the first link of that kind on the page before.
PAGES: dict[str, list[str]] = {
    "": [
        "/",
        "/ai-no-viec-gi/",
        "/co-quan/",
        "/co-quan/BTP/",
        "/phuong-phap/",
        "/phuong-phap/cac-ban/",
        "/tai-khoan/login/",
    ],
    "thuongtruc": [
        "/tong-quan/",
        "/tong-quan/?ban-do=qua-han",
        "/xep-hang/?nhom=provinces",
        "/xep-hang/dinh-chinh/?nhom=provinces",
        "/thu-phuong-an/?nhom=provinces&ts.discipline=40",
        "/dau-hieu/",
        "/phat-hien/",
        "/phat-hien/1/",
        "/phat-hien/mau-kiem-tra/",
        "/phat-hien/mau-kiem-tra/1/",
        "/co-quan/BTP/",
        "/co-quan/BTP/results/",
        "/co-quan/BTP/on_time/",
        "/co-quan/BTP/phan-tich/",
        "/co-quan/01/du-lieu/",
        "/chat-luong-du-lieu/",
        "/van-ban/",
        "{/van-ban/}",
        "/nhiem-vu/",
        "{/nhiem-vu/NV-}",
        "/nhiem-vu/?muc=qua-han",
        "/nhiem-vu/moi/",
        "/nhiem-vu/bang/",
        "/nhiem-vu/tien-trinh/",
        "/nhiem-vu/lich/",
        "/nhiem-vu/cho-quyet-dinh/",
        "/nhiem-vu/sau-ro/",
        "/nhiem-vu/chuong-trinh/",
        "{/nhiem-vu/chuong-trinh/}",
        "/co-quan/22/nhiem-vu/",
        "/co-quan/22/truong-rieng/",
        "/viec-cua-toi/",
        "/thong-bao/",
        "/cai-dat/thong-bao/",
        "/cai-dat/lich/",
        "/canh-bao/thang-nhac/",
        "/don-doc/",
        "/don-doc/moi/",
        "/don-doc/1/",
        "/ganh-nang-bao-cao/",
        "/ganh-nang-bao-cao/BTP/",
        "/trao-doi/",
        "/trao-doi/thong-bao-may/",
        "/trao-doi/thong-bao-may/1/",
        "/cuoc-hop/",
        "/cuoc-hop/moi/",
        "/cuoc-hop/2/",
        "/cuoc-hop/2/ket-luan/",
        "/cuoc-hop/2/ket-luan/3/",
        "/cuoc-hop/3/tai-lieu/",
        "/chi-so/",
        "/chi-so/service_on_time/",
        "/nhat-ky/",
        "/nhat-ky/2/",
    ],
    "botuphap": [
        "/viec-cua-toi/",
        "/nhiem-vu/",
        "{/nhiem-vu/NV-}",
        "/nhiem-vu/nhap/",
        "/nhiem-vu/ghep-cot/",
        "/nhiem-vu/ghep-cot/1/",
        "/so-lieu/",
    ],
    "dungdau": [
        "/nguoi-dung-dau/",
        "{/nguoi-dung-dau/BTP/}",
        "{/nguoi-dung-dau/BTP/}",
        "/nguoi-dung-dau/ho-so/1/",
        "/nguoi-dung-dau/ho-so/2/",
    ],
    "tinh": ["/co-quan/22/nhiem-vu/", "/nhiem-vu/moi/", "/thong-bao/"],
    "thamdinh": ["/viec-cua-toi/"],
    "quantri": [
        "/quan-tri/",
        "/phuong-phap/du-thao/1/",
        "{/phuong-phap/du-thao/1/bang/}",
        "/phuong-phap/du-thao/moi/",
        "/phuong-phap/cau-truc/",
    ],
}


@dataclass(frozen=True)
class Nation:
    """Where the demonstration answers."""

    address: str


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nation]:
    """The small demonstration, loaded once by its own command, on the kind of database that is tested."""
    home = tmp_path_factory.mktemp("nation")
    name = f"nation_{uuid4().hex[:10]}"
    server = os.environ.get("THUOCDO_POSTGRES")
    if server:
        _administer(f'CREATE DATABASE "{name}"')
        from urllib.parse import urlsplit, urlunsplit

        parts = urlsplit(server)
        address = urlunsplit(parts._replace(path=f"/{name}"))
    else:
        address = f"sqlite:///{home / 'nation.sqlite3'}"
    variables = {"DATABASE_URL": address, "THUOCDO_HOME": str(home), "THUOCDO_DEMO": "1"}
    subprocess.run(
        [sys.executable, "-c", START, "demo", "--no-serve"],
        env=os.environ | variables,
        check=True,
        capture_output=True,
        timeout=240,
    )
    with running_site(address, with_worker=True, THUOCDO_HOME=str(home), THUOCDO_DEMO="1") as running:
        yield Nation(running)
    if server:
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def sign_in(page: Page, username: str) -> None:
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda address: "login" not in address)


def resolved(page: Page, path: str) -> str:
    """The path itself, or the first link on the present page that begins with the word in braces and goes on."""
    if not path.startswith("{"):
        return path
    beginning = path.strip("{}")
    links = page.locator(f"main a[href^='{beginning}']").evaluate_all("links => links.map(a => a.getAttribute('href'))")
    return next(link for link in links if len(link) > len(beginning) and "?" not in link)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("username", list(PAGES))
def test_every_page_is_whole_light_and_open_to_all(
    browser: Browser, nation: Nation, assert_accessible: Callable[[Page], None], username: str, width: int
) -> None:
    context = browser.new_context(base_url=nation.address, viewport={"width": width, "height": 900}, locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    if username:
        sign_in(page, username)
    pictures = os.environ.get("THUOCDO_PICTURES")
    for number, path in enumerate(PAGES[username]):
        address = resolved(page, path)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        expect(page.locator("h1")).to_have_count(1)
        expect(page.locator("body")).to_contain_text("minh hoạ", ignore_case=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{address} is wider than {width}"
        assert_accessible(page)
        weight = page.evaluate(
            """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
                .filter((entry) => !entry.name.includes("/fonts/"))
                .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""
        )
        assert weight < HEAVIEST, f"{address} weighs {weight} bytes"
        if pictures:
            name = f"{username or 'public'}-{number:02}-{width}.png"
            page.screenshot(path=Path(pictures) / name, full_page=True)
    context.close()
    assert not complaints, complaints


@pytest.mark.parametrize("username", list(PAGES))
def test_every_page_speaks_english(browser: Browser, nation: Nation, username: str) -> None:
    context = browser.new_context(base_url=nation.address, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    if username:
        sign_in(page, username)
    context.add_cookies([{"name": "django_language", "value": "en", "url": nation.address}])
    for path in PAGES[username]:
        address = resolved(page, path)
        page.goto(address)
        assert page.locator("html").get_attribute("lang") == "en"
        frame = " ".join(
            # What a file's own columns are called stays as it is.
            page.locator(
                "body > header, body > footer, h1, h2, th[scope=col], label:not([translate=no]), dt"
            ).all_inner_texts()
        )
        for word in ("Nhiệm vụ", "Xếp hạng", "Hạn", "Cơ quan chủ trì", "Tình trạng", "Chỉ số", "Thời hạn"):
            assert word not in frame, f"{address} still says {word}"
    context.close()
