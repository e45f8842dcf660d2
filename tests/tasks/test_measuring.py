"""A task names the indicators that its result should move; what hangs together with nothing is found."""

import pytest

from tests.indicators.figures import SERVICE, SURVEY
from tests.tasks.samples import given
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.indicators.models import Indicator
from thuocdo.indicators.operations import keep_indicator, load_indicators, load_targets
from thuocdo.tasks.operations import TaskRefused, cancel, link_indicator, set_indicators, unlink_indicator
from thuocdo.tasks.queries import indicators_of, orphans, tasks_for

JUDGED = {
    "code": "T21", "title": "Hoàn thành nền tảng", "unit": "trạng thái", "comparator": "state", "value": "hoàn thành",
    "year": 2030, "frequency": "year",
}  # fmt: skip


@pytest.fixture
def listed(world: World) -> World:
    """Two indicators, and a target that is judged in words."""
    load_indicators(actor=world.machine, at=NOW, entries=[SERVICE, SURVEY])
    load_targets(actor=world.machine, at=NOW, entries=[JUDGED])
    return world


def test_a_task_is_linked_and_unlinked_and_both_ends_tell_of_it(listed: World) -> None:
    thu, task = listed.actor("thu"), given(listed)
    set_indicators(actor=thu, at=NOW, task=task, codes=["service_on_time", " ", "service_on_time"])
    link_indicator(actor=listed.actor("lan"), at=NOW, task=task, code="satisfaction")
    assert [one.code for one in indicators_of(task, thu)] == ["service_on_time", "satisfaction"]
    survey = Indicator.objects.get(code="satisfaction")
    assert list(tasks_for(survey, thu)) == [task]
    assert list(tasks_for(survey, listed.actor("an"))) == []
    unlink_indicator(actor=thu, at=NOW, task=task, code="satisfaction")
    assert [one.code for one in indicators_of(task, thu)] == ["service_on_time"]


def test_strangers_link_nothing_and_unknown_codes_are_named(listed: World) -> None:
    task = given(listed)
    with pytest.raises(NotAllowed):
        set_indicators(actor=listed.actor("an"), at=NOW, task=task, codes=["satisfaction"])
    for codes, code in [(["nobody"], "indicator_unknown"), ([f"c{n}" for n in range(13)], "too_many_indicators")]:
        with pytest.raises(TaskRefused) as caught:
            set_indicators(actor=listed.actor("thu"), at=NOW, task=task, codes=codes)
        assert (caught.value.code, caught.value.field) == (code, "codes")
    # An indicator that Đà Nẵng keeps for itself is unknown to the Ministry of Justice.
    fields = {"title": "Riêng", "unit": "%", "frequency": "year"}
    own = keep_indicator(actor=listed.actor("an"), at=NOW, body=listed.body("48"), fields=fields, short="rieng")
    with pytest.raises(TaskRefused):
        set_indicators(actor=listed.actor("lan"), at=NOW, task=task, codes=[own.code])


def test_what_hangs_together_with_nothing_is_found(listed: World) -> None:
    thu, task, other = listed.actor("thu"), given(listed), given(listed)
    set_indicators(actor=thu, at=NOW, task=task, codes=["service_on_time"])
    found = orphans(thu, on=TODAY)
    assert [one.code for one in found.indicators] == ["satisfaction"]
    assert list(found.tasks) == [other]
    assert [one.code for one in found.targets] == ["T21"]
    assert [one.code for one in found.unmeasured] == ["service_on_time", "satisfaction"]
    # A cancelled task moves nothing any more.
    cancel(actor=thu, at=NOW, task=task, reason="Trùng với nhiệm vụ khác")
    assert [one.code for one in orphans(thu, on=TODAY).indicators] == ["service_on_time", "satisfaction"]
    assert list(orphans(listed.actor("an"), on=TODAY).tasks) == []
