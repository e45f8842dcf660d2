"""What the tests of heads' records share: heads by date, and a term with one task for each figure."""

from datetime import UTC, date, datetime, time

from tests.tasks.samples import description, evidence
from tests.world import World
from thuocdo.organisations.models import Appointment
from thuocdo.organisations.operations import appoint_head
from thuocdo.publications.lifecycle import Term, parse_term
from thuocdo.publications.queries import Record, record_of, seat_of
from thuocdo.tasks.lifecycle import Effectiveness
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import (
    Outcome,
    accept_assignment,
    approve_result,
    assign,
    cancel,
    decide_dispute,
    dispute,
    extend,
    judge_effectiveness,
    reassign,
    return_result,
    submit,
    suspend,
)

TERM = parse_term("2026-Q3")
TODAY = date(2026, 9, 14)
CHANGE = date(2026, 8, 15)


def morning(day: date) -> datetime:
    """Nine o'clock in Viet Nam."""
    return datetime.combine(day, time(2), UTC)


def headed(
    world: World,
    code: str,
    *,
    since: date,
    person: str = "Lê Văn Dũng",
    until: date | None = None,
    post: str = "Bộ trưởng",
) -> Appointment:
    """A head of a body from a day on."""
    return appoint_head(
        actor="system:tests",
        at=morning(since),
        body=world.body(code),
        person=person,
        post=post,
        valid_from=since,
        valid_to=until,
    )


def given(world: World, title: str, on: date, due: date | None, lead: str = "BTP") -> Task:
    """A task given on a day; Lan or whoever reports takes it on at once where it is the Ministry of Justice."""
    task = assign(
        actor=world.actor("thu", on=on),
        at=morning(on),
        task=description(world.body(lead), title=title, due_on=due, assigned_on=on),
    )
    if lead == "BTP":
        accept_assignment(actor=world.actor("lan", on=on), at=morning(on), task=task)
    return task


def handed_in(world: World, task: Task, on: date) -> None:
    """The Ministry of Justice hands in its result."""
    submit(actor=world.actor("lan", on=on), at=morning(on), task=task, text="Đã xong", files=[evidence()])


def done(world: World, task: Task, on: date) -> None:
    """The result is handed in and approved on a day."""
    handed_in(world, task, on)
    approve_result(actor=world.actor("minh", on=on), at=morning(on), task=task)


def one_of_each(world: World) -> dict[str, Task]:
    """By figure: a task of the Ministry of Justice that counts there in the third quarter, as of 14 September.

    One head goes and the next comes on 15 August; what happened before is the first one's.
    """
    june, july = date(2026, 6, 10), date(2026, 7, 6)
    thu, minh, son, lan = world.actor("thu"), world.actor("minh"), world.actor("son"), world.actor("lan")
    tasks = {
        "in_time": given(world, "Xong trong hạn", july, date(2026, 7, 31)),
        "late": given(world, "Xong muộn", july, date(2026, 7, 20)),
        "debt_open": given(world, "Quá hạn từ người trước", june, date(2026, 7, 31)),
        "debt_settled": given(world, "Quá hạn từ người trước, nay xong", june, date(2026, 8, 3)),
        "overdue": given(world, "Quá hạn", june, date(2026, 9, 1)),
        "running": given(world, "Còn hạn", july, date(2026, 10, 30)),
        "suspended": given(world, "Tạm dừng", july, date(2026, 9, 3)),
        "left": given(world, "Hủy", july, date(2026, 9, 30)),
        "returned": given(world, "Bị trả lại", july, date(2026, 12, 1)),
        "transferred": given(world, "Chuyển cơ quan khác", july, date(2026, 12, 1)),
        "extended": given(world, "Gia hạn", july, date(2026, 9, 2)),
        "objective_extended": given(world, "Gia hạn khách quan", july, date(2026, 9, 3)),
        "disputed": given(world, "Kiến nghị bị bác", july, date(2026, 12, 1)),
        "effective": given(world, "Có hiệu quả", july, date(2026, 8, 31)),
        "not_effective": given(world, "Chưa có hiệu quả", july, date(2026, 8, 31)),
    }  # fmt: skip
    granted = assign(
        actor=thu,
        at=morning(july),
        task=description(world.body("BTP"), title="Kiến nghị đúng", due_on=date(2026, 12, 1), assigned_on=july),
    )
    tasks["dispute_granted"] = granted
    done(world, tasks["in_time"], date(2026, 7, 28))
    done(world, tasks["late"], date(2026, 8, 10))
    done(world, tasks["debt_settled"], date(2026, 9, 4))
    day = date(2026, 8, 20)
    suspend(actor=thu, at=morning(day), task=tasks["suspended"], reason="Chờ luật")
    cancel(actor=thu, at=morning(day), task=tasks["left"], reason="Không còn cần")
    for name, objective in (("extended", False), ("objective_extended", True)):
        extend(
            actor=thu,
            at=morning(day),
            task=tasks[name],
            new_due_on=date(2026, 10, 20),
            decision_number="12/QĐ",
            reason="Thiên tai" if objective else "Chậm chuẩn bị",
            is_objective=objective,
        )
    handed_in(world, tasks["returned"], day)
    return_result(actor=minh, at=morning(date(2026, 8, 24)), task=tasks["returned"], note="Thiếu dữ liệu")
    reassign(
        actor=thu,
        at=morning(day),
        task=tasks["transferred"],
        new_lead=world.body("BNV"),
        reason="Đùn đẩy",
    )
    for name, outcome, lead in (
        ("dispute_granted", Outcome.TRANSFER, world.body("BYT")),
        ("disputed", Outcome.UPHOLD, None),
    ):
        dispute(actor=lan, at=morning(day), task=tasks[name], reason="Không đúng chức năng")
        decide_dispute(
            actor=thu, at=morning(date(2026, 8, 21)), task=tasks[name], outcome=outcome, note="Đã xem", new_lead=lead
        )
    for name, judged in (("effective", Effectiveness.EFFECTIVE), ("not_effective", Effectiveness.NOT_EFFECTIVE)):
        done(world, tasks[name], date(2026, 8, 25))
        judge_effectiveness(
            actor=son, at=morning(date(2026, 9, 8)), task=tasks[name], effectiveness=judged, note="Đã kiểm tra"
        )
    return tasks


def record(world: World, code: str, key: object, term: Term = TERM, today: date = TODAY) -> Record:
    """The record of a head in a term."""
    seat = seat_of(world.body(code))
    tenure = seat.tenure(term, str(key))
    assert tenure is not None
    return record_of(seat, tenure, term, today)


def codes(record: Record, figure: str) -> set[str]:
    """The tasks behind a figure."""
    return {fact.code for fact in record.rows(figure)}
