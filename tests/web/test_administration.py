"""Administration: people and roles within reach, accounts opened and closed, keys shown once and revoked."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import load_figures, row
from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import ApiKey, Role, RoleHolding, User
from thuocdo.accounts.operations import deactivate_account, grant_role, issue_key, revoke_key
from thuocdo.accounts.queries import key_for
from thuocdo.ledger.models import Entry
from thuocdo.web.administration.secret import temporary_password
from thuocdo.web.administration.wording import DUTIES, ROLES

Queries = Callable[[int], Any]
NEW = {"full_name": "Nguyễn Văn Mới", "username": "moi", "body": "Bộ Nội vụ", "body_ma": "BNV", "role": "focal_point"}


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def as_person(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


@pytest.fixture
def quan(world: World) -> Client:
    """Signed in as the administrator of everything."""
    return as_person(world, "quan")


@pytest.fixture
def local(world: World) -> Client:
    """Signed in as Bình, who now administers Hà Nội and below."""
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.ADMINISTRATOR, body=world.body("01"),
        valid_from=TODAY,
    )  # fmt: skip
    return as_person(world, "binh")


def secret_on(page: Any) -> str:
    """What the page shows this once."""
    found = re.search(r'<p class="secret"><code>([^<]+)</code>', page.text)
    assert found is not None
    return found[1]


def marked(client: Client, address: str, **fields: Any) -> dict[str, Any]:
    """Fields with the mark of a form that was just opened."""
    return {"dau": client.get(address).context["mark"], **fields}


def person_address(user: User, step: str = "") -> str:
    return f"/quan-tri/nguoi/{user.pk}/{step}"


# Who may


@pytest.mark.parametrize("address", ["/quan-tri/", "/quan-tri/khoa/", "/quan-tri/mo-tai-khoan/", "/quan-tri/nguoi/1/"])
def test_only_administrators_enter(world: World, address: str) -> None:
    assert Client().get(address).status_code == 302
    for name in ("thu", "lan", "dung", "minh", "son", "thanh", "hoa", "an", "binh"):
        assert as_person(world, name).get(address).status_code == 403


@pytest.mark.parametrize("step", ["giao-vai-tro/", "giao-lai/", "khoa/", "mo-lai/", "mat-khau/"])
def test_acts_are_for_administrators_and_only_by_form(world: World, quan: Client, step: str) -> None:
    lan = world.people["lan"]
    assert as_person(world, "an").post(person_address(lan, step)).status_code == 403
    assert quan.get(person_address(lan, step)).status_code == 405


def test_nothing_of_these_pages_is_kept_by_browsers(quan: Client) -> None:
    assert quan.get("/quan-tri/").headers["Cache-Control"] == "private, no-store"


# People


def test_people_are_listed_by_given_name_with_roles_and_time(quan: Client) -> None:
    page = quan.get("/quan-tri/")
    names = [one.user.username for one in page.context["rows"]]
    assert names == ["an", "dung", "ha", "hoa", "lan", "minh", "quan", "son", "thanh", "thu"]
    assert "10 người đang giữ 10 vai trò tại 7 cơ quan" in page.text
    assert "Đầu mối báo cáo, Bộ Tư pháp" in page.text
    assert "phạm vi: Trung ương" in page.text


def test_people_are_found_without_accents_by_body_role_and_state(quan: Client, world: World) -> None:
    def found(**words: str) -> list[str]:
        return [one.user.username for one in quan.get("/quan-tri/", words).context["rows"]]

    assert found(tim="tran thi lan") == ["lan"]
    assert found(co_quan="Bộ Tư pháp", co_quan_ma="BTP") == ["dung", "lan"]
    assert found(vai_tro="inspector") == ["thanh"]
    assert found(tinh_trang="het") == ["binh"]
    deactivate_account(actor=world.actor("quan"), at=NOW, user=world.people["an"])
    assert found(tinh_trang="khoa") == ["an"]
    assert "an" not in found()
    assert "Không có ai khớp" in quan.get("/quan-tri/", {"tim": "zzz"}).text


def test_a_local_administrator_sees_only_their_own(local: Client, world: World) -> None:
    assert [one.user.username for one in local.get("/quan-tri/").context["rows"]] == ["binh", "ha"]
    for name in ("an", "lan", "quan"):
        assert local.get(person_address(world.people[name])).status_code == 404
        assert local.post(person_address(world.people[name], "khoa/")).status_code == 404
    assert local.get("/quan-tri/nguoi/99999999999999999999/").status_code == 404


def test_the_list_asks_the_database_a_dozen_times(quan: Client, django_assert_max_num_queries: Queries) -> None:
    with django_assert_max_num_queries(15):
        quan.get("/quan-tri/")
    with django_assert_max_num_queries(15):
        quan.get("/quan-tri/khoa/")


def test_every_role_for_people_has_words() -> None:
    assert set(ROLES) == set(DUTIES) == set(Role) - {Role.SOURCE_SYSTEM}


# Opening an account


def test_an_account_is_opened_with_a_role_and_a_password_shown_once(quan: Client, world: World) -> None:
    page = quan.post("/quan-tri/mo-tai-khoan/", marked(quan, "/quan-tri/mo-tai-khoan/", **NEW))
    user = User.objects.get(username="moi")
    password = secret_on(page)
    assert user.check_password(password)
    assert "không bắt buộc đổi" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    holding = RoleHolding.objects.get(user=user)
    assert (holding.role, holding.body.code, holding.valid_from) == ("focal_point", "BNV", TODAY)
    assert password not in quan.get(person_address(user)).text
    # The password works on the ordinary sign-in page.
    answer = Client().post("/tai-khoan/login/", {"login": "moi", "password": password})
    assert answer.status_code == 302
    assert password not in " ".join(Entry.objects.values_list("data", flat=True))


def test_a_reload_of_the_answer_opens_no_second_account(quan: Client) -> None:
    form = marked(quan, "/quan-tri/mo-tai-khoan/", **NEW)
    quan.post("/quan-tri/mo-tai-khoan/", form)
    again = quan.post("/quan-tri/mo-tai-khoan/", form, follow=True)
    assert "đã hiện một lần và không hiện lại" in again.text
    assert User.objects.filter(username="moi").count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "LAN"}, "đã có người dùng"),
        ({"username": "hai từ"}, "không có khoảng trắng"),
        ({"username": ""}, "Chưa ghi tên đăng nhập"),
        ({"full_name": ""}, "Chưa ghi họ và tên"),
        ({"body": "", "body_ma": ""}, "Chưa chọn cơ quan"),
        ({"body": "không có", "body_ma": ""}, "Không tìm thấy cơ quan"),
        ({"role": ""}, "Chưa chọn vai trò"),
        ({"role": "king"}, "king"),
        ({"valid_to": "01/01/2026"}, "Ngày cuối trước ngày đầu"),
        ({"valid_from": "31/02/2026"}, "Không có ngày 31/02/2026"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_opened(
    quan: Client, change: dict[str, str], words: str
) -> None:
    before = (User.objects.count(), RoleHolding.objects.count())
    page = quan.post("/quan-tri/mo-tai-khoan/", marked(quan, "/quan-tri/mo-tai-khoan/", **NEW | change))
    assert page.status_code == 422
    assert words in page.text
    if change.get("full_name", "x"):
        assert "Nguyễn Văn Mới" in page.text
    assert (User.objects.count(), RoleHolding.objects.count()) == before


def test_a_role_beyond_ones_reach_opens_no_account_either(local: Client) -> None:
    fields = NEW | {"body": "Thành phố Hà Nội", "body_ma": "01", "role": "inspector"}
    page = local.post("/quan-tri/mo-tai-khoan/", marked(local, "/quan-tri/mo-tai-khoan/", **fields))
    assert page.status_code == 422
    assert "vượt phạm vi quản trị của bạn" in page.text
    assert not User.objects.filter(username="moi").exists()
    elsewhere = local.post("/quan-tri/mo-tai-khoan/", marked(local, "/quan-tri/mo-tai-khoan/", **NEW))
    assert "Không tìm thấy cơ quan" in elsewhere.text


def test_hostile_names_stay_text(quan: Client) -> None:
    fields = NEW | {"full_name": "<script>alert(1)</script>"}
    page = quan.post("/quan-tri/mo-tai-khoan/", marked(quan, "/quan-tri/mo-tai-khoan/", **fields))
    assert "<script>alert" not in page.text
    assert "<script>alert" not in quan.get("/quan-tri/").text


# Roles


def test_a_role_is_given_for_a_time_and_its_last_day_is_a_day_on_which_it_holds(quan: Client, world: World) -> None:
    binh = world.people["binh"]
    quan.post(
        person_address(binh, "giao-vai-tro/"),
        {"role": "verifier", "body": "Bộ Y tế", "body_ma": "BYT", "over": "Trung ương", "over_ma": "TW",
         "valid_from": "01/10/2026", "valid_to": "31/12/2026"},
    )  # fmt: skip
    holding = RoleHolding.objects.get(user=binh)
    assert (holding.over and holding.over.code, str(holding.valid_from), str(holding.valid_to)) == (
        "TW", "2026-10-01", "2027-01-01",
    )  # fmt: skip
    page = quan.get(person_address(binh))
    assert "31/12/2026" in page.text


def test_a_role_that_is_held_already_is_refused(quan: Client, world: World) -> None:
    page = quan.post(
        person_address(world.people["lan"], "giao-vai-tro/"),
        {"role": "focal_point", "body": "Bộ Tư pháp", "body_ma": "BTP"},
    )
    assert page.status_code == 422
    assert "đang giữ đúng vai trò ấy" in page.text


def test_an_ended_role_is_given_back_with_one_press(quan: Client, world: World) -> None:
    minh = world.people["minh"]
    holding = RoleHolding.objects.get(user=minh)
    page = quan.post(f"/quan-tri/vai-tro/{holding.pk}/thoi/", follow=True)
    assert "Đã thôi vai trò Người thẩm định kết quả tại Văn phòng Chính phủ" in page.text
    assert not RoleHolding.objects.valid_on(TODAY).filter(user=minh).exists()
    undo = re.search(r'action="(/quan-tri/nguoi/\d+/giao-lai/[^"]+)"', page.text)
    assert undo is not None
    quan.post(undo[1].replace("&amp;", "&"))
    (given,) = RoleHolding.objects.valid_on(TODAY).filter(user=minh)
    assert (given.role, given.body_id, given.over_id) == (holding.role, holding.body_id, holding.over_id)


def test_giving_back_is_checked_like_giving(local: Client, world: World) -> None:
    ha = world.people["ha"]
    address = person_address(ha, "giao-lai/")
    assert local.post(f"{address}?vai_tro=inspector&co_quan=01").status_code == 403
    assert local.post(f"{address}?vai_tro=verifier&co_quan=48").status_code == 403
    assert local.post(f"{address}?vai_tro=king&co_quan=01").status_code == 404
    assert local.post(f"{address}?vai_tro=verifier&co_quan=01&den=nonsense").status_code == 404
    assert RoleHolding.objects.filter(user=ha).count() == 1


def test_ending_is_within_reach_only_and_never_ones_own_administration(
    quan: Client, local: Client, world: World
) -> None:
    an = RoleHolding.objects.get(user=world.people["an"])
    assert local.post(f"/quan-tri/vai-tro/{an.pk}/thoi/").status_code == 404
    own = RoleHolding.objects.get(user=world.people["quan"])
    page = quan.post(f"/quan-tri/vai-tro/{own.pk}/thoi/", follow=True)
    assert "Không tự thôi vai trò quản trị của chính mình" in page.text
    assert RoleHolding.objects.valid_on(TODAY).filter(pk=own.pk).exists()


# Accounts


def test_a_closed_account_is_thrown_out_and_can_be_opened_again(quan: Client, world: World) -> None:
    lan, hers = world.people["lan"], as_person(world, "lan")
    assert hers.get("/nhiem-vu/").status_code == 200
    page = quan.post(person_address(lan, "khoa/"), follow=True)
    assert "người này không đăng nhập được nữa" in page.text
    assert hers.get("/nhiem-vu/").status_code == 302
    quan.post(person_address(lan, "mo-lai/"))
    assert as_person(world, "lan").get("/nhiem-vu/").status_code == 200


def test_a_new_password_ends_open_sessions(quan: Client, world: World) -> None:
    lan, hers = world.people["lan"], as_person(world, "lan")
    page = quan.post(person_address(lan, "mat-khau/"), marked(quan, person_address(lan)))
    lan.refresh_from_db()
    assert lan.check_password(secret_on(page))
    assert hers.get("/nhiem-vu/").status_code == 302


def test_administrators_are_not_offered_to_lock_themselves_out(quan: Client, world: World) -> None:
    me = world.people["quan"]
    page = quan.get(person_address(me))
    assert "việc của một người quản trị khác" in page.text
    assert "Không tự khóa tài khoản" in quan.post(person_address(me, "khoa/"), follow=True).text


def test_who_has_roles_elsewhere_is_not_closed_from_below(local: Client, world: World) -> None:
    ha = world.people["ha"]
    grant_role(
        actor=world.machine, at=NOW, user=ha, role=Role.FOCAL_POINT, body=world.body("48"), valid_from=TODAY
    )  # fmt: skip
    page = local.get(person_address(ha))
    assert "còn giữ vai trò ngoài phạm vi của bạn" in page.text
    # What lies outside the reach is not told, either.
    assert "Đà Nẵng" not in page.text
    assert local.post(person_address(ha, "khoa/")).status_code == 403
    assert local.post(person_address(ha, "mat-khau/"), marked(local, person_address(ha))).status_code == 403


def test_temporary_passwords_differ_and_avoid_look_alikes() -> None:
    made = {temporary_password() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"([a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}", one) for one in made)


# Keys


def test_a_key_is_shown_once_and_feeds_only_what_it_may(quan: Client, world: World) -> None:
    load_figures(world)
    fields = {
        "title": "Cổng dịch vụ công", "body": "Thành phố Hà Nội", "body_ma": "01",
        "indicators": ["service_on_time"], "expires_on": "31/12/2026",
    }  # fmt: skip
    page = quan.post("/quan-tri/khoa/", marked(quan, "/quan-tri/khoa/", **fields))
    token = secret_on(page)
    key = ApiKey.objects.get()
    assert key_for(token, at=NOW) == key
    assert (key.indicators, key.expires_at and key.expires_at.isoformat()) == (
        ["service_on_time"], "2026-12-31T17:00:00+00:00",
    )  # fmt: skip
    assert token not in quan.get("/quan-tri/khoa/").text
    sent = Client().post(
        "/api/v1/measurements",
        {"rows": [row()]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert sent.status_code == 201
    other = Client().post(
        "/api/v1/measurements",
        {"rows": [row(indicator="satisfaction", period="2026-Q2")]},
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert other.json()["errors"][0]["code"] == "out_of_scope"
    assert "09:30 14/09/2026" in quan.get("/quan-tri/khoa/").text


def test_a_reload_issues_no_second_key(quan: Client) -> None:
    form = marked(quan, "/quan-tri/khoa/", title="Kho bạc", body="Bộ Nội vụ", body_ma="BNV")
    quan.post("/quan-tri/khoa/", form)
    quan.post("/quan-tri/khoa/", form)
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "Chưa ghi tên hệ thống nguồn"),
        ({"title": "x" * 121}, "120"),
        ({"body": "", "body_ma": ""}, "Chưa chọn cơ quan"),
        ({"indicators": ["khong_co"]}, "khong_co"),
        ({"expires_on": "13/09/2026"}, "Ngày hết hạn đã qua"),
        ({"feeds": "ho_so, Hồ sơ"}, "“Hồ sơ” không phải là mã luồng"),
        ({"expires_on": "mai"}, "chưa đúng dạng ngày"),
    ],
)
def test_a_wrong_key_form_issues_nothing(quan: Client, change: dict[str, Any], words: str) -> None:
    fields = {"title": "Kho bạc", "body": "Bộ Nội vụ", "body_ma": "BNV"} | change
    page = quan.post("/quan-tri/khoa/", marked(quan, "/quan-tri/khoa/", **fields))
    assert page.status_code == 422
    assert words in page.text
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing_and_stays_in_the_list(quan: Client, world: World) -> None:
    key, token = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("01"), title="Một cửa")
    page = quan.post(f"/quan-tri/khoa/{key.pk}/thu-hoi/", follow=True)
    assert "mọi lần gửi bằng khóa này bị từ chối" in page.text
    assert "thu hồi 14/09/2026" in page.text
    assert key_for(token, at=NOW) is None
    entries = Entry.objects.count()
    revoke_key(actor=world.actor("quan"), at=NOW, key=ApiKey.objects.get())
    assert Entry.objects.count() == entries


def test_a_key_is_changed_for_another_without_a_gap(quan: Client, world: World) -> None:
    key, token = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("01"), title="Một cửa", feeds=["ho_so"])
    form = marked(quan, "/quan-tri/khoa/")
    page = quan.post(f"/quan-tri/khoa/{key.pk}/doi/", form)
    fresh = secret_on(page)
    assert "Khóa cũ còn dùng được đến" in page.text
    assert fresh != token
    assert key_for(token, at=NOW) == key_for(fresh, at=NOW) == key
    quan.post(f"/quan-tri/khoa/{key.pk}/doi/", form)
    assert key_for(token, at=NOW) == key, "a reload makes no third secret"
    assert "khóa cũ dùng đến" in quan.get("/quan-tri/khoa/").text
    revoke_key(actor=world.actor("quan"), at=NOW, key=key)
    page = quan.post(f"/quan-tri/khoa/{key.pk}/doi/", marked(quan, "/quan-tri/khoa/"), follow=True)
    assert "không đổi được" in page.text


def test_keys_elsewhere_are_neither_seen_nor_revoked(local: Client, world: World) -> None:
    key, _ = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("48"), title="Một cửa Đà Nẵng")
    assert "Một cửa Đà Nẵng" not in local.get("/quan-tri/khoa/").text
    assert local.post(f"/quan-tri/khoa/{key.pk}/thu-hoi/").status_code == 404
    assert local.post(f"/quan-tri/khoa/{key.pk}/doi/").status_code == 404
