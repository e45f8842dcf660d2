"""One's own deadlines for other calendars: a file that keeps to the standard, a secret address that can be revoked."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import given as every
from hypothesis import strategies as some

from tests.tasks.samples import given, taken_on
from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import RoleHolding
from thuocdo.accounts.operations import end_role
from thuocdo.alerts.files import Deadline, calendar_ics
from thuocdo.alerts.models import CalendarAddress
from thuocdo.ledger.models import Entry
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import cancel
from thuocdo.tasks.operations.structure import MilestonePlan, add_milestone

Event = dict[str, str]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def events(content: bytes) -> list[Event]:
    """The events as a calendar program reads them: unfolded, by property name; checks the lines on the way."""
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for line in content.split(b"\r\n"):
        # No letter is torn in two.
        line.decode()
    text = content.replace(b"\r\n ", b"").decode()
    found: list[Event] = []
    for part in text.split("BEGIN:VEVENT\r\n")[1:]:
        lines = part.split("END:VEVENT")[0].strip().split("\r\n")
        found.append({name.partition(";")[0]: value for name, _colon, value in (one.partition(":") for one in lines)})
    return found


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


@every(
    some.text(max_size=200), some.text(max_size=300), some.dates(date(2000, 1, 1), date(2100, 1, 1)), some.booleans()
)
def test_whatever_a_title_holds_the_file_keeps_to_the_standard(
    title: str, words: str, day: date, is_cancelled: bool
) -> None:
    one = Deadline(
        "nv-2026-000001", day, title, words, "https://thuocdo.vn/nhiem-vu/NV-2026-000001/",
        datetime(2026, 9, 14, 8, tzinfo=UTC), 3, is_cancelled,
    )  # fmt: skip
    (event,) = events(calendar_ics([one], name="Lịch, của; tôi", host="thuocdo.vn"))
    assert event["UID"] == "nv-2026-000001@thuocdo.vn"
    assert (event["DTSTART"], event["DTEND"]) == (f"{day:%Y%m%d}", f"{day + timedelta(days=1):%Y%m%d}")
    assert event["STATUS"] == ("CANCELLED" if is_cancelled else "CONFIRMED")
    plain = title.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in plain if letter.isprintable() or letter in "\t\n")
    assert unescaped(event["SUMMARY"]) == kept
    assert (event["DTSTAMP"], event["SEQUENCE"]) == ("20260914T080000Z", "3")


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def fetched(client: Client, address: str) -> list[Event]:
    answer: Any = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return events(answer.content)


def opened(client: Client) -> str:
    answer: Any = client.post("/cai-dat/lich/", {"viec": "lap"})
    found = re.search(r"http://testserver(/lich/[\w-]+\.ics)", answer.text)
    assert found is not None
    return found[1]


def test_lan_subscribes_and_sees_what_she_may_see_until_she_may_not(
    world: World, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    mine, other = taken_on(world, title="Rà soát; sửa, bổ sung"), given(world, "BNV", title="Việc của bộ khác")
    plan = MilestonePlan("Dự thảo 1", TODAY + timedelta(days=9))
    add_milestone(actor=world.actor("lan"), at=NOW, task=mine, milestone=plan)
    lan = signed_in(world, "lan")
    address = opened(lan)
    # Shown this once; kept as a hash; the ledger tells that, and not the secret.
    assert address not in lan.get("/cai-dat/lich/").text
    assert CalendarAddress.objects.get().digest not in address
    assert Entry.objects.filter(event="alerts.calendar.opened", subject=world.people["lan"].label).exists()
    stranger = Client()
    with django_assert_max_num_queries(8):
        mark, deadline = fetched(stranger, address)
    assert (mark["SUMMARY"], mark["DTSTART"]) == ("Mốc: Dự thảo 1", f"{TODAY + timedelta(days=9):%Y%m%d}")
    assert unescaped(deadline["SUMMARY"]) == "Hạn: Rà soát; sửa, bổ sung"
    assert deadline["URL"] == f"http://testserver/nhiem-vu/{mine.code}/"
    assert other.code.lower() not in str(fetched(stranger, address))
    assert "được đọc gần nhất" in lan.get("/cai-dat/lich/").text
    assert fetched(lan, "/cai-dat/lich/lich-nhiem-vu.ics") == [mark, deadline]

    # What is cancelled is said to be cancelled under the same identifier, with a higher number.
    cancel(actor=world.actor("thu"), at=NOW, task=mine, reason="Thôi")
    after = next(one for one in fetched(stranger, address) if one["UID"] == deadline["UID"])
    assert after["STATUS"] == "CANCELLED"
    assert int(after["SEQUENCE"]) > int(deadline["SEQUENCE"])
    # Of a task of restricted circulation only the code leaves the system.
    Task.objects.filter(pk=mine.pk).update(secrecy="restricted")
    assert "Rà soát" not in str(fetched(stranger, address))

    # A new address ends the old one; revoked, none opens; with the role goes what it showed.
    newer = opened(lan)
    assert stranger.get(address).status_code == 404
    holding = RoleHolding.objects.get(user=world.people["lan"])
    end_role(actor=world.actor("quan"), at=NOW, holding=holding, on=TODAY)
    assert fetched(stranger, newer) == []
    lan.post("/cai-dat/lich/", {"viec": "thu-hoi"})
    assert stranger.get(newer).status_code == 404
    assert not CalendarAddress.objects.filter(revoked_at=None).exists()


def test_strangers_and_guesses_find_nothing(world: World) -> None:
    opened(signed_in(world, "lan"))
    for address in ("/lich/x.ics", f"/lich/{CalendarAddress.objects.get().digest}.ics"):
        assert Client().get(address).status_code == 404
    assert Client().get("/cai-dat/lich/").status_code == 302
    # A closed account opens nothing, whoever still has its address.
    address = opened(signed_in(world, "minh"))
    world.people["minh"].is_active = False
    world.people["minh"].save(update_fields=["is_active"])
    assert Client().get(address).status_code == 404
