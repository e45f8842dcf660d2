"""Signing in as people do: a wrong password is explained, the right one opens the house, leaving closes it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.world import PASSWORD

pytestmark = pytest.mark.journey


def test_lan_mistypes_then_signs_in_then_leaves(browser_page: Page, assert_accessible: Callable[[Page], None]) -> None:
    browser_page.goto("/tai-khoan/login/?next=/thiet-ke/")
    assert_accessible(browser_page)
    browser_page.get_by_label("Tên đăng nhập").fill("lan")
    browser_page.get_by_label("Mật khẩu").fill("sai hẳn")
    browser_page.get_by_role("button", name="Đăng nhập", exact=True).click()
    alert = browser_page.get_by_role("alert")
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in alert.inner_text()
    assert_accessible(browser_page)
    browser_page.get_by_label("Mật khẩu").fill(PASSWORD)
    browser_page.get_by_role("button", name="Đăng nhập", exact=True).click()
    browser_page.get_by_text("Trần Thị Lan").click()
    browser_page.get_by_role("button", name="Đăng xuất").click()
    expect(browser_page.get_by_role("link", name="Đăng nhập")).to_be_visible()
    browser_page.goto("/thiet-ke/")
    expect(browser_page.get_by_role("link", name="Đăng nhập")).to_be_visible()


def test_security_pages_are_accessible(
    browser_page: Page,
    sign_in: Callable[[Page, str], None],
    assert_accessible: Callable[[Page], None],
) -> None:
    sign_in(browser_page, "lan")
    for address in ("/tai-khoan/2fa/", "/tai-khoan/password/change/", "/tai-khoan/2fa/totp/activate/"):
        browser_page.goto(address)
        assert_accessible(browser_page)
    # The last one asks who is there before it shows a secret.
    browser_page.get_by_label("Mật khẩu").fill(PASSWORD)
    browser_page.get_by_role("button", name="Xác nhận").click()
    expect(browser_page.get_by_role("heading", name="Bật ứng dụng xác thực")).to_be_visible()
    assert browser_page.locator("img.code").evaluate("image => image.naturalWidth") > 0
    assert_accessible(browser_page)


def test_a_passkey_is_added_and_opens_the_house(
    browser_page: Page, sign_in: Callable[[Page, str], None], site: str
) -> None:
    # Passkeys are bound to a name, so this story speaks to localhost and not to the number.
    home = site.replace("127.0.0.1", "localhost")
    tools = browser_page.context.new_cdp_session(browser_page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    browser_page.goto(f"{home}/tai-khoan/login/?next=/thiet-ke/")
    browser_page.get_by_label("Tên đăng nhập").fill("minh")
    browser_page.get_by_label("Mật khẩu").fill(PASSWORD)
    browser_page.get_by_role("button", name="Đăng nhập", exact=True).click()
    browser_page.goto(f"{home}/tai-khoan/2fa/webauthn/add/")
    browser_page.get_by_label("Mật khẩu").fill(PASSWORD)
    browser_page.get_by_role("button", name="Xác nhận").click()
    browser_page.get_by_label("Đăng nhập không cần mật khẩu").check()
    browser_page.get_by_role("button", name="Thêm").click()
    browser_page.wait_for_url("**/recovery-codes/**")
    browser_page.context.clear_cookies()
    browser_page.goto(f"{home}/tai-khoan/login/?next=/thiet-ke/")
    browser_page.get_by_role("button", name="Dùng khóa bảo mật").click()
    # The whole address: a pattern would fit the sign-in page, which carries the other in its query.
    browser_page.wait_for_url(f"{home}/thiet-ke/")
    expect(browser_page.get_by_text("Phạm Quang Minh").first).to_be_visible()
