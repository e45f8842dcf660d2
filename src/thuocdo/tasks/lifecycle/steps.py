"""The steps between the states, each with the permission that it needs; the one table of what can happen."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .states import OPEN, WORKING, State


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can happen to a task: from which states to which, and the permission that it needs.

    `permission` is the name of a member of the one enum of permissions. `at_lead` says that it belongs to the
    lead body itself; otherwise it is needed over the lead body, and with `as_authority` over the assigning one.
    `or_lead` is another permission that does as well at the lead body: what both sides may write down.
    """

    name: str
    moves: Mapping[State, frozenset[State]]
    permission: str
    at_lead: bool = False
    as_authority: bool = False
    or_lead: str = ""


# What a decision may still move: the clock runs.
RUNNING = OPEN - {State.SUSPENDED}


def _to(target: State, *sources: State) -> Mapping[State, frozenset[State]]:
    return MappingProxyType({source: frozenset({target}) for source in sources})


def _unmoved(states: frozenset[State]) -> Mapping[State, frozenset[State]]:
    return MappingProxyType({state: frozenset({state}) for state in sorted(states)})


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        step.name: step
        for step in (
            Step("issue", _to(State.ASSIGNED, State.DRAFT), "assign_task", as_authority=True),
            Step("accept_assignment", _to(State.ACCEPTED, State.ASSIGNED), "accept_assignment", at_lead=True),
            Step(
                "dispute",
                _to(State.DISPUTED, State.ASSIGNED, State.ACCEPTED),
                "dispute_assignment",
                at_lead=True,
            ),
            Step("uphold", _to(State.ASSIGNED, State.DISPUTED), "decide_dispute", as_authority=True),
            Step("transfer", _to(State.ASSIGNED, State.DISPUTED), "decide_dispute", as_authority=True),
            Step("withdraw", _to(State.CANCELLED, State.DISPUTED), "decide_dispute", as_authority=True),
            Step(
                "report_progress",
                MappingProxyType(
                    {
                        State.ACCEPTED: frozenset({State.IN_PROGRESS}),
                        State.IN_PROGRESS: frozenset({State.IN_PROGRESS}),
                        # What was returned stays so until it is submitted again, however much is reported.
                        State.RETURNED: frozenset({State.RETURNED}),
                    }
                ),
                "report_progress",
                at_lead=True,
            ),
            Step(
                "submit",
                _to(State.SUBMITTED, State.ACCEPTED, State.IN_PROGRESS, State.RETURNED),
                "submit_result",
                at_lead=True,
            ),
            Step("return_result", _to(State.RETURNED, State.SUBMITTED), "approve_result"),
            # The verifier thinks better of it before the lead body has acted.
            Step("recall_return", _to(State.SUBMITTED, State.RETURNED), "approve_result"),
            Step(
                "approve_result",
                # With the result of one occurrence a recurring task goes on to the next.
                MappingProxyType({State.SUBMITTED: frozenset({State.COMPLETED, State.IN_PROGRESS})}),
                "approve_result",
            ),
            Step("judge_effectiveness", _unmoved(frozenset({State.COMPLETED})), "judge_effectiveness"),
            Step("extend", _unmoved(OPEN - {State.SUSPENDED}), "extend_task", as_authority=True),
            # By a document that amends the order: deadline, lead, product or wording; a new lead has to accept.
            Step(
                "amend",
                MappingProxyType(
                    {state: frozenset({state, State.ASSIGNED}) for state in sorted(OPEN - {State.SUSPENDED})}
                ),
                "assign_task",
                as_authority=True,
            ),
            Step("suspend", _to(State.SUSPENDED, *sorted(WORKING)), "suspend_task", as_authority=True),
            Step("resume", MappingProxyType({State.SUSPENDED: WORKING}), "suspend_task", as_authority=True),
            # Out of a dispute, too, the side that assigned may give the task to another body.
            Step(
                "reassign",
                _to(State.ASSIGNED, *sorted(WORKING | {State.SUBMITTED})),
                "assign_task",
                as_authority=True,
            ),
            # The work of a body that ended goes on where it stands, with the body that follows it.
            Step("inherit", _unmoved(OPEN | {State.DRAFT}), "assign_task", as_authority=True),
            Step("reopen", _to(State.IN_PROGRESS, State.COMPLETED), "assign_task", as_authority=True),
            Step("request_extension", _unmoved(RUNNING), "submit_result", at_lead=True),
            Step("refuse_extension", _unmoved(RUNNING), "extend_task", as_authority=True),
            Step(
                "judge_product",
                _unmoved(frozenset({State.IN_PROGRESS, State.RETURNED, State.SUBMITTED})),
                "approve_result",
            ),
            Step("put_in_charge", _unmoved(OPEN), "accept_assignment", at_lead=True),
            Step("leave_unattended", _unmoved(OPEN), "accept_assignment", at_lead=True),
            Step("divide", _unmoved(WORKING), "divide_task", at_lead=True),
            Step("set_products", _unmoved(OPEN | {State.DRAFT}), "assign_task", as_authority=True),
            Step(
                "set_milestones",
                _unmoved(OPEN | {State.DRAFT}),
                "assign_task",
                as_authority=True,
                or_lead="submit_result",
            ),
            Step("move_milestone", _unmoved(RUNNING), "extend_task", as_authority=True),
            Step(
                "set_dependencies",
                _unmoved(OPEN | {State.DRAFT}),
                "assign_task",
                as_authority=True,
                or_lead="submit_result",
            ),
            Step(
                "set_indicators",
                _unmoved(OPEN | {State.DRAFT, State.COMPLETED}),
                "assign_task",
                as_authority=True,
                or_lead="submit_result",
            ),
            Step(
                "set_budget",
                _unmoved(OPEN | {State.DRAFT}),
                "assign_task",
                as_authority=True,
                or_lead="submit_result",
            ),
            Step(
                "cancel",
                _to(State.CANCELLED, State.DRAFT, *sorted(OPEN)),
                "cancel_task",
                as_authority=True,
            ),
        )
    }
)


# Steps that no task offers by itself: a document amends it, a body or a person goes, a point is taken back.
ELSEWHERE = frozenset({"amend", "inherit", "leave_unattended", "recall_return"})


class StepNotPossible(ValueError):
    """The step does not start from the state in which the task is."""

    def __init__(self, step: str, state: State) -> None:
        super().__init__(f"{step} is not possible from {state}")
        self.step = step
        self.state = state


def state_after(step: str, state: str, *, back_to: str | None = None) -> State:
    """The state after a step; one with several targets (resume, approval) needs `back_to`.

    Raises StepNotPossible.
    """
    current = State(state)
    targets = STEPS[step].moves.get(current, frozenset())
    if len(targets) == 1:
        return next(iter(targets))
    if back_to is not None and back_to in targets:
        return State(back_to)
    raise StepNotPossible(step, current)


def steps_from(state: str) -> list[Step]:
    """The steps that start from a state, in the order of the table."""
    return [step for step in STEPS.values() if state in step.moves]
