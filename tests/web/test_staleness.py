"""A figure whose successor is overdue says so wherever it or a score made of it stands, and a fresh one does not."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.indicators.figures import tell
from tests.scorecards.method import score_provinces
from tests.web.judgement import Nation, judged
from tests.world import NOW, World
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.models import Indicator, Measurement
from thuocdo.indicators.queries import days_overdue, stale_figures

# August was told in September; September is owed until the tenth of October, and nobody tells it.
LATER = NOW + timedelta(days=45)
MARK = 'class="status overdue stale"'
WORDS = "quá hạn cập nhật 19 ngày"
SERVICE = "service_on_time"

# Where a figure, or a score that rests on one, is shown; to whom.
PAGES = {
    "ranking": ("ha", "/xep-hang/?nhom=provinces"),
    "two bodies": ("ha", "/xep-hang/?nhom=provinces&so-sanh=01,48"),
    "what follows the ranking": ("ha", "/xep-hang/bang/?nhom=provinces"),
    "body": ("ha", "/co-quan/01/"),
    "pillar": ("ha", "/co-quan/01/results/"),
    "indicator of a body": ("ha", f"/co-quan/01/{SERVICE}/"),
    "analysis": ("ha", "/co-quan/01/phan-tich/"),
    "bodies": ("thu", "/co-quan/"),
    "indicators": ("ha", "/chi-so/?co_quan=01"),
    "indicator": ("ha", f"/chi-so/{SERVICE}/?co_quan=01"),
    "bodies compared": ("thu", f"/chi-so/{SERVICE}/?nhom=provinces"),
    "quality": ("thu", "/chat-luong-du-lieu/?nhom=provinces"),
    "quality of a body": ("ha", "/co-quan/01/du-lieu/"),
    "overview": ("thu", "/tong-quan/"),
    "entry": ("ha", "/so-lieu/?co_quan=01&ky=2026-09"),
}


@pytest.fixture
def nation(world: World) -> Iterator[Nation]:
    with time_machine.travel(NOW, tick=False):
        yield judged(world)


def reads(world: World, person: str, address: str) -> str:
    client = Client()
    client.force_login(world.people[person])
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.text


def test_every_page_marks_what_is_overdue_and_nothing_else(nation: Nation) -> None:
    for name, (person, address) in PAGES.items():
        assert MARK not in reads(nation.world, person, address), f"{name}: marked although all is fresh"
    with time_machine.travel(LATER, tick=False):
        for name, (person, address) in PAGES.items():
            page = reads(nation.world, person, address)
            assert MARK in page, f"{name}: nothing marked"
            # By shape and words with the day until which it tells, never by colour alone.
            mark = page[page.index(MARK) :][:400]
            assert 'href="#m-overdue"' in mark, name
            assert "quá hạn" in mark, name
            assert "đến 31/08/2026" in mark, name


def test_the_figure_itself_says_until_when_it_tells(nation: Nation) -> None:
    row = Measurement.objects.get(indicator__code=SERVICE, body__code="01", period="2026-08")
    earlier = Measurement.objects.get(indicator__code=SERVICE, body__code="01", period="2026-05")
    assert MARK not in reads(nation.world, "ha", f"/so-lieu/{row.pk}/")
    with time_machine.travel(LATER, tick=False):
        page = reads(nation.world, "ha", f"/so-lieu/{row.pk}/")
        assert f"{WORDS} <small>số đến 31/08/2026</small>" in page
        # A figure that has a successor is old, not overdue.
        assert MARK not in reads(nation.world, "ha", f"/so-lieu/{earlier.pk}/")


def test_marks_of_a_ranking_lead_to_the_figures_and_go_when_the_figure_comes(nation: Nation) -> None:
    with time_machine.travel(LATER, tick=False):
        page = reads(nation.world, "ha", "/xep-hang/?nhom=provinces")
        assert 'href="/co-quan/01/?ky=2026-Q3#chi-so"' in page
        assert "1 số liệu quá hạn cập nhật, cũ nhất đến 31/08/2026" in page
        tell(nation.world, at=LATER, body="01", period="2026-09", value="97")
        tell(nation.world, at=LATER, body="48", period="2026-09", value="71")
        score_provinces(nation.world, nation.scorecard, at=LATER)
        for address in ("/xep-hang/?nhom=provinces", "/co-quan/01/"):
            assert MARK not in reads(nation.world, "ha", address), address


def test_a_kept_page_does_not_outlive_the_day(nation: Nation) -> None:
    address = "/co-quan/01/"
    assert MARK not in reads(nation.world, "ha", address)
    with time_machine.travel(LATER, tick=False):
        assert MARK in reads(nation.world, "ha", address)


def test_a_closed_period_is_as_old_as_it_is(nation: Nation) -> None:
    with time_machine.travel(LATER, tick=False):
        for address in ("/xep-hang/?nhom=provinces&ky=2026-Q2", "/co-quan/01/?ky=2026-Q2"):
            assert MARK not in reads(nation.world, "ha", address), address


def test_the_public_reads_when_the_survey_was_last_told(nation: Nation) -> None:
    page = Client().get("/").text
    assert "khảo sát độc lập" in page
    assert MARK not in page
    with time_machine.travel(NOW + timedelta(days=150), tick=False):
        page = Client().get("/").text
        assert "2 số liệu quá hạn cập nhật, cũ nhất đến 30/09/2026" in page


def test_many_bodies_are_looked_up_at_once(nation: Nation, django_assert_num_queries: Any) -> None:
    world = nation.world
    bodies = [world.body("01"), world.body("48"), world.body("BTP")]
    today, quarter = LATER.date(), parse_period("2026-Q3")
    with django_assert_num_queries(1):
        found = stale_figures(bodies, codes=[SERVICE], today=today, period=quarter)
    assert {body: [one.days for one in those] for body, those in found.items()} == {
        world.body("01").pk: [19],
        world.body("48").pk: [19],
    }
    # A figure that was withdrawn is no figure: what was told before it is the newest again, and has long been overdue.
    tell(world, at=LATER, body="01", period="2026-08", state="null", value=None)
    with django_assert_num_queries(2):
        found = stale_figures(bodies, codes=[SERVICE], today=today, period=parse_period("2026-Q2"))
    assert {body: [one.days for one in those] for body, those in found.items()} == {
        world.body("01").pk: [111],
        world.body("48").pk: [19],
    }
    # One that is out of every score is not told of.
    assert stale_figures(bodies, codes=[SERVICE], today=date(2028, 1, 1), period=parse_period("2027-Q4")) == {}
    assert stale_figures(bodies, codes=[], today=today, period=quarter) == {}


@pytest.mark.parametrize(
    ("frequency", "end", "today", "days"),
    [
        ("month", date(2026, 9, 1), date(2026, 10, 10), 0),
        ("month", date(2026, 9, 1), date(2026, 10, 11), 1),
        ("quarter", date(2026, 7, 1), date(2026, 10, 16), 1),
        ("year", date(2026, 1, 1), date(2027, 2, 14), 0),
        # Months told of a yearly figure wait for the year, as its rule says.
        ("year", date(2026, 4, 1), date(2026, 12, 31), 0),
    ],
    ids=["last day of the term", "first day after it", "quarter", "year", "month of a year"],
)
def test_the_update_rule_decides(frequency: str, end: date, today: date, days: int) -> None:
    assert days_overdue(Indicator(frequency=frequency), end, today) == days


def test_nothing_is_overdue_of_what_nobody_owes_any_more() -> None:
    retired = Indicator(frequency="month", retired_on=date(2026, 9, 15))
    assert days_overdue(retired, date(2026, 9, 1), date(2027, 1, 1)) == 0
    assert days_overdue(Indicator(frequency="month", due_days=40), date(2026, 9, 1), date(2026, 11, 1)) == 0
