"""The short rows of a task come in one query and are the very rows that their own queries give."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Model

from tests.tasks.samples import evidence, taken_on
from tests.world import NOW, World
from thuocdo.tasks.models import BudgetReference, Evidence, Extension, ExtensionRequest, Milestone, Pause, Product
from thuocdo.tasks.operations import report_progress
from thuocdo.tasks.queries import budget_references, extension_requests, extensions, milestones, products, short_rows
from thuocdo.tasks.queries.details import pauses


def content(rows: Any) -> list[dict[str, str]]:
    def of(row: Model) -> dict[str, str]:
        return {name: repr(value) for name, value in vars(row).items() if name != "_state"}

    return [of(row) for row in rows]


def test_short_rows_are_those_of_their_own_queries(world: World, django_assert_num_queries: Any) -> None:
    task, day = taken_on(world), date(2026, 10, 1)
    Milestone.objects.create(task=task, position=1, title="Trình “dự thảo”", due_on=day, original_due_on=day)
    first = Product.objects.create(
        task=task, position=1, name="Danh mục", quantity=Decimal("1234567890.1234"), unit="bản"
    )
    Product.objects.create(
        task=task, position=2, name="Nghị định", is_accepted=True, accepted_on=day, accepted_by="user:1"
    )
    for amount in ("50000000000000", "5"):
        BudgetReference.objects.create(task=task, code=f"KH-{amount}", year=2026, amount=Decimal(amount))
    moved = Extension.objects.create(
        task=task, old_due_on=day, new_due_on=date(2026, 11, 1), decision_number="1-QĐ", reason="Chờ", at=NOW,
        is_objective=True, by_label="user:1",
    )  # fmt: skip
    ExtensionRequest.objects.create(
        task=task, due_on=day, wanted_on=date(2026, 11, 1), reason="Chờ", at=NOW, by_label="user:2", is_granted=True,
        decided_at=NOW, extension=moved,
    )  # fmt: skip
    ExtensionRequest.objects.create(
        task=task, due_on=day, wanted_on=date(2026, 12, 1), reason="Vẫn chờ", at=NOW, by_label="user:2"
    )
    Pause.objects.create(task=task, paused_on=day, reason="Chờ Luật")
    report_progress(
        actor=world.actor("lan"),
        at=NOW,
        task=task,
        text="Có danh mục",
        progress=50,
        files=[evidence()],
        products=[first],
    )
    with django_assert_num_queries(1):
        short = short_rows(task)
    assert content(short.milestones) == content(milestones(task))
    assert content(short.products) == content(products(task))
    assert [one.has_file for one in short.products] == [True, False]  # type: ignore[attr-defined]
    assert content(short.budget) == content(budget_references(task))
    assert content(short.extensions) == content(extensions(task))
    assert content(short.requests) == content(ExtensionRequest.objects.filter(task=task).order_by("at", "pk"))
    assert [one.extension for one in short.requests] == [one.extension for one in extension_requests(task)]
    assert content(short.pauses) == content(pauses(task))
    assert content(short.evidence) == content(Evidence.objects.filter(report__task=task).order_by("pk"))
    assert short.occurrences == []
