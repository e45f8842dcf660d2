"""Who is told: the audience of a rung, and the people concerned by a step of a task."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from thuocdo.accounts.models import Role
from thuocdo.accounts.permissions import Permission
from thuocdo.alerts.ladder import Audience
from thuocdo.evaluations.queries import asked_last_by

from .seats import Directory, Seat

if TYPE_CHECKING:
    from thuocdo.evaluations.models import Finding
    from thuocdo.tasks.models import Task

# Whoever works for the lead body, and whoever answers for it.
LEADING = (Role.FOCAL_POINT, Role.HEAD)
ASSIGNING = (Role.STANDING_OFFICE, Role.FOCAL_POINT, Role.HEAD)


def audience_of(directory: Directory, task: "Task", audience: Iterable[Audience]) -> list[Seat]:
    """The people of an audience, each once, in the order of the audience."""
    found: dict[int, Seat] = {}
    for word in audience:
        for seat in _seats(directory, task, word):
            found.setdefault(seat.user_id, seat)
    return list(found.values())


def _seats(directory: Directory, task: "Task", audience: Audience) -> list[Seat]:
    match audience:
        case Audience.FOCAL_POINTS:
            return focal_points(directory, task)
        case Audience.HEAD:
            return directory.seats_at(task.lead_id, Role.HEAD)
        case Audience.ASSIGNING:
            return directory.seats_at(task.assigned_by_id, *ASSIGNING)
        case Audience.SUPERIOR:
            above = directory.above.get(task.lead_id, ())
            return directory.seats_at(above[0], *ASSIGNING) if above else []
        case Audience.STANDING_OFFICE:
            return directory.nearest_over(task.lead_id, Role.STANDING_OFFICE)


def focal_points(directory: Directory, task: "Task") -> list[Seat]:
    """The focal points of the lead body, and the person who answers for the task if they hold a role there."""
    found = directory.seats_at(task.lead_id, Role.FOCAL_POINT)
    if task.responsible_id is not None and all(seat.user_id != task.responsible_id for seat in found):
        named = [held for held in directory.held.get(task.responsible_id, ()) if held.body_id == task.lead_id]
        found = [*found, *(Seat(task.responsible_id, held.role, held.body_id) for held in named[:1])]
    return found


def leading(directory: Directory, task: "Task") -> list[Seat]:
    """Focal points and head of the lead body."""
    return [*focal_points(directory, task), *directory.seats_at(task.lead_id, Role.HEAD)]


def deciding(directory: Directory, task: "Task") -> list[Seat]:
    """Those who can decide a dispute: at the assigning body, or else the nearest standing office over both sides."""
    bodies = (task.lead_id, task.assigned_by_id)
    candidates = [
        *directory.seats_at(task.assigned_by_id, *ASSIGNING),
        *directory.nearest_over(task.assigned_by_id, Role.STANDING_OFFICE),
    ]
    return _each_once(
        seat
        for seat in candidates
        if all(directory.may(seat.user_id, Permission.DECIDE_DISPUTE, [body]) for body in bodies)
    )


def extending(directory: Directory, task: "Task") -> list[Seat]:
    """Those who can grant a later deadline: at the assigning body, or else the nearest standing office."""
    candidates = [
        *directory.seats_at(task.assigned_by_id, *ASSIGNING),
        *directory.nearest_over(task.assigned_by_id, Role.STANDING_OFFICE),
    ]
    bodies = (task.lead_id, task.assigned_by_id)
    return _each_once(
        seat
        for seat in candidates
        if all(directory.may(seat.user_id, Permission.EXTEND_TASK, [body]) for body in bodies)
    )


def in_charge(directory: Directory, task: "Task") -> list[Seat]:
    """The person who answers for the task inside the lead body, if they hold a role there."""
    return [seat for seat in focal_points(directory, task) if seat.user_id == task.responsible_id]


def approving(directory: Directory, task: "Task") -> list[Seat]:
    """Those whose verdict a result waits for: verifiers and standing offices that reach the lead from nearest."""
    found = [
        *directory.nearest_over(task.lead_id, Role.VERIFIER, apart_from=task.lead_id),
        *directory.nearest_over(task.lead_id, Role.STANDING_OFFICE, apart_from=task.lead_id),
    ]
    if task.accepting_body_id is not None:
        here = [seat for seat in found if seat.body_id == task.accepting_body_id]
        found = here or directory.seats_at(task.accepting_body_id, Role.VERIFIER, Role.STANDING_OFFICE)
    return _each_once(seat for seat in found if directory.may(seat.user_id, Permission.APPROVE_RESULT, [task.lead_id]))


def judging(directory: Directory, body: int) -> list[Seat]:
    """Those who look into findings at the body: the nearest verifiers, or else evaluators, or else standing offices."""
    for role in (Role.VERIFIER, Role.EVALUATOR, Role.STANDING_OFFICE):
        found = [
            seat
            for seat in directory.nearest_over(body, role, apart_from=body)
            if directory.may(seat.user_id, Permission.VERIFY_FINDING, [body])
        ]
        if found:
            return _each_once(found)
    return []


def judging_last(directory: Directory, finding: "Finding") -> list[Seat]:
    """The one who asked the body last, as long as they may judge it; else those who look into its findings."""
    person = asked_last_by(finding)
    if person is not None and directory.may(person, Permission.VERIFY_FINDING, [finding.body_id]):
        held = directory.held[person]
        judges = (Role.VERIFIER, Role.EVALUATOR, Role.STANDING_OFFICE)
        return [Seat(person, one.role, one.body_id) for one in held if one.role in judges][:1]
    return judging(directory, finding.body_id)


def _each_once(seats: Iterable[Seat]) -> list[Seat]:
    found: dict[int, Seat] = {}
    for seat in seats:
        found.setdefault(seat.user_id, seat)
    return list(found.values())
