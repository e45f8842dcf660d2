"""The ledger browser: for those whose right reaches every body; each entry shows its proof."""

import pytest
from django.db import connection
from django.test import Client

from tests.world import World
from thuocdo.ledger.events import Event
from thuocdo.ledger.queries import newest_number
from thuocdo.web.ledger.wording import WORDS

pytestmark = pytest.mark.django_db


def signed_in(world: World, username: str) -> Client:
    client = Client()
    client.force_login(world.people[username])
    return client


@pytest.mark.parametrize("username", ["thu", "thanh", "hoa", "quan"])
def test_whoever_answers_for_the_whole_reads_it(world: World, username: str) -> None:
    answer = signed_in(world, username).get("/nhat-ky/")
    assert answer.status_code == 200
    assert "Mở tài khoản" in answer.content.decode()


def test_events_are_told_as_what_happened_and_not_as_buttons(world: World) -> None:
    client = signed_in(world, "thu")
    client.cookies["django_language"] = "en"
    shown = client.get("/nhat-ky/").text
    assert "Account opened" in shown
    assert "Open an account" not in shown


@pytest.mark.parametrize("username", ["lan", "dung", "minh", "an", "binh"])
@pytest.mark.parametrize("address", ["/nhat-ky/", "/nhat-ky/1/"])
def test_others_do_not(world: World, username: str, address: str) -> None:
    assert signed_in(world, username).get(address).status_code == 403


def test_the_public_is_asked_to_sign_in() -> None:
    assert Client().get("/nhat-ky/").status_code == 302


def test_filters_narrow_the_list(world: World) -> None:
    lan = world.people["lan"].label
    answer = signed_in(world, "thu").get("/nhat-ky/", {"doi_tuong": lan, "su_kien": "accounts."})
    assert answer.context["found"] == 2
    nothing = signed_in(world, "thu").get("/nhat-ky/", {"doi_tuong": "task:999999"})
    assert "Không có mục nào" in nothing.content.decode()


def test_an_entry_shows_its_proof_and_a_forged_one_does_not_hold(world: World) -> None:
    client = signed_in(world, "thanh")
    assert client.get("/nhat-ky/2/").context["holds"]
    assert client.get(f"/nhat-ky/{newest_number() + 1}/").status_code == 404
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
        cursor.execute("UPDATE ledger_entry SET actor = 'user:999' WHERE number = 2")
    assert not client.get("/nhat-ky/2/").context["holds"]
    found = client.post("/nhat-ky/kiem-tra/", follow=True)
    assert "bị đứt tại mục 2" in found.content.decode()


def test_the_walk_says_how_many_entries_hold(world: World) -> None:
    answer = signed_in(world, "thu").post("/nhat-ky/kiem-tra/", follow=True)
    assert f"đã kiểm tra {newest_number()} mục" in answer.content.decode()


def test_every_event_has_words() -> None:
    assert set(WORDS) == set(Event)
