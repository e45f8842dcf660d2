"""Pages that are kept for a person: what makes them anew, and that nobody ever meets the page of somebody else."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.tasks.samples import given
from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import Role, RoleHolding
from thuocdo.accounts.operations import end_role, grant_role
from thuocdo.ledger.models import Entry

Queries = Callable[[int], Any]
TOKEN = 'csrfmiddlewaretoken" value="'


@pytest.fixture(autouse=True)
def _on_the_day_of_the_tests() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(world: World) -> Callable[[str], Client]:
    """Browsers of their own for several people."""

    def as_person(name: str) -> Client:
        client = Client()
        client.force_login(world.people[name])
        return client

    return as_person


def test_the_second_visit_draws_nothing_and_says_the_time_and_token_of_its_own(
    signed_in: Any, world: World, django_assert_max_num_queries: Queries
) -> None:
    given(world, title="Việc một")
    client = signed_in("lan")
    first = client.get(reverse("tasks"))
    with time_machine.travel(NOW + timedelta(minutes=3)), django_assert_max_num_queries(3):
        second = client.get(reverse("tasks"))
    assert second.context is None, "the page was drawn again"
    assert "09:30 14/09/2026" in first.text
    assert "09:33 14/09/2026" in second.text
    assert "09:30" not in second.text
    before, after = (page.text.split(TOKEN)[1][:64] for page in (first, second))
    assert before != after
    # The token of the kept page opens the forms of the browser that got it.
    checked = Client(enforce_csrf_checks=True)
    checked.cookies["sessionid"] = client.cookies["sessionid"].value
    third = checked.get(reverse("tasks"))
    assert third.context is None
    sent = {"csrfmiddlewaretoken": third.text.split(TOKEN)[1][:64]}
    assert checked.post(reverse("account_logout"), sent).status_code == 302
    assert "\x00" not in second.text


@pytest.mark.parametrize("name", ["tasks", "my_work", "task_board", "task_timeline", "task_calendar"])
def test_nobody_meets_the_page_of_somebody_else(signed_in: Any, world: World, name: str) -> None:
    given(world, title="Việc của Bộ Tư pháp", due_on=TODAY + timedelta(days=3))
    assert "Việc của Bộ Tư pháp" in signed_in("lan").get(reverse(name)).text
    # Dũng may see the same tasks, An none of them, Bình has no role at all.
    other = signed_in("dung").get(reverse(name)).text
    assert "Lê Văn Dũng" in other
    assert "Trần Thị Lan" not in other
    for stranger in ("an", "ha", "binh"):
        assert "Việc của Bộ Tư pháp" not in signed_in(stranger).get(reverse(name)).text
    signed_out = Client().get(reverse(name))
    assert signed_out.status_code == 302


def test_a_role_that_ends_takes_its_pages_with_it(signed_in: Any, world: World) -> None:
    given(world, title="Việc của Bộ Tư pháp", due_on=TODAY + timedelta(days=30))
    client, before = signed_in("lan"), Entry.objects.count()
    # The role ends tomorrow: nothing is written on that day, the turn of the day alone closes the page.
    holding = RoleHolding.objects.get(user=world.people["lan"])
    end_role(actor=world.machine, at=NOW, holding=holding, on=TODAY + timedelta(days=1))
    assert Entry.objects.count() == before + 1
    assert "Việc của Bộ Tư pháp" in client.get(reverse("tasks")).text
    with time_machine.travel(NOW + timedelta(days=1)):
        # The session is over in the morning as well.
        client.force_login(world.people["lan"])
        assert client.get(reverse("tasks")).status_code == 403
        assert "Việc của Bộ Tư pháp" not in client.get(reverse("my_work")).text


def test_a_role_more_or_an_account_closed_is_seen_at_once(signed_in: Any, world: World) -> None:
    given(world, title="Việc của Bộ Tư pháp")
    client, an = signed_in("an"), world.people["an"]
    assert "Việc của Bộ Tư pháp" not in client.get(reverse("tasks")).text
    grant_role(actor=world.machine, at=NOW, user=an, role=Role.INSPECTOR, body=world.body("TTCP"), valid_from=TODAY)
    assert "Việc của Bộ Tư pháp" in client.get(reverse("tasks")).text
    an.is_active = False
    an.save()
    assert client.get(reverse("tasks")).status_code == 302


def test_language_and_parts_of_pages_are_kept_apart(signed_in: Any, world: World) -> None:
    client = signed_in("thu")
    assert '<html lang="vi"' in client.get(reverse("rankings")).text
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    assert '<html lang="en"' in client.get(reverse("rankings")).text
    whole = client.get(reverse("tasks"))
    part = client.get(reverse("tasks"), headers={"HX-Request": "true"})
    assert whole.context is not None
    assert part.context is not None, "a request of the page itself may not get the whole page that was kept"


def test_a_word_after_a_step_is_said_once_and_kept_for_nobody(signed_in: Any, world: World) -> None:
    task, client = given(world, title="Việc một"), signed_in("lan")
    said = client.post(reverse("task_step", args=[task.code, "nhan-viec"]), follow=True).text
    assert "Đã nhận việc" in said
    assert "Đã nhận việc" not in client.get(reverse("my_work")).text
    assert "Đã nhận việc" not in client.get(reverse("my_work")).text


def test_refusals_and_downloads_are_not_kept(signed_in: Any, world: World) -> None:
    client = signed_in("quan")
    assert client.get(reverse("tasks")).status_code == 403
    assert client.get(reverse("tasks")).context is not None
    assert signed_in("lan").get(reverse("tasks_export"))["Content-Type"].startswith("application/")
