"""The frame of every page: language, menu by right, errors with a way on, weight, content policy."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from tests.world import World
from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.web.design import menu
from thuocdo.web.signed_in import actor_of

LIGHT = 150_000


@pytest.fixture
def demo(settings: LazySettings) -> None:
    settings.DEMO = True


def _weight(html: str) -> int:
    """The page and what it loads, without fonts, uncompressed."""
    files = set(re.findall(r'(?:src|href)="/static/([^"#]+\.(?:css|js|svg))"', html))
    return len(html.encode()) + sum(Path(str(finders.find(name))).stat().st_size for name in files)


def test_the_style_page_is_light_and_only_on_demonstrations(client: Client, db: None, settings: LazySettings) -> None:
    assert client.get("/thiet-ke/").status_code == 404
    settings.DEMO = True
    html = client.get("/thiet-ke/").content.decode()
    assert _weight(html) < LIGHT
    assert "dữ liệu minh hoạ" in html


def test_nothing_on_a_page_is_scripted_inline_or_comes_from_elsewhere(client: Client, demo: None, db: None) -> None:
    for address in ("/thiet-ke/", "/tai-khoan/login/"):
        html = client.get(address).content.decode()
        assert not re.search(r"\son\w+=", html)
        scripts = re.findall(r"<script([^>]*)>", html)
        assert scripts
        assert all("src=" in script or 'type="application/json"' in script for script in scripts)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', html)


def test_an_english_browser_is_greeted_in_vietnamese_until_english_is_chosen(client: Client, db: None) -> None:
    page = client.get("/tai-khoan/login/", headers={"Accept-Language": "en-US"})
    assert page.headers["Content-Language"] == "vi"
    assert "Tên đăng nhập" in page.content.decode()
    back = client.post("/ngon-ngu/", {"language": "en", "next": "/tai-khoan/login/"})
    assert (back.status_code, back.headers["Location"]) == (302, "/tai-khoan/login/")
    assert "User name" in client.get("/tai-khoan/login/").content.decode()


def test_the_language_switch_leads_to_no_other_site(client: Client, db: None) -> None:
    assert (
        client.post("/ngon-ngu/", {"language": "en", "next": "https://elsewhere.invalid/"}).headers["Location"] == "/"
    )


def test_nobody_opens_an_account_by_themselves(client: Client, db: None) -> None:
    page = client.get("/tai-khoan/signup/")
    assert "Tài khoản không tự đăng ký được" in page.content.decode()
    client.post("/tai-khoan/signup/", {"username": "ke-la", "password1": "mot-mat-khau-dai"})
    assert not client.login(username="ke-la", password="mot-mat-khau-dai")


@pytest.mark.parametrize(
    ("username", "offered", "kept_away"),
    [
        ("lan", {"tasks", "my_work"}, {"ledger"}),
        ("thanh", {"ledger", "tasks"}, set()),
        (None, set(), {"ledger", "tasks", "my_work"}),
    ],
)
def test_the_menu_offers_what_the_person_may_open(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    username: str | None,
    offered: set[str],
    kept_away: set[str],
) -> None:
    from tests.world import TODAY
    from thuocdo.accounts.permissions import anonymous

    monkeypatch.setattr(menu, "_names", lambda: frozenset(entry.name for entry in menu.MENU))
    actor = world.actor(username) if username else anonymous(TODAY)
    monkeypatch.setattr(menu, "place", lambda name: f"/{name}/")
    menu.drawn_menu.cache_clear()
    shown = menu.main_menu({"request": RequestFactory().get("/tasks/1"), "actor": actor})  # type: ignore[arg-type]
    menu.drawn_menu.cache_clear()
    names = set(re.findall(r'href="/(\w+)/"', shown))
    assert offered <= names
    assert not kept_away & names
    assert re.findall(r'href="([^"]+)" aria-current="page"', shown) == (["/tasks/"] if "tasks" in names else [])


def _refused(request: HttpRequest) -> HttpResponse:
    require_anywhere(actor_of(request), Permission.PUBLISH)
    return HttpResponse()


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bolt is loose")


def _too_much(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


class Refusing:
    """A site map of what goes wrong, inside the real one."""

    from thuocdo.project.urls import handler400 as handler400
    from thuocdo.project.urls import urlpatterns as _real

    urlpatterns = [path("tu-choi/", _refused), path("hong/", _broken), path("qua-lon/", _too_much), *_real]


@pytest.fixture
def refusing(settings: LazySettings, client: Client) -> Client:
    settings.ROOT_URLCONF = Refusing
    client.raise_request_exception = False
    return client


def test_a_visitor_who_may_not_is_asked_to_sign_in_and_a_person_is_told(refusing: Client, world: World) -> None:
    asked = refusing.get("/tu-choi/")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/tai-khoan/login/?next=/tu-choi/")
    refusing.force_login(world.people["lan"])
    told = refusing.get("/tu-choi/")
    assert told.status_code == 403
    assert "Bạn không có quyền xem phần này" in told.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/khong-co/", 404, "Không có trang này"),
        ("/qua-lon/", 413, "20 MB"),
        ("/hong/", 500, "Hệ thống gặp lỗi"),
    ],
)
def test_what_goes_wrong_is_said_in_vietnamese_with_a_way_on(
    refusing: Client, db: None, address: str, status: int, words: str
) -> None:
    answer = refusing.get(address)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Về trang đầu" in answer.content.decode()


def test_an_expired_form_says_that_nothing_was_recorded(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/tai-khoan/login/", {"login": "lan"})
    assert answer.status_code == 403
    assert "Chưa có gì được ghi." in answer.content.decode()
