"""Long lists are asked for in another way than single tasks; what a person sees must be the same in both."""

from datetime import timedelta

import pytest

from tests.tasks.samples import given
from tests.world import TODAY, World
from thuocdo.accounts.permissions import Actor, anonymous
from thuocdo.tasks.models import Coordination, Task
from thuocdo.tasks.queries import State, lists, visible_to
from thuocdo.tasks.queries.status import counts_by_state, most_overdue


@pytest.fixture
def tasks(world: World) -> list[Task]:
    """A task of each state at each of several sides: lead, giver, acceptor, coordinating body."""
    made = [given(world, code, title=f"Việc của {code}") for code in ("BTP", "01", "00004", "48", "20194")]
    Coordination.objects.create(task=made[0], body=world.body("48"))
    Task.objects.filter(pk=made[1].pk).update(accepting_body=world.body("BYT"), due_on=TODAY - timedelta(days=3))
    Task.objects.filter(pk=made[2].pk).update(state=State.DRAFT)
    Task.objects.filter(pk=made[3].pk).update(assigned_by=world.body("01"), due_on=TODAY - timedelta(days=1))
    Task.objects.filter(pk=made[4].pk).update(state=State.SUBMITTED, due_on=TODAY)
    return made


@pytest.mark.parametrize("few", [0, 2, 40])
def test_everybody_sees_the_same_in_lists_as_one_by_one(
    world: World, tasks: list[Task], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(lists, "FEW_BODIES", few)
    actors: list[Actor] = [world.actor(name) for name in world.people]
    for actor in (*actors, world.machine, anonymous(TODAY)):
        listed = sorted(lists.listed_for(actor).values_list("pk", flat=True))
        assert listed == sorted(visible_to(actor).values_list("pk", flat=True)), actor.label
    seen = lists.listed_for(world.actor("an"))
    # Đà Nẵng: coordinates in one, leads one, its ward leads one; never the draft of others.
    assert {task.pk for task in seen} == {tasks[0].pk, tasks[3].pk, tasks[4].pk}


def test_a_body_outside_the_reach_brings_the_condition_back(world: World, tasks: list[Task]) -> None:
    from tests.world import NOW
    from thuocdo.organisations.operations import BodyDescription, establish_bodies

    actor = world.actor("minh")
    assert lists.listed_for(actor).count() == len(tasks)
    alone = BodyDescription(
        code="X9", kind="ministry", name="Cơ quan ngoài cây", name_en="Outside", bloc="government", valid_from=TODAY
    )
    (outside,) = establish_bodies(actor="system:test", at=NOW, bodies=[alone])
    Task.objects.filter(pk=tasks[0].pk).update(lead=outside, assigned_by=outside)
    Coordination.objects.all().delete()
    assert tasks[0].pk not in set(lists.listed_for(actor).values_list("pk", flat=True))


def test_one_count_by_state_says_what_is_late_and_who_owes_most(world: World, tasks: list[Task]) -> None:
    found = counts_by_state(Task.objects.all(), TODAY)
    assert {state: one.number for state, one in found.items()} == {
        State.ASSIGNED: 3,
        State.DRAFT: 1,
        State.SUBMITTED: 1,
    }
    assert (found[State.ASSIGNED].past, found[State.SUBMITTED].past, found[State.SUBMITTED].soon) == (2, 0, 1)
    most = most_overdue(Task.objects.all(), TODAY)
    assert most is not None
    assert most[1] == 1
    assert most_overdue(Task.objects.filter(state=State.DRAFT), TODAY) is None
