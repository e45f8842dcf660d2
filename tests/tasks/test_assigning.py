"""Orders become tasks: one lead, a code without gaps, a source sentence; groups become one task for each body."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.tasks.samples import description, given
from tests.world import NOW, TODAY, World, recall_world
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import CandidateSettled, correct
from thuocdo.directives.queries import addressee_group
from thuocdo.engine.canonical import canonical_json
from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.ledger.models import Entry
from thuocdo.ledger.queries import first_broken_entry, newest_number
from thuocdo.organisations.operations import BodyDescription, establish_bodies, record_successions
from thuocdo.tasks.models import Collective, Task
from thuocdo.tasks.operations import (
    TaskRefused,
    assign,
    assign_collective,
    assign_from_candidate,
    assign_many,
    draft,
    issue,
)
from thuocdo.tasks.queries import history, source_sentence, task_by_code, visible_to


@pytest.fixture
def review(world: World) -> tuple[Document, list[Candidate]]:
    """A notice of 1/9/2026 with the four assignments found in it."""
    load_sample_groups(world)
    document = receive_notice(world)
    return document, found_in(world, document)


def test_a_task_is_numbered_remembers_its_deadline_and_stands_in_the_ledger(world: World) -> None:
    task = given(world, coordinators=[world.body("BNV"), world.body("BTP"), world.body("BNV")])
    assert task.code == "NV-2026-000001"
    assert (task.state, task.assigned_by, task.assigned_on) == ("assigned", world.body("VPTW"), TODAY)
    assert task.due_on == task.original_due_on == date(2026, 10, 15)
    assert [body.code for body in task.coordinators.all()] == ["BNV"]
    (first,) = history(task)
    assert (first.step, first.from_state, first.to_state, first.by_user_id) == (
        "assign",
        "",
        "assigned",
        world.people["thu"].pk,
    )
    entry = Entry.objects.get(number=newest_number())
    assert (entry.event, entry.subject) == ("tasks.task.changed", task.label)
    assert '"lead":"BTP"' in entry.data
    assert "danh mục" not in entry.data
    assert given(world).code == "NV-2026-000002"


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"title": " \n"}, "title", "empty"),
        ({"due_on": date(2026, 9, 13)}, "due_on", "deadline_before_assignment"),
        ({"assigned_on": date(2026, 9, 15)}, "assigned_on", "assigned_in_future"),
        ({"secrecy": "top_secret"}, "secrecy", "state_secret"),
        ({"weight": Decimal(0)}, "weight", "weight_not_positive"),
        ({"deadline_kind": "someday"}, "deadline_kind", "deadline_kind_unknown"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_field_and_remedy(
    world: World, fields: dict[str, Any], field: str, code: str
) -> None:
    before = newest_number()
    with pytest.raises(TaskRefused) as refused:
        given(world, **fields)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert ";" in str(refused.value)
    assert (Task.objects.count(), newest_number()) == (0, before)
    assert given(world).code == "NV-2026-000001"


def test_a_deadline_on_the_day_of_assignment_is_allowed(world: World) -> None:
    assert given(world, due_on=TODAY).due_on == TODAY


def test_a_lead_that_has_ended_is_refused_and_its_successor_proposed(world: World) -> None:
    old, heir = establish_bodies(
        actor="system:tests",
        at=NOW,
        bodies=[
            BodyDescription("BGTVT", "government", "ministry", "Bộ Giao thông vận tải", "Transport",
                            date(2020, 1, 1), superior="TW", valid_to=date(2026, 3, 1)),
            BodyDescription("BXD", "government", "ministry", "Bộ Xây dựng", "Construction",
                            date(2020, 1, 1), superior="TW"),
        ],
    )  # fmt: skip
    record_successions(actor="system:tests", at=NOW, on=date(2026, 3, 1), pairs=[(old, heir, Decimal(1))])
    with pytest.raises(TaskRefused, match="Bộ Xây dựng") as refused:
        assign(actor=world.machine, at=NOW, task=description(old), assigning_body=world.body("VPTW"))
    assert (refused.value.field, refused.value.code) == ("lead", "lead_not_in_force")
    assert refused.value.proposals == (heir,)


@pytest.mark.parametrize("person", ["lan", "dung", "minh", "son", "thanh", "hoa", "quan", "an", "binh"])
def test_only_the_standing_office_assigns(world: World, person: str) -> None:
    with pytest.raises(NotAllowed):
        assign(actor=world.actor(person), at=NOW, task=description(world.body("BTP")))


def test_a_citys_own_office_assigns_within_the_city_only_and_in_its_own_name(world: World) -> None:
    grant_role(
        actor=world.machine,
        at=NOW,
        user=world.people["ha"],
        role=Role.STANDING_OFFICE,
        body=world.body("01"),
        valid_from=date(2026, 1, 1),
    )
    ha = world.actor("ha")
    task = assign(actor=ha, at=NOW, task=description(world.body("00004")))
    assert task.assigned_by == world.body("01")
    with pytest.raises(NotAllowed):
        assign(actor=ha, at=NOW, task=description(world.body("20194")))
    with pytest.raises(NotAllowed):
        assign(actor=ha, at=NOW, task=description(world.body("00004")), assigning_body=world.body("VPTW"))


def test_a_draft_is_seen_by_the_assigning_side_until_it_is_issued(world: World) -> None:
    task = draft(actor=world.actor("thu"), at=NOW, task=description(world.body("BTP")))
    assert task_by_code(task.code, actor=world.actor("thu")) == task
    assert task_by_code(task.code, actor=world.actor("lan")) is None
    issue(actor=world.actor("thu"), at=NOW, task=task)
    assert task_by_code(task.code, actor=world.actor("lan")) == task


def test_many_tasks_take_one_entry_with_a_root_over_them(world: World) -> None:
    before = newest_number()
    tasks = assign_many(
        actor=world.actor("thu"),
        at=NOW,
        tasks=[description(world.body(code), title=f"Việc của {code}") for code in ("BTP", "BNV", "BYT")],
    )
    assert [task.code[-1] for task in tasks] == ["1", "2", "3"]
    assert newest_number() == before + 1
    entry = Entry.objects.get(number=newest_number())
    root = merkle_root([canonical_json([task.code, task.lead.code, task.due_on]) for task in tasks])
    assert entry.event == "tasks.tasks.assigned"
    assert f'"root":"{root}"' in entry.data


def test_of_many_tasks_one_wrong_one_stops_all(world: World) -> None:
    wrong = description(world.body("BNV"), due_on=date(2020, 1, 1))
    with pytest.raises(TaskRefused):
        assign_many(actor=world.actor("thu"), at=NOW, tasks=[description(world.body("BTP")), wrong])
    assert not Task.objects.exists()


def test_a_confirmed_sentence_becomes_a_task_that_leads_back_to_it(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    document, candidates = review
    (task,) = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidates[0])
    assert task.title == "Xây dựng danh mục văn bản cần sửa đổi; trình Ban Chỉ đạo"
    assert (task.lead.code, [body.code for body in task.coordinators.all()]) == ("BTP", ["BNV"])
    assert task.also_coordinating == "các cơ quan liên quan"
    assert (task.due_on, task.deadline_kind, task.deadline_raw) == (
        date(2026, 10, 14),
        "before",
        "trước ngày 15/10/2026",
    )
    assert task.assigned_on == document.issued_on
    source = source_sentence(task)
    assert source is not None
    assert source.number == "41-TB/BCĐTW"
    assert source.quote.text == document.text[candidates[0].start : candidates[0].end]
    candidates[0].refresh_from_db()
    assert candidates[0].state == "confirmed"
    with pytest.raises(CandidateSettled):
        assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidates[0])
    assert Task.objects.count() == 1


def test_the_person_may_choose_lead_title_and_deadline(world: World, review: tuple[Document, list[Candidate]]) -> None:
    (task,) = assign_from_candidate(
        actor=world.actor("thu"),
        at=NOW,
        candidate=review[1][0],
        lead=world.body("BNV"),
        title="Lập danh mục văn bản",
        due_on=date(2026, 10, 1),
        is_core=True,
        weight=Decimal("2.5"),
        programme="nq57",
    )
    assert (task.lead.code, task.title, task.is_core, task.weight) == (
        "BNV",
        "Lập danh mục văn bản",
        True,
        Decimal("2.5"),
    )
    assert (task.due_on, task.deadline_kind) == (date(2026, 10, 1), "by")
    # The Ministry of Home Affairs replaced the first name and does not coordinate with itself.
    assert not task.coordinators.exists()


def test_several_leads_give_one_lead_and_co_ordinators(world: World, review: tuple[Document, list[Candidate]]) -> None:
    thu = world.actor("thu")
    both = correct(actor=thu, at=NOW, candidate=review[1][0], lead=["Bộ Tư pháp", "Bộ trưởng Bộ Y tế"])
    (task,) = assign_from_candidate(actor=thu, at=NOW, candidate=both)
    assert task.lead.code == "BTP"
    assert [one.body.code for one in task.coordinations.order_by("position")] == ["BYT", "BNV"]


def test_choosing_the_second_of_two_leads_lets_the_first_coordinate(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    thu = world.actor("thu")
    both = correct(actor=thu, at=NOW, candidate=review[1][0], lead=["Bộ Tư pháp", "Bộ trưởng Bộ Y tế"])
    (task,) = assign_from_candidate(actor=thu, at=NOW, candidate=both, lead=world.body("BYT"))
    assert [one.body.code for one in task.coordinations.order_by("position")] == ["BTP", "BNV"]


@pytest.mark.parametrize(
    ("names", "code", "proposals"),
    [
        ([], "lead_missing", []),
        (["Bộ Hàng hải"], "lead_unsettled", []),
        (["UBND xã Tân Lập"], "lead_unsettled", ["90001", "90002"]),
    ],
)
def test_a_lead_that_is_not_clear_waits_for_a_person(
    world: World,
    review: tuple[Document, list[Candidate]],
    names: list[str],
    code: str,
    proposals: list[str],
) -> None:
    establish_bodies(
        actor="system:tests",
        at=NOW,
        bodies=[
            BodyDescription(number, "local", "commune", "Xã Tân Lập", "Tân Lập", date(2025, 7, 1), superior=superior)
            for number, superior in (("90001", "01"), ("90002", "48"))
        ],
    )
    thu = world.actor("thu")
    unclear = correct(actor=thu, at=NOW, candidate=review[1][0], lead=names)
    with pytest.raises(TaskRefused) as refused:
        assign_from_candidate(actor=thu, at=NOW, candidate=unclear)
    assert (refused.value.field, refused.value.code) == ("lead", code)
    assert [body.code for body in refused.value.proposals] == proposals
    unclear.refresh_from_db()
    assert (unclear.state, Task.objects.count()) == ("proposed", 0)
    (task,) = assign_from_candidate(actor=thu, at=NOW, candidate=unclear, lead=world.body("BTP"))
    assert task.lead.code == "BTP"


def test_a_deadline_before_the_documents_date_is_refused_and_nothing_is_written(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    with pytest.raises(TaskRefused, match=r"31/08/2026.*01/09/2026") as refused:
        assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=review[1][0], due_on=date(2026, 8, 31))
    assert refused.value.field == "due_on"
    review[1][0].refresh_from_db()
    assert review[1][0].state == "proposed"


def test_an_order_of_long_ago_keeps_its_own_dates(world: World) -> None:
    """A notice of last year, uploaded today: its tasks are overdue, not impossible."""
    head = "THÔNG BÁO\nSố: 7-TB/BCĐTW\nHà Nội, ngày 15 tháng 10 năm 2025\n\n"
    text = f"{head}1. Bộ Tư pháp gửi kế hoạch trước ngày 18/10/2025.\n"
    document = receive_notice(world, text=text)
    (candidate,) = found_in(world, document)
    (task,) = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)
    assert (task.assigned_on, task.due_on) == (date(2025, 10, 15), date(2025, 10, 17))
    assert task.code == "NV-2026-000001"


def test_a_group_gives_every_body_its_own_task_and_one_entry(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    before = newest_number()
    tasks = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=review[1][2])
    assert [task.lead.code for task in tasks] == ["01", "48", "BNV", "BTP", "BYT", "KHXH", "TTCP", "VPCP"]
    collective = Collective.objects.get()
    assert collective.groups == ["ministries_sectors_localities"]
    assert {task.collective for task in tasks} == {collective}
    events = list(Entry.objects.filter(number__gt=before).order_by("number").values_list("event", "subject"))
    assert events == [
        ("directives.candidate.decided", review[1][2].label),
        ("tasks.tasks.assigned", collective.label),
    ]
    assert visible_to(world.actor("an")).get().lead == world.body("48")


def test_a_group_reaches_no_further_than_the_actor(world: World) -> None:
    """The city's office orders "các bộ, ngành, địa phương": only the city itself is within its reach."""
    load_sample_groups(world)
    grant_role(
        actor=world.machine,
        at=NOW,
        user=world.people["ha"],
        role=Role.STANDING_OFFICE,
        body=world.body("01"),
        valid_from=date(2026, 1, 1),
    )
    document = receive_notice(world)
    Document.objects.update(body=world.body("01"))
    document.refresh_from_db()
    candidate = found_in(world, document)[2]
    (task,) = assign_from_candidate(actor=world.actor("ha"), at=NOW, candidate=candidate)
    assert task.lead.code == "01"


def test_the_person_may_choose_a_group(world: World, review: tuple[Document, list[Candidate]]) -> None:
    group = addressee_group("provincial_peoples_committees")
    assert group is not None
    tasks = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=review[1][0], groups=[group])
    assert [task.lead.code for task in tasks] == ["01", "48"]


def test_an_empty_group_is_refused(world: World) -> None:
    with pytest.raises(TaskRefused) as refused:
        assign_collective(actor=world.actor("thu"), at=NOW, task=description(world.body("BTP")), bodies=[])
    assert refused.value.code == "group_empty"
    assert not Collective.objects.exists()


@pytest.mark.parametrize("person", ["lan", "minh", "an"])
def test_nobody_else_confirms(world: World, review: tuple[Document, list[Candidate]], person: str) -> None:
    with pytest.raises(NotAllowed):
        assign_from_candidate(actor=world.actor(person), at=NOW, candidate=review[1][0])
    assert not Task.objects.exists()


def test_the_database_itself_refuses_a_second_task_for_a_sentence(
    world: World, review: tuple[Document, list[Candidate]]
) -> None:
    (task,) = assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=review[1][0])
    task.pk, task.code = None, "NV-2026-999999"
    with pytest.raises(IntegrityError), transaction.atomic():
        task.save(force_insert=True)


def test_codes_have_no_gap_when_offices_assign_at_once_and_some_are_refused(own_database: str) -> None:
    world = recall_world()
    actor, lead = world.actor("thu"), world.body("BTP")

    def give(office: int) -> int:
        refused = 0
        try:
            for step in range(10):
                try:
                    if step % 3 == 2:
                        # Takes a number and fails after that: the number must come back.
                        with transaction.atomic():
                            assign(actor=actor, at=NOW, task=description(lead))
                            assign(actor=actor, at=NOW, task=description(lead, title=""))
                    assign_many(actor=actor, at=NOW, tasks=[description(lead, title=f"{office}-{step}")] * 2)
                except TaskRefused:
                    refused += 1
        finally:
            connection.close()
        return refused

    with ThreadPoolExecutor(4) as offices:
        assert sum(offices.map(give, range(4))) == 12
    codes = sorted(Task.objects.values_list("code", flat=True))
    assert codes == [f"NV-2026-{number:06d}" for number in range(1, 57)]
    assert first_broken_entry() is None


def test_of_two_who_confirm_one_sentence_at_once_one_makes_the_task(own_database: str) -> None:
    world = recall_world()
    load_sample_groups(world)
    actor, document = world.actor("thu"), receive_notice(world)
    candidate = found_in(world, document)[0]

    def confirm(_: int) -> str:
        try:
            assign_from_candidate(actor=actor, at=NOW, candidate=candidate)
        except CandidateSettled:
            return "too late"
        finally:
            connection.close()
        return "confirmed"

    with ThreadPoolExecutor(3) as people:
        answers = sorted(people.map(confirm, range(3)))
    assert answers == ["confirmed", "too late", "too late"]
    assert Task.objects.count() == 1
