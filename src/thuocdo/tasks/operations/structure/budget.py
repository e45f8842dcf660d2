"""Budget references: the lines of a budget that pay for a task, as the budget names them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.models import BudgetReference, Task
from thuocdo.tasks.operations.refusals import TaskRefused, require_text
from thuocdo.tasks.operations.taking import begin, finish

# The sum that a column of twenty digits holds.
_MOST = Decimal(10) ** 18


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of a budget in a year, in dong."""

    code: str
    year: int
    amount: Decimal
    title: str = ""


@transaction.atomic
def set_budget(*, actor: Actor, at: datetime, task: Task, lines: Sequence[BudgetLine]) -> list[BudgetReference]:
    """Say which budget lines pay for a task; replaces those that stood there. The ledger keeps sums per year."""
    current = begin("set_budget", task, actor=actor)
    rows: dict[tuple[str, int], BudgetReference] = {}
    for line in lines:
        code = require_text(nfc(line.code), "code")[:80]
        if (code, line.year) in rows:
            raise TaskRefused(
                gettext("Dòng ngân sách %(code)s năm %(year)s ghi hai lần; gộp thành một dòng.")
                % {"code": code, "year": line.year},
                code="budget_twice",
                field="lines",
            )
        if not 0 <= line.amount < _MOST or not 2000 <= line.year <= 2100:
            raise TaskRefused(
                gettext(
                    "Dòng ngân sách %(code)s có năm hoặc số tiền không hợp lệ; nhập năm 4 chữ số, số tiền bằng đồng."
                )
                % {"code": code},
                code="budget_out_of_range",
                field="lines",
            )
        rows[code, line.year] = BudgetReference(
            task=current, code=code, year=line.year, amount=line.amount, title=nfc(line.title).strip()[:300]
        )
    BudgetReference.objects.filter(task=current).delete()
    made = BudgetReference.objects.bulk_create(rows.values())
    years = sorted({row.year for row in made})
    sums = {str(year): str(sum((row.amount for row in made if row.year == year), Decimal(0))) for year in years}
    finish("set_budget", current, actor=actor, at=at, data={"budget": sums})
    return made
