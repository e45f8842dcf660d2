"""Tasks of a body and everything below it, summed for each body one step down: by territory or along the sector."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.organisations.models import Body, Descent, Hierarchy, SectorLine
from thuocdo.tasks.lifecycle import OPEN, OWED, State
from thuocdo.tasks.models import Field, Task


@dataclass(frozen=True, slots=True)
class Counts:
    """Tasks by what matters first; `in_time` and `late` are completed ones against the deadline in force."""

    all: int = 0
    open: int = 0
    overdue: int = 0
    waiting: int = 0
    completed: int = 0
    in_time: int = 0
    not_effective: int = 0

    @property
    def on_time_share(self) -> float | None:
        """Of what fell due, the share (0 to 1) whose result was accepted in time; None when nothing fell due."""
        due = self.completed + self.overdue
        return self.in_time / due if due else None


@dataclass(slots=True)
class Line:
    """One body of a roll-up with the tasks at and below it, and its own fields: sums, and counts by choice."""

    body: Body
    counts: Counts
    has_below: bool = False
    sums: dict[int, Decimal] = field(default_factory=dict)
    given: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RollUp:
    """The body itself without what lies below (`own`), each body one step down, and everything together."""

    whole: Line
    own: Line
    lines: list[Line]
    fields: list[Field]


def _figures(prefix: str, today: date) -> dict[str, Count]:
    """The counts of tasks reached through a relation; drafts are nobody's debt yet."""

    def number(condition: Q) -> Count:
        return Count(f"{prefix}pk", filter=condition)

    def q(**words: object) -> Q:
        return Q(**{f"{prefix}{name}": value for name, value in words.items()})

    done = q(state=State.COMPLETED)
    return {
        "n_all": number(~q(state=State.DRAFT) & q(pk__isnull=False)),
        "n_open": number(q(state__in=sorted(OPEN))),
        "n_overdue": number(q(state__in=sorted(OWED), due_on__lt=today)),
        "n_waiting": number(q(state=State.SUBMITTED)),
        "n_completed": number(done),
        "n_in_time": number(
            done & (q(due_on__isnull=True) | Q(**{f"{prefix}completed_on__lte": F(f"{prefix}due_on")}))
        ),
        "n_not_effective": number(q(effectiveness="not_effective")),
    }


def _counts(row: dict[str, int]) -> Counts:
    return Counts(**{name.removeprefix("n_"): value for name, value in row.items() if name.startswith("n_")})


def roll_up(
    actor: Actor,
    body: Body,
    today: date,
    *,
    hierarchy: str = Hierarchy.TERRITORIAL,
    fields: list[Field] | None = None,
) -> RollUp:
    """The body, and each body one step below it with all that lies below that; a handful of queries at any size.

    Counts only bodies whose tasks the actor may see. `fields` are summed where they are numbers, counted where
    they are not.
    """
    seen = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    pairs = Descent.objects.valid_on(today).filter(hierarchy=hierarchy, descendant__in=seen)
    children = list(_children(body, hierarchy, today))
    heads = [body.pk, *(child.pk for child in children)]
    reached = pairs.filter(ancestor__in=heads).order_by()
    counted: Any = reached.values("ancestor").annotate(**_figures("descendant__led_tasks__", today))
    figures = {row["ancestor"]: _counts(row) for row in counted}
    own_row = Task.objects.filter(lead=body, lead__in=seen).order_by().aggregate(**_figures("", today))
    nothing = Counts()
    whole = Line(body, figures.get(body.pk, nothing))
    own = Line(body, _counts(own_row))
    parents = set(
        pairs.filter(ancestor__in=[child.pk for child in children], depth=1).values_list("ancestor", flat=True)
    )
    lines = [Line(child, figures.get(child.pk, nothing), child.pk in parents) for child in children]
    if hierarchy == Hierarchy.SECTOR:
        lines += _by_rule(body, today, seen)
    asked = fields or []
    if asked:
        _sum_fields({line.body.pk: line for line in (*lines, whole)}, reached, asked)
    lines.sort(key=lambda line: (-line.counts.overdue, -line.counts.open, line.body.code))
    return RollUp(whole, own, lines, asked)


def _children(body: Body, hierarchy: str, today: date) -> QuerySet[Body]:
    pairs = Descent.objects.valid_on(today).filter(hierarchy=hierarchy, ancestor=body, depth=1)
    return Body.objects.filter(pk__in=pairs.values("descendant")).order_by("code")


def _by_rule(body: Body, today: date, seen: Any) -> list[Line]:
    """What a head gave to the local bodies that its field reaches by rule, summed for each province."""
    kinds = {kind for line in SectorLine.objects.valid_on(today).filter(head=body) for kind in line.kinds}
    if not kinds:
        return []
    up = Descent.objects.valid_on(today).filter(
        hierarchy=Hierarchy.TERRITORIAL, ancestor__kind__in=["province", "city"], descendant__kind__in=kinds
    )
    through = "descendant__led_tasks__"
    reached = up.filter(descendant__in=seen, descendant__led_tasks__assigned_by=body).order_by()
    counted: Any = reached.values("ancestor").annotate(**_figures(through, today))
    rows = {row["ancestor"]: _counts(row) for row in counted}
    found = Body.objects.filter(pk__in=rows)
    return [Line(one, rows[one.pk], has_below=True) for one in found]


def _sum_fields(lines: dict[int, Line], reached: QuerySet[Descent], fields: list[Field]) -> None:
    through = "descendant__led_tasks__field_values"
    rows = (
        reached.filter(**{f"{through}__field__in": fields})
        .values("ancestor", f"{through}__field")
        .annotate(total=Sum(f"{through}__number"), given=Count(f"{through}__pk"))
    )
    for row in rows:
        line, number = lines.get(row["ancestor"]), row[f"{through}__field"]
        if line is None:
            continue
        line.given[number] = row["given"]
        if row["total"] is not None:
            line.sums[number] = row["total"]


def choices_of(actor: Actor, body: Body, today: date, fields: list[Field]) -> dict[int, list[tuple[str, int]]]:
    """How many tasks at and below the body have each value of its choices and yes/no fields, by field; one query."""
    asked = [one.pk for one in fields if one.type in (Field.Type.CHOICE, Field.Type.YES_NO)]
    if not asked:
        return {}
    seen = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    below = Descent.objects.valid_on(today).filter(hierarchy=Hierarchy.TERRITORIAL, ancestor=body)
    rows = (
        Task.objects.filter(lead__in=below.values("descendant"))
        .filter(lead__in=seen, field_values__field__in=asked)
        .order_by()
        .values("field_values__field", "field_values__text", "field_values__is_yes")
        .annotate(number=Count("pk"))
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        word = {True: "1", False: "0", None: row["field_values__text"]}[row["field_values__is_yes"]]
        found.setdefault(row["field_values__field"], []).append((word, row["number"]))
    return {number: sorted(counted, key=lambda one: -one[1]) for number, counted in found.items()}
