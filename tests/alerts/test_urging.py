"""Urging notes: numbers without gaps, only overdue tasks of one body, the layout of the issuer's bloc, the record."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from docx import Document as WordDocument

from tests.alerts.scenes import due_in, load_the_ladder, morning, waiting_for
from tests.tasks.samples import evidence
from tests.world import FOUNDED, NOW, TODAY, World
from thuocdo.accounts.models import Role
from thuocdo.accounts.operations import grant_role
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.alerts import operations
from thuocdo.alerts.files import layout_of, urging_note_docx
from thuocdo.alerts.lifecycle import Kind
from thuocdo.alerts.models import UrgedTask, Urging
from thuocdo.alerts.queries import note_of, possible_acts, proposals, urging_by_id
from thuocdo.engine.typesetting import Signature
from thuocdo.ledger.events import Event
from thuocdo.ledger.models import Entry
from thuocdo.organisations.operations import BodyDescription, appoint_head, establish_bodies
from thuocdo.tasks import operations as tasks
from thuocdo.tasks.models import Task

SOON = TODAY + timedelta(days=7)


def drafted(world: World, *urged: Task, name: str = "thu", issuer: str = "VPTW") -> Urging:
    return operations.draft_urging(
        actor=world.actor(name), at=NOW, issuer=world.body(issuer), tasks=urged, reply_by=SOON, request="Nêu đầu mối"
    )


def test_numbers_are_given_when_a_note_is_issued_and_have_no_gaps(world: World) -> None:
    thu = world.actor("thu")
    first, second, third = (drafted(world, due_in(world, -days)) for days in (8, 9, 40))
    operations.discard_urging(actor=thu, at=NOW, urging=second)
    assert operations.issue_urging(actor=thu, at=NOW, urging=third).number == 1
    assert operations.issue_urging(actor=thu, at=NOW, urging=first).number == 2
    operations.restore_urging(actor=thu, at=NOW, urging=second)
    new_year = morning(TODAY.replace(year=2027, month=1, day=5))
    second.refresh_from_db()
    with pytest.raises(operations.AlertRefused, match="đã qua"):
        operations.issue_urging(actor=world.actor("thu", on=new_year.date()), at=new_year, urging=second)
    assert list(Urging.objects.exclude(number=None).values_list("number", flat=True).order_by("number")) == [1, 2]
    told = json.loads(Entry.objects.filter(event=Event.URGING_CHANGED).latest("number").data)
    assert told["act"] == "restore"
    assert "request" not in told


def test_a_note_names_only_overdue_tasks_of_one_body(world: World) -> None:
    late, other, early = due_in(world, -8), due_in(world, -8, "48"), due_in(world, 8)
    handed_in = due_in(world, -8)
    lan = world.actor("lan")
    tasks.accept_assignment(actor=lan, at=NOW, task=handed_in)
    tasks.submit(actor=lan, at=NOW, task=handed_in, text="Xong", files=[evidence()])
    refused: list[tuple[Callable[[], object], str]] = [
        (lambda: drafted(world), "no_tasks"),
        (lambda: drafted(world, late, other), "several_bodies"),
        (lambda: drafted(world, late, early), "not_overdue"),
        (lambda: drafted(world, handed_in), "not_overdue"),
    ]
    for attempt, code in refused:
        with pytest.raises(operations.AlertRefused) as refusal:
            attempt()
        assert refusal.value.code == code
    for name, issuer in (("lan", "BTP"), ("minh", "VPCP"), ("an", "48"), ("thu", "VPCP")):
        with pytest.raises(NotAllowed):
            drafted(world, late, name=name, issuer=issuer)
    assert not Urging.objects.exists()


def test_what_was_done_in_the_meantime_leaves_the_note_before_it_is_issued(world: World) -> None:
    thu = world.actor("thu")
    still, done = due_in(world, -8), due_in(world, -9)
    note = drafted(world, still, done)
    tasks.cancel(actor=thu, at=NOW, task=done, reason="Không còn phù hợp")
    assert [row.task for row in operations.issue_urging(actor=thu, at=NOW, urging=note).urged.all()] == [still]
    empty = drafted(world, still)
    tasks.cancel(actor=thu, at=NOW, task=still, reason="Không còn phù hợp")
    with pytest.raises(operations.AlertRefused) as refusal:
        operations.issue_urging(actor=thu, at=NOW, urging=empty)
    assert refusal.value.code == "nothing_overdue"


def test_a_note_is_received_and_answered_by_the_addressee_alone(world: World) -> None:
    thu, lan, minh = world.actor("thu"), world.actor("lan"), world.actor("minh")
    note = operations.issue_urging(actor=thu, at=NOW, urging=drafted(world, due_in(world, -8)))
    assert waiting_for(world, "lan") == waiting_for(world, "dung") == [(Kind.URGED, "issue")]
    assert possible_acts(thu, note) == possible_acts(minh, note) == []
    assert possible_acts(lan, note) == ["acknowledge", "answer"]
    for stranger in (thu, minh, world.actor("an")):
        with pytest.raises(NotAllowed):
            operations.answer_urging(actor=stranger, at=NOW, urging=note, answer="Xong")
    operations.acknowledge_urging(actor=lan, at=NOW, urging=note)
    assert waiting_for(world, "lan") == []
    operations.answer_urging(actor=lan, at=NOW, urging=note, answer="Hoàn thành trước 30/9/2026 👍")
    # The issuer learns of the answer; the head of the addressee has nothing left to do.
    assert waiting_for(world, "thu") == [(Kind.URGED, "answer")]
    assert waiting_for(world, "dung") == []
    with pytest.raises(operations.AlertRefused, match="Đã trả lời"):
        operations.answer_urging(actor=lan, at=NOW, urging=note, answer="Lần nữa")
    assert urging_by_id(note.pk, actor=world.actor("an")) is None
    assert urging_by_id(note.pk, actor=minh) is not None


def test_the_ladder_proposes_whom_to_urge_until_a_note_names_the_task(world: World) -> None:
    load_the_ladder(world)
    thu = world.actor("thu")
    late = due_in(world, -8)
    due_in(world, -3)
    (proposal,) = proposals(thu, TODAY)
    assert (proposal.body.code, proposal.tasks, proposal.earliest_due) == ("BTP", 1, late.due_on)
    note = drafted(world, late)
    assert proposals(thu, TODAY) == []
    operations.discard_urging(actor=thu, at=NOW, urging=note)
    assert len(proposals(thu, TODAY)) == 1
    assert proposals(world.actor("lan"), TODAY) == []


def test_party_and_state_bodies_write_in_their_own_layout(world: World) -> None:
    late = due_in(world, -8, title="hoàn thiện kho dữ liệu")
    note = operations.issue_urging(actor=world.actor("thu"), at=NOW, urging=drafted(world, late))
    paper = note_of(note, today=TODAY)
    assert (paper.number, paper.symbol, paper.place, paper.is_draft) == ("1", "PĐĐ/VPTW", "Hà Nội", False)
    assert paper.tasks[0].title == "Hoàn thiện kho dữ liệu"
    assert (paper.tasks[0].days_late, paper.tasks[0].working_days_late) == (8, 6)
    assert layout_of(paper.bloc) is not layout_of("local")
    # The head of a province orders its wards.
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.HEAD, body=world.body("01"),
        valid_from=FOUNDED,
    )  # fmt: skip
    own = due_in(world, -8, "00004")
    paper = note_of(drafted(world, own, name="binh", issuer="01"), today=TODAY)
    assert (paper.is_order, paper.place, paper.is_draft) == (True, "Hà Nội", True)
    assert layout_of(paper.bloc) is layout_of("local")
    # A place writes and is written to as its People's Committee, and its chair signs on the committee's behalf.
    assert (paper.issuer, paper.addressee, paper.symbol) == (
        "Ủy ban nhân dân thành phố Hà Nội",
        "Ủy ban nhân dân phường Ba Đình",
        "PĐĐ-UBND",
    )
    # The office that gave the task is told.
    assert paper.recipients == ("Như trên", "Văn phòng Trung ương Đảng (để báo cáo)", "Lưu: VT")


@pytest.mark.parametrize(
    ("code", "post", "signature"),
    [
        ("VPTW", "Chánh Văn phòng", Signature("Chánh Văn phòng", "Trần Văn Ký")),
        (
            "VPTW",
            "Phó Chánh Văn phòng, phụ trách Văn phòng",
            Signature("Phó Chánh Văn phòng", "Trần Văn Ký", "KT", "Chánh Văn phòng"),
        ),
        (
            "01",
            "Chủ tịch Ủy ban nhân dân thành phố",
            Signature("Chủ tịch", "Trần Văn Ký", "TM", "Ủy ban nhân dân"),
        ),
    ],
)
def test_the_head_signs_as_the_post_says(world: World, code: str, post: str, signature: Signature) -> None:
    issuer = world.body(code)
    appoint_head(
        actor="system:test", at=NOW, body=issuer, person="Trần Văn Ký", post=post, valid_from=TODAY - timedelta(9)
    )
    urging = Urging.objects.create(
        issuer=issuer, addressee=world.body("BTP"), reply_by=SOON, drafted_at=NOW, drafted_by="system:test"
    )
    UrgedTask.objects.create(urging=urging, task=due_in(world, -8), due_on=TODAY - timedelta(8))
    assert note_of(urging, today=TODAY).signature == signature


def test_the_note_says_the_cause_that_the_lead_body_gave_itself(world: World) -> None:
    late = due_in(world, -8)
    lan = world.actor("lan")
    tasks.accept_assignment(actor=lan, at=NOW - timedelta(20), task=late)
    tasks.request_extension(
        actor=lan, at=NOW - timedelta(1), task=late, wanted_on=TODAY + timedelta(30), reason="Chờ\nhướng dẫn 😐"
    )
    note = drafted(world, late)
    assert note_of(note, today=TODAY).tasks[0].reason == "Chờ hướng dẫn 😐"
    # What was said after the note went out does not stand in it.
    Urging.objects.filter(pk=note.pk).update(issued_at=NOW - timedelta(5))
    note.refresh_from_db()
    assert note_of(note, today=TODAY).tasks[0].reason == ""


def test_a_unit_writes_below_the_body_it_belongs_to(world: World) -> None:
    (unit,) = establish_bodies(
        actor="system:tests", at=NOW,
        bodies=[BodyDescription(
            code="BNV.TH", bloc="government", kind="department", name="Vụ Tổng hợp", name_en="General Department",
            short_name="Vụ Tổng hợp", abbreviation="", peer_group="", valid_from=FOUNDED, superior="BNV",
        )],
    )  # fmt: skip
    urging = Urging.objects.create(
        issuer=unit, addressee=world.body("BTP"), reply_by=SOON, drafted_at=NOW, drafted_by="system:test"
    )
    UrgedTask.objects.create(urging=urging, task=due_in(world, -8), due_on=TODAY - timedelta(8))
    paper = note_of(urging, today=TODAY)
    assert (paper.issuer, paper.superior, paper.called) == ("Vụ Tổng hợp", "Bộ Nội vụ", "Vụ Tổng hợp Bộ Nội vụ")


def test_who_signs_for_the_head_is_recorded_and_printed_as_the_decree_asks(world: World) -> None:
    appoint_head(
        actor="system:tests", at=NOW, body=world.body("VPTW"), person="Nguyễn Văn Đầu", post="Chánh Văn phòng",
        valid_from=FOUNDED,
    )  # fmt: skip
    thu, late = world.actor("thu"), due_in(world, -8)
    for signer, code in (
        (operations.Signer("TL"), "no_signer_post"),
        (operations.Signer("", "Vụ trưởng"), "signer_without_capacity"),
        (operations.Signer("XX", "Vụ trưởng"), "signing_unknown"),
        (operations.Signer("KT", "Vụ trưởng " * 20), "too_long"),
    ):
        with pytest.raises(operations.AlertRefused) as refused:
            operations.draft_urging(
                actor=thu, at=NOW, issuer=world.body("VPTW"), tasks=[late], reply_by=SOON, signer=signer
            )
        assert refused.value.code == code
    note = drafted(world, late)
    assert note_of(note, today=TODAY).signature == Signature(post="Chánh Văn phòng", name="Nguyễn Văn Đầu")
    for mode in ("KT", "TL", "TUQ"):
        signer = operations.Signer(mode, " Vụ  trưởng Vụ Tổng hợp ", "Trần Thị Ký")
        note = operations.revise_urging(
            actor=thu, at=NOW, urging=note, tasks=[late], reply_by=SOON, request="", signer=signer
        )
        written = note_of(note, today=TODAY)
        assert written.signature == Signature(
            post="Vụ trưởng Vụ Tổng hợp", name="Trần Thị Ký", mode=mode, on_behalf="Chánh Văn phòng"
        )
        tables = WordDocument(io.BytesIO(urging_note_docx(written))).tables
        printed = "\n".join(cell.text for row in tables[-1].rows for cell in row.cells)
        assert f"{layout_of('party').modes[mode]}CHÁNH VĂN PHÒNG" in printed
    operations.issue_urging(actor=thu, at=NOW, urging=note)
    told = Entry.objects.filter(event=Event.URGING_CHANGED).latest("number").data
    assert '"signing":"TUQ"' in told
    # The ledger names no person.
    assert "Trần Thị Ký" not in told
