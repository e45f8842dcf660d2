"""Signs in figures and reports: each kind found where it was planted, nowhere else, and only within one's reach."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.indicators.figures import load_figures, tell
from tests.scorecards.method import load_method
from tests.tasks.samples import given, word_file
from tests.world import FOUNDED, NOW, TODAY, World
from thuocdo.accounts.permissions import machine
from thuocdo.engine.calendars import parse_period
from thuocdo.organisations.operations import BodyDescription, establish_bodies
from thuocdo.scorecards.operations import score
from thuocdo.scorecards.queries.monitors import Signs, signs
from thuocdo.tasks.files import Upload
from thuocdo.tasks.operations import accept_assignment, report_progress, submit

LONG = (
    "Đơn vị đã rà soát toàn bộ quy trình, phân công đầu mối từng nội dung, tổ chức tập huấn cho cán bộ tại cơ sở "
    "và đưa hệ thống vào vận hành thử nghiệm tại các địa bàn trọng điểm trong quý."
)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def found(world: World, person: str = "minh", scorecard: str = "small-2026") -> Signs:
    return signs(world.actor(person), on=TODAY, scorecard=scorecard)


def reported(world: World, code: str, text: str, *, by: str, file: str = "") -> None:
    """A task of the body with a report of that text, and a file where one is given."""
    task = given(world, code, at=NOW - timedelta(days=40))
    who = world.actor(by)
    accept_assignment(actor=who, at=NOW, task=task)
    files = [Upload("ket-qua.docx", word_file(file))] if file else []
    report_progress(actor=who, at=NOW, task=task, text=text, progress=40, files=files)


def test_an_empty_instance_has_no_signs(world: World) -> None:
    nothing = found(world, scorecard="")
    assert nothing.number == 0
    assert set(nothing.looked_at.values()) == {0}


def test_declared_round_numbers_stand_out_and_others_do_not(world: World) -> None:
    load_figures(world)
    rounded, plain = [60.0, 65, 70, 80, 85, 90, 75], [61.3, 66.1, 72.4, 79.9, 85.2, 90.0, 74.7]
    for body, values in (("48", rounded), ("01", plain)):
        for number in range(14):
            year, month = divmod(2025 * 12 + 6 + number, 12)
            if (year, month) > (2026, 8):
                break
            tell(
                world, body=body, period=f"{year}-{month + 1:02}", value=str(values[number % 7]), provenance="declared"
            )
        for day in range(1, 13):
            tell(world, body=body, indicator="service_on_time", period=f"2026-08-{day:02}",
                 value=str(values[day % 7]), provenance="declared")  # fmt: skip
    (heap,) = found(world).heaps
    assert heap.body.code == "48"
    assert heap.step == 5
    assert heap.tally.hits == heap.tally.number >= 20
    assert heap.rows
    # Nobody reads signs about the figures of others without the right to verify: Đà Nẵng sees none, not even its own.
    assert found(world, "an").number == 0


def test_results_handed_in_on_the_last_days_stand_out(world: World) -> None:
    lan = world.actor("lan")
    early = datetime(2026, 4, 2, 2, tzinfo=UTC)
    last = datetime(2026, 6, 30, 2, tzinfo=UTC)
    for number in range(10):
        task = given(world, "BTP", at=early, due_on=date(2026, 7, 31), title=f"Việc số {number}")
        accept_assignment(actor=lan, at=early, task=task)
        day = last if number < 9 else early + timedelta(days=20)
        submit(
            actor=lan, at=day, task=task, text="Đã xong", files=[Upload("ket-qua.docx", word_file(f"Kết quả {number}"))]
        )
    (hurry,) = found(world).hurries
    assert (hurry.kind, hurry.body.code) == ("tasks", "BTP")
    assert (hurry.tally.hits, hurry.tally.number) == (9, 10)
    assert [day for _task, day in hurry.tasks] == [date(2026, 6, 30)] * 9


def test_one_file_for_two_tasks_and_a_copied_report_are_found(world: World) -> None:
    reported(world, "BTP", LONG, by="lan", file="Cùng một tệp")
    reported(world, "BTP", LONG.replace("trong quý", "trong tháng"), by="lan", file="Cùng một tệp")
    reported(world, "48", "Đang làm, tiến độ bảo đảm.", by="an", file="Tệp khác")
    here = found(world)
    (reuse,) = here.reused
    assert {task.lead.code for task in reuse.tasks} == {"BTP"}
    assert len(reuse.tasks) == 2
    (copied,) = here.copied
    assert len({report.task_id for report in copied.reports}) == len(copied.reports) == 2
    assert 0.8 <= copied.likeness < 1


def test_two_reports_of_one_task_are_no_copy(world: World) -> None:
    task = given(world, "BTP", at=NOW - timedelta(days=40))
    lan = world.actor("lan")
    accept_assignment(actor=lan, at=NOW, task=task)
    for _twice in range(2):
        report_progress(actor=lan, at=NOW, task=task, text=LONG, progress=40, files=[])
    assert found(world).copied == []


def test_nobody_is_shown_signs_of_their_own_house(world: World) -> None:
    """Minh verifies and belongs to the Government Office: what he sees leaves it out; the inspector sees all."""
    establish_own = given(world, "VPCP", at=NOW - timedelta(days=40))
    assert establish_own.lead.code == "VPCP"
    actor = machine("tests", TODAY)
    for task in (establish_own, given(world, "VPCP", at=NOW - timedelta(days=40), title="Việc thứ hai")):
        accept_assignment(actor=actor, at=NOW, task=task)
        report_progress(actor=actor, at=NOW, task=task, text=LONG, progress=40, files=[])
    assert found(world, "minh").copied == []
    assert len(found(world, "thanh").copied) == 1
    assert len(found(world, "thu").copied) == 1


def test_scores_that_drift_to_the_ceiling_stand_out(world: World) -> None:
    scorecard = load_method(world)
    establish_bodies(
        actor=world.machine.label,
        at=NOW,
        bodies=[
            BodyDescription(
                code=f"9{number}", bloc="local", kind="province", name=f"Tỉnh số {number}",
                name_en=f"Province {number}",
                short_name=f"Số {number}", superior="TW", peer_group="provinces", valid_from=FOUNDED,
            )
            for number in range(10)
        ],
    )  # fmt: skip
    # The running quarter is left aside: what it says is not settled.
    for period, at, low in (
        ("2025-Q4", datetime(2026, 1, 20, tzinfo=UTC), 60),
        ("2026-Q1", datetime(2026, 4, 20, tzinfo=UTC), 94),
        ("2026-Q2", datetime(2026, 7, 20, tzinfo=UTC), 96),
        ("2026-Q3", NOW, 50),
    ):
        for number in range(10):
            tell(world, at=at, body=f"9{number}", indicator="satisfaction", period=period, value=str(low + number / 4),
                 provenance="independent")  # fmt: skip
        score(actor=world.machine, at=at, scorecard=scorecard, period=parse_period(period), peer_groups=["provinces"])
    (ceiling,) = found(world).ceilings
    assert (ceiling.indicator, ceiling.peer_group, ceiling.period) == ("satisfaction", "provinces", "2026-Q2")
    assert (ceiling.hits, ceiling.number, ceiling.rise) == (10, 10, 1.0)
    assert [label for label, _share in ceiling.shares] == ["2025-Q4", "2026-Q1", "2026-Q2"]


@pytest.mark.parametrize("person", ["lan", "an", "quan", "hoa", "binh", "dung"])
def test_who_verifies_nothing_sees_no_signs(world: World, person: str) -> None:
    reported(world, "BTP", LONG, by="lan", file="Cùng một tệp")
    reported(world, "BTP", LONG, by="lan", file="Cùng một tệp")
    assert found(world, person).number == 0
