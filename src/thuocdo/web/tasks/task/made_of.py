"""What a task is made of, for its page and its forms: asked once, and only for what its history tells of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.queries import (
    Parts,
    Short,
    State,
    Vague,
    Waiting,
    disputes,
    history,
    indicators_of,
    is_unattended,
    line_above,
    open_points,
    parts_of,
    short_rows,
    vague_in,
    waited_for_by,
    waiting_for,
)

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator
    from thuocdo.tasks.models import (
        BudgetReference,
        Dispute,
        ExtensionRequest,
        Milestone,
        Product,
        Task,
    )


@dataclass(frozen=True, slots=True)
class MadeOf:
    """Milestones, products, what is waited for, parts, budget, disputes and requests of one task."""

    milestones: list["Milestone"] = field(default_factory=list)
    products: list["Product"] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    waited_for_by: list["Task"] = field(default_factory=list)
    parts: Parts | None = None
    above: list["Task"] = field(default_factory=list)
    budget: list["BudgetReference"] = field(default_factory=list)
    # What its result should move.
    indicators: list["Indicator"] = field(default_factory=list)
    disputes: list["Dispute"] = field(default_factory=list)
    requests: list["ExtensionRequest"] = field(default_factory=list)
    vague: list[Vague] = field(default_factory=list)
    is_unattended: bool = False
    # What a judge has before their eyes; a newer report turns their judgement away.
    newest_report: int | None = None
    # How many single things were returned and wait for an answer.
    open_points: int = 0

    @property
    def still_waits(self) -> list[Waiting]:
        return [one for one in self.waiting if not one.is_there]

    @property
    def open_request(self) -> "ExtensionRequest | None":
        return next((one for one in self.requests if one.is_granted is None), None)

    @property
    def open_dispute(self) -> "Dispute | None":
        return next((one for one in self.disputes if one.decided_at is None), None)

    @property
    def accepted(self) -> int:
        return sum(1 for product in self.products if product.is_accepted)

    @property
    def money(self) -> Decimal:
        """All budget lines together, in dong."""
        return sum((line.amount for line in self.budget), Decimal(0))


def made_of(
    task: "Task",
    actor: Actor,
    today: date,
    steps: Iterable[str] | None = None,
    newest_report: int | None = None,
    short: Short | None = None,
) -> MadeOf:
    """The parts of a task; kept with it, so that its forms do not ask again. `steps` are those it has taken.

    `short` are its short rows, where the caller has read them.

    Whoever writes one of these leaves a step in the history, which saves a question for each that never was.
    """
    kept: MadeOf | None = getattr(task, "_made_of", None)
    if kept is not None:
        return kept
    taken = set(steps) if steps is not None else set(history(task).values_list("step", flat=True))
    short = short if short is not None else short_rows(task)
    found = MadeOf(
        milestones=short.milestones,
        products=short.products,
        waiting=waiting_for(task, today) if "set_dependencies" in taken else [],
        waited_for_by=list(waited_for_by(task, actor)) if "awaited" in taken else [],
        parts=parts_of(task, actor) if "divide" in taken else None,
        above=line_above(task) if task.parent_id is not None else [],
        budget=short.budget,
        indicators=indicators_of(task, actor) if "set_indicators" in taken else [],
        disputes=list(disputes(task)) if "dispute" in taken else [],
        requests=short.requests,
        vague=vague_in(task),
        is_unattended="leave_unattended" in taken and is_unattended(task),
        newest_report=newest_report,
        open_points=open_points(task).count() if task.state == State.RETURNED else 0,
    )
    task._made_of = found  # type: ignore[attr-defined] # noqa: SLF001
    return found
