"""The same order twice is one task with two documents; an amendment changes the task and keeps what it said."""

from datetime import date

import pytest
from django.test import Client

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.world import NOW, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import CandidateSettled, correct, record_found
from thuocdo.engine.extraction.amendments import find_orders
from thuocdo.ledger.queries import first_broken_entry, newest_number
from thuocdo.tasks.jobs import match as match_job
from thuocdo.tasks.models import Match, Source, Task
from thuocdo.tasks.operations import (
    TaskRefused,
    accept_assignment,
    amend,
    assign_from_candidate,
    dismiss_match,
    link,
    propose_matches,
)
from thuocdo.tasks.queries import extensions, further_sources, history, match_by_id, matches

AGAIN = """BAN CHỈ ĐẠO TRUNG ƯƠNG

Số: 52-TB/BCĐTW
Hà Nội, ngày 10 tháng 9 năm 2026

THÔNG BÁO
Kết luận tại cuộc họp giao ban

1. Bộ Tư pháp khẩn trương xây dựng danh mục văn bản cần sửa đổi; trình Ban Chỉ đạo trước ngày 15/10/2026.

2. Các bộ, ngành, địa phương xây dựng kế hoạch dọn dẹp dữ liệu của mình trước ngày 01/12/2026.

3. Bộ Y tế tổ chức tập huấn kỹ năng số cho cán bộ y tế cơ sở trước ngày 30/11/2026.
"""

AMENDING = """BAN CHỈ ĐẠO TRUNG ƯƠNG

Số: 60-TB/BCĐTW
Hà Nội, ngày 12 tháng 9 năm 2026

THÔNG BÁO
Kết luận tại cuộc họp ngày 11 tháng 9

1. Điều chỉnh thời hạn nhiệm vụ số 1 của Thông báo số 41-TB/BCĐTW, hoàn thành trước ngày 16/12/2026.
"""


@pytest.fixture
def known(world: World) -> list[Task]:
    """The four assignments of the notice 41-TB/BCĐTW, confirmed."""
    load_sample_groups(world)
    document = receive_notice(world)
    return [
        task
        for candidate in found_in(world, document)
        for task in assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=candidate)
    ]


def arrived(world: World, text: str) -> tuple[Document, list[Candidate]]:
    """A second document, read, with the proposals that the job made for it."""
    document = receive_notice(world, text=text)
    found = find_orders(document.text, issued_on=document.issued_on)
    candidates = record_found(actor=world.machine, at=NOW, document=document, found=found)
    match_job.func(newest_number())
    return document, candidates


def proposed(world: World, candidate: Candidate) -> Match:
    (match,) = matches(world.actor("thu"), [candidate])[candidate.pk]
    return match


def test_an_order_given_again_is_proposed_as_the_known_task(world: World, known: list[Task]) -> None:
    _document, (same, shared, new) = arrived(world, AGAIN)
    match = proposed(world, same)
    assert match.task == known[0]
    assert match.kind == "repeats"
    assert set(match.reasons) >= {"same_deadline", "same_lead"}
    collective = proposed(world, shared)
    assert collective.collective == next(task.collective for task in known if task.collective)
    assert matches(world.actor("thu"), [new]) == {}


def test_proposing_again_changes_nothing_and_what_was_dismissed_stays_away(world: World, known: list[Task]) -> None:
    document, (same, _shared, _new) = arrived(world, AGAIN)
    before = Match.objects.count()
    assert propose_matches(actor=world.machine, at=NOW, document=document) == []
    dismiss_match(actor=world.actor("thu"), at=NOW, match=proposed(world, same))
    assert propose_matches(actor=world.machine, at=NOW, document=document) == []
    assert Match.objects.count() == before
    assert same.pk not in matches(world.actor("thu"), [same])
    assert len(assign_from_candidate(actor=world.actor("thu"), at=NOW, candidate=same)) == 1


def test_linking_makes_no_new_task_but_one_more_source(world: World, known: list[Task]) -> None:
    document, (same, shared, _new) = arrived(world, AGAIN)
    number = Task.objects.count()
    link(actor=world.actor("thu"), at=NOW, match=proposed(world, same))
    link(actor=world.actor("thu"), at=NOW, match=proposed(world, shared))
    assert Task.objects.count() == number
    (further,) = further_sources(known[0])
    assert further.source.document == document
    assert further.quote.text.startswith("Bộ Tư pháp khẩn trương xây dựng danh mục")
    instance = next(task for task in known if task.collective)
    assert [one.source.kind for one in further_sources(instance)] == ["repeats"]
    assert [step.step for step in history(known[0])][-1] == "link"
    same.refresh_from_db()
    assert same.state == "confirmed"
    assert first_broken_entry() is None


def test_a_link_is_made_once(world: World, known: list[Task]) -> None:
    _document, (same, *_) = arrived(world, AGAIN)
    match = proposed(world, same)
    link(actor=world.actor("thu"), at=NOW, match=match)
    with pytest.raises(CandidateSettled):
        link(actor=world.actor("thu"), at=NOW, match=match)
    assert Source.objects.count() == 1


def test_an_amendment_moves_the_deadline_and_keeps_the_old_one(world: World, known: list[Task]) -> None:
    _document, (candidate,) = arrived(world, AMENDING)
    match = proposed(world, candidate)
    assert (match.kind, match.task) == ("amends", known[0])
    accept_assignment(actor=world.actor("lan"), at=NOW, task=known[0])
    source = amend(actor=world.actor("thu"), at=NOW, match=match)
    task = Task.objects.get(pk=known[0].pk)
    assert task.due_on == date(2026, 12, 15)
    assert task.original_due_on == date(2026, 10, 14)
    assert task.state == "accepted"
    assert source.changes == {"due_on": ["2026-10-14", "2026-12-15"]}
    (extension,) = extensions(task)
    assert extension.decision_number == "60-TB/BCĐTW"
    assert history(task).last().note == "thời hạn: 14/10/2026 → 15/12/2026"  # type: ignore[union-attr]
    assert first_broken_entry() is None


def test_an_amendment_to_another_lead_has_to_be_accepted_anew(world: World, known: list[Task]) -> None:
    text = AMENDING.replace(
        "thời hạn nhiệm vụ số 1 của Thông báo số 41-TB/BCĐTW, hoàn thành trước ngày 16/12/2026",
        f"cơ quan chủ trì nhiệm vụ {known[0].code} từ Bộ Tư pháp sang Bộ Nội vụ",
    )
    _document, (candidate,) = arrived(world, text)
    accept_assignment(actor=world.actor("lan"), at=NOW, task=known[0])
    amend(actor=world.actor("thu"), at=NOW, match=proposed(world, candidate))
    task = Task.objects.get(pk=known[0].pk)
    assert task.lead.code == "BNV"
    assert (task.state, task.accepted_on) == ("assigned", None)


def test_what_changes_nothing_is_refused_and_writes_nothing(world: World, known: list[Task]) -> None:
    _document, (candidate,) = arrived(world, AMENDING)
    correct(actor=world.actor("thu"), at=NOW, candidate=candidate, deadline_date=date(2026, 10, 14))
    match = proposed(world, candidate)
    with pytest.raises(TaskRefused, match="không nêu"):
        amend(actor=world.actor("thu"), at=NOW, match=match)
    assert not Source.objects.exists()
    candidate.refresh_from_db()
    assert candidate.state == "proposed"


def test_only_who_gives_tasks_may_link_or_amend(world: World, known: list[Task]) -> None:
    _document, (candidate,) = arrived(world, AMENDING)
    match = proposed(world, candidate)
    for person in ("lan", "minh", "an", "binh"):
        with pytest.raises(NotAllowed):
            amend(actor=world.actor(person), at=NOW, match=match)
        with pytest.raises(NotAllowed):
            dismiss_match(actor=world.actor(person), at=NOW, match=match)
    assert match_by_id(world.actor("an"), candidate, match.pk) is None


def test_the_card_offers_the_known_task_and_links_it(world: World, known: list[Task], client: Client) -> None:
    document, (same, *_) = arrived(world, AGAIN)
    client.force_login(world.people["thu"])
    page = client.get(f"/van-ban/{document.pk}/").content.decode()
    assert "Có thể đã giao" in page
    assert known[0].code in page
    address = f"/van-ban/{document.pk}/nhiem-vu/{same.pk}/da-co/"
    said = client.post(address, {"match": proposed(world, same).pk, "decision": "link"}, follow=True).content.decode()
    assert "không tạo nhiệm vụ mới" in said
    assert "Giao lại tại 52-TB/BCĐTW" in client.get(f"/nhiem-vu/{known[0].code}/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"match": "x"}, {"match": "999999", "decision": "link"}])
def test_a_proposal_that_is_gone_is_said_to_be_gone(
    world: World, known: list[Task], client: Client, sent: dict[str, str]
) -> None:
    document, (same, *_) = arrived(world, AGAIN)
    client.force_login(world.people["thu"])
    said = client.post(f"/van-ban/{document.pk}/nhiem-vu/{same.pk}/da-co/", sent, follow=True).content.decode()
    assert "Đề xuất này không còn" in said
