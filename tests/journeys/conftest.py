"""What browser stories need: a running site, a page in the system's Chromium, signing in, axe."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.serving import site as running_site
from tests.world import PASSWORD

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
# Stories in which nothing is done later; starting a worker takes seconds.
WITHOUT_WORKER = {"test_design.py", "test_sign_in.py"}
SERIOUS = {"serious", "critical"}
# A page that is right in the end is right; how fast it must be is measured elsewhere, on an idle machine.
expect.set_options(timeout=60_000)


def chromium() -> str | None:
    """The system's Chromium: $CHROMIUM, the usual places, then the search path."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [place for place in PLACES if Path(place).exists()]
    return next(iter(found), None) or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture
def site(own_database: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a real server, with a worker, on a copy of the template database."""
    with_worker = request.path.name not in WITHOUT_WORKER
    with running_site(own_database, with_worker=with_worker, THUOCDO_DEMO="1") as address:
        yield address


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """The system's Chromium; without one the stories are skipped, and say so."""
    path = chromium()
    if path is None:
        pytest.skip("NO BROWSER: no Chromium was found; set CHROMIUM to its path. The browser stories did not run.")
    # The browser's driver keeps an event loop in this thread, in which Django would refuse to ask the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def browser_page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh page on the site; an error in the console or a broken content policy fails the story."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    yield page
    context.close()
    assert not complaints, complaints


def _sign_in(page: Page, username: str) -> None:
    page.goto("/tai-khoan/login/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda address: "login" not in address)


def _faults(page: Page) -> list[dict[str, Any]]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        {"rule": fault["id"], "help": fault["help"], "where": [node["html"][:200] for node in fault["nodes"]][:5]}
        for fault in found
        if fault["impact"] in SERIOUS
    ]


@pytest.fixture
def sign_in() -> Callable[[Page, str], None]:
    """`sign_in(page, "lan")`: as one of the cast."""
    return _sign_in


@pytest.fixture
def assert_accessible() -> Callable[[Page], None]:
    """`assert_accessible(page)`: axe finds nothing serious or critical."""

    def check(page: Page) -> None:
        assert _faults(page) == []

    return check
