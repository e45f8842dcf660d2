"""A confirmation is taken back while nobody has begun; afterwards the task is cancelled openly or not at all."""

import pytest
from django.test import Client

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import CandidateSettled
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import first_broken_entry
from thuocdo.tasks.models import Collective, Task
from thuocdo.tasks.operations import TaskRefused, accept_assignment, assign_from_candidate, take_back
from thuocdo.tasks.queries import history


@pytest.fixture
def review(world: World) -> tuple[Document, list[Candidate]]:
    load_sample_groups(world)
    document = receive_notice(world)
    return document, found_in(world, document)


def confirmed(world: World, candidate: Candidate) -> list[Task]:
    return assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)


def test_a_confirmation_is_taken_back_and_made_again(world: World, review: tuple[Document, list[Candidate]]) -> None:
    document, (first, *_) = review
    (task,) = confirmed(world, first)
    take_back(actor=world.actor("thu"), at=NOW, candidate=first)
    task.refresh_from_db()
    assert (task.state, task.candidate, task.document) == ("cancelled", None, document)
    assert [step.step for step in history(task)] == ["assign", "cancel"]
    first.refresh_from_db()
    assert (first.state, first.decided_at) == ("proposed", None)
    (again,) = confirmed(world, first)
    assert again.code > task.code
    assert first_broken_entry() is None


def test_a_group_is_withdrawn_at_once_in_one_entry(world: World, review: tuple[Document, list[Candidate]]) -> None:
    _document, (_first, _second, third, _fourth) = review
    tasks = confirmed(world, third)
    assert len(tasks) > 1
    take_back(actor=world.actor("thu"), at=NOW, candidate=third)
    assert set(Task.objects.filter(collective__isnull=False).values_list("state", flat=True)) == {"cancelled"}
    (entry,) = Entry.objects.filter(event="tasks.tasks.withdrawn")
    assert f'"tasks":{len(tasks)}' in entry.data
    assert not Collective.objects.filter(candidate=third).exists()
    assert len(confirmed(world, third)) == len(tasks)


def test_what_somebody_has_taken_on_stays(world: World, review: tuple[Document, list[Candidate]]) -> None:
    _document, (first, *_) = review
    (task,) = confirmed(world, first)
    accept_assignment(actor=world.actor("lan"), at=NOW, task=task)
    with pytest.raises(TaskRefused, match=task.code):
        take_back(actor=world.actor("thu"), at=NOW, candidate=first)
    first.refresh_from_db()
    task.refresh_from_db()
    assert (first.state, task.state) == ("confirmed", "accepted")


def test_it_is_taken_back_once_and_only_by_who_may(world: World, review: tuple[Document, list[Candidate]]) -> None:
    _document, (first, *_) = review
    confirmed(world, first)
    for person in ("lan", "minh", "an", "binh"):
        with pytest.raises(NotAllowed):
            take_back(actor=world.actor(person), at=NOW, candidate=first)
    take_back(actor=world.actor("thu"), at=NOW, candidate=first)
    with pytest.raises(CandidateSettled):
        take_back(actor=world.actor("thu"), at=NOW, candidate=first)


def test_the_card_offers_to_undo(world: World, review: tuple[Document, list[Candidate]], client: Client) -> None:
    document, (first, *_) = review
    confirmed(world, first)
    client.force_login(world.people["thu"])
    assert "Hoàn tác" in client.get(f"/van-ban/{document.pk}/").content.decode()
    said = client.post(f"/van-ban/{document.pk}/nhiem-vu/{first.pk}/khoi-phuc/", follow=True).content.decode()
    assert "nhiệm vụ đã tạo được rút lại" in said
    first.refresh_from_db()
    assert first.state == "proposed"
