"""Several products of one task: each has evidence of its own and is accepted for itself by somebody outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.spelling import nfc
from thuocdo.tasks.models import Product, Task
from thuocdo.tasks.operations.refusals import TaskRefused, require_text
from thuocdo.tasks.operations.taking import begin, finish
from thuocdo.tasks.queries.details import has_evidence

MOST_PRODUCTS = 100


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """A product as it is owed; quantity and unit where it can be counted."""

    name: str
    quantity: Decimal | None = None
    unit: str = ""


@transaction.atomic
def set_products(*, actor: Actor, at: datetime, task: Task, products: Sequence[ProductPlan]) -> list[Product]:
    """Say which products a task owes, in their order; what is accepted or has evidence stays as it is.

    Raises TaskRefused where a product that is accepted or has evidence would be left out.
    """
    current = begin("set_products", task, actor=actor)
    wanted = {_name(plan): plan for plan in products}
    if len(wanted) < len(products):
        raise TaskRefused(
            gettext("Có hai sản phẩm trùng tên; đặt tên khác nhau."), code="product_twice", field="products"
        )
    if len(wanted) > MOST_PRODUCTS:
        raise TaskRefused(
            gettext("Một nhiệm vụ có không quá %(most)s sản phẩm; chia thành các phần việc.") % {"most": MOST_PRODUCTS},
            code="too_many_products",
            field="products",
        )
    known = {row.name: row for row in Product.objects.filter(task=current)}
    for name, row in known.items():
        if name not in wanted and (row.is_accepted or has_evidence(current, row)):
            raise TaskRefused(
                gettext("Sản phẩm “%(name)s” đã có minh chứng hoặc đã nghiệm thu nên không bỏ được; giữ lại dòng này.")
                % {"name": name},
                code="product_in_use",
                field="products",
            )
    Product.objects.filter(pk__in=[row.pk for name, row in known.items() if name not in wanted]).delete()
    # Positions are unique: the rows that stay step aside before they take their new places.
    for number, row in enumerate((known[name] for name in wanted if name in known), start=1):
        row.position = 10_000 + number
        row.save(update_fields=["position"])
    rows = []
    for position, (name, plan) in enumerate(wanted.items(), start=1):
        row = known.get(name) or Product(task=current, name=name)
        row.position, row.quantity, row.unit = position, plan.quantity, nfc(plan.unit).strip()[:40]
        row.save()
        rows.append(row)
    finish("set_products", current, actor=actor, at=at, data={"products": len(rows)})
    return rows


def _name(plan: ProductPlan) -> str:
    name = " ".join(require_text(nfc(plan.name), "name").split())[:500]
    if plan.quantity is not None and plan.quantity <= 0:
        raise TaskRefused(
            gettext("Số lượng của “%(name)s” phải lớn hơn 0; sửa số lượng hoặc để trống.") % {"name": name},
            code="quantity_not_positive",
            field="products",
        )
    return name


@transaction.atomic
def judge_product(*, actor: Actor, at: datetime, product: Product, is_accepted: bool, note: str = "") -> Product:
    """Accept one product that has evidence, or take its acceptance back with the reason before the task is done."""
    task = begin("judge_product", product.task, actor=actor)
    current = Product.objects.get(pk=product.pk, task=task)
    words = nfc(note).strip() if is_accepted else require_text(nfc(note), "note")
    if is_accepted:
        accept_products(task, [current], actor=actor, at=at)
    else:
        current.is_accepted, current.accepted_on, current.accepted_by = False, None, ""
        current.save(update_fields=["is_accepted", "accepted_on", "accepted_by"])
    said = gettext("Nghiệm thu “%(name)s”") if is_accepted else gettext("Chưa nghiệm thu “%(name)s”")
    finish(
        "judge_product",
        task,
        actor=actor,
        at=at,
        note=(said % {"name": current.name}) + (f": {words}" if words else ""),
        data={"product": current.position, "accepted": is_accepted},
    )
    return Product.objects.get(pk=current.pk)


def accept_products(task: Task, products: Sequence[Product], *, actor: Actor, at: datetime) -> list[int]:
    """Accept products of a locked task, each with evidence; their positions, for the ledger. Nothing is appended."""
    rows = list(Product.objects.filter(task=task, pk__in=[one.pk for one in products], is_accepted=False))
    for row in rows:
        if not has_evidence(task, row):
            raise TaskRefused(
                gettext("Sản phẩm “%(name)s” chưa có minh chứng; trả lại để cơ quan chủ trì bổ sung tệp của sản phẩm.")
                % {"name": row.name},
                code="product_without_evidence",
                field="products",
            )
        row.is_accepted, row.accepted_on, row.accepted_by = True, localdate(at), actor.label
    Product.objects.bulk_update(rows, ["is_accepted", "accepted_on", "accepted_by"])
    return sorted(row.position for row in rows)


def refuse_open_products(task: Task) -> None:
    """Refuse to complete a task as long as one of its products is not accepted, naming them."""
    waiting = list(
        Product.objects.filter(task=task, is_accepted=False).order_by("position").values_list("name", flat=True)
    )
    if waiting:
        raise TaskRefused(
            gettext("Còn sản phẩm chưa nghiệm thu: %(names)s; nghiệm thu từng sản phẩm hoặc trả lại.")
            % {"names": "; ".join(waiting[:5]) + ("…" if len(waiting) > 5 else "")},
            code="products_open",
            field="products",
        )
