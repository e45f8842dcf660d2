"""The figures of the public home: three rulers, the map, who owes most; from what is public alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Count, F, Max, Min, Q
from django.urls import reverse
from django.utils.translation import gettext

from thuocdo.accounts.permissions import anonymous
from thuocdo.engine.calendars import Period, quarter_of
from thuocdo.indicators.queries import Openness, Stale, indicator_by_code, matrix, measurements, stale_figures
from thuocdo.organisations.queries import LOCAL_KINDS, bodies, bodies_by_code, of_kinds
from thuocdo.tasks.lifecycle import OWED
from thuocdo.tasks.queries import State, public_tasks
from thuocdo.web.bodies.owed import Debt, Tally, by_urgency, debts
from thuocdo.web.charts.drawing import Drawing
from thuocdo.web.charts.province_map import province_map
from thuocdo.web.design.figures import short_named
from thuocdo.web.rankings.marks import body_address, called

from .delivery import Delivery, tally_and_delivery

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body
    from thuocdo.tasks.models import Task

# The indicator of the dictionary that tells of people's trust; without it the ruler stays empty.
TRUST = "satisfaction"
MOST_DEBTORS = 8
MOST_DEBTS = 6
# Databases bind only so many numbers; the newest rows were recorded last.
MOST_ASKED = 500
OVERDUE, IN_TIME = "qua-han", "dung-han"
OVERDUE_BANDS = (1, 2, 4, 8)
SHARE_BANDS = (50, 65, 80, 90)


@dataclass(frozen=True, slots=True)
class Trust:
    """The mean of a public indicator over the bodies that have a value; `number` says how many they are."""

    title: str
    now: float | None
    before: float | None
    number: int
    # When the newest of the values was recorded, and which of them are overdue.
    recorded_at: datetime | None = None
    stale: "Sequence[Stale]" = ()


@dataclass(frozen=True, slots=True)
class Debtor:
    """A body with public tasks that are overdue."""

    name: str
    address: str
    overdue: int
    longest_since: date
    owed: int


@dataclass(frozen=True, slots=True)
class Public:
    """Everything that the home shows, for a day."""

    today: date
    counts: Tally
    delivery: Delivery
    trust: Trust | None
    debtors: list[Debtor]
    debts: list[Debt]


def public_figures(today: date) -> Public:
    """The figures of the day."""
    tasks = public_tasks()
    counts, delivery = tally_and_delivery(tasks, today)
    return Public(
        today=today,
        counts=counts,
        delivery=delivery,
        trust=trust_on(today),
        debtors=_debtors(tasks, today),
        debts=debts(by_urgency(tasks).filter(due_on__lt=today)[:MOST_DEBTS], today, actor=anonymous(today)),
    )


def trust_on(today: date) -> Trust | None:
    """How far people are content, by the strongest value of every body; None where that is not public."""
    indicator = indicator_by_code(TRUST)
    if indicator is None or indicator.openness != Openness.PUBLIC:
        return None
    quarter = quarter_of(today)
    asked = [one for one in bodies(on=today).exclude(peer_group="") if indicator.applies(one.peer_group)]
    now, rows = _mean(indicator, asked, quarter, today)
    before, _ = _mean(indicator, asked, quarter.previous(), None)
    told = measurements(indicator=indicator, ids=rows[:MOST_ASKED]).order_by().aggregate(at=Max("recorded_at"))["at"]
    aged = stale_figures(asked, codes=[indicator.code], today=today, period=quarter)
    stale = [one for those in aged.values() for one in those]
    return Trust(indicator.title, now, before, len(rows), told, stale)


def _mean(
    indicator: "Indicator", asked: "list[Body]", period: Period, carry_on: date | None
) -> tuple[float | None, list[int]]:
    """The mean of the values in force, and the numbers of their rows, newest first."""
    cells = matrix(indicators=[indicator], bodies=asked, period=period, carry_on=carry_on)
    known = ~np.isnan(cells.values)
    if not known.any():
        return None, []
    return float(np.mean(cells.values[known])), sorted(cells.measurement[known].tolist(), reverse=True)


def _debtors(tasks: "QuerySet[Task]", today: date) -> list[Debtor]:
    """Who has most overdue public tasks, then who is longest overdue."""
    owed = Q(state__in=sorted(OWED))
    overdue = owed & Q(due_on__lt=today)
    rows = list(
        tasks.order_by()
        .values("lead__code")
        .annotate(
            overdue=Count("pk", filter=overdue),
            owed=Count("pk", filter=owed),
            since=Min("due_on", filter=overdue),
        )
        .filter(overdue__gt=0)
        .order_by("-overdue", "since", "lead__code")[:MOST_DEBTORS]
    )
    known = bodies_by_code(row["lead__code"] for row in rows)
    return [
        Debtor(
            name=called(known[row["lead__code"]]),
            address=f"{body_address(row['lead__code'])}#viec",
            overdue=row["overdue"],
            longest_since=row["since"],
            owed=row["owed"],
        )
        for row in rows
    ]


def map_of(today: date, what: str) -> Drawing:
    """The provinces by their overdue public tasks, or by the share done in time of those that fell due."""
    provinces = {one.code: one for one in of_kinds(LOCAL_KINDS, on=today)}
    names = {code: short_named(one) for code, one in provinces.items()}
    addresses = {code: body_address(code) for code in provinces}
    if what == IN_TIME:
        return province_map(
            _in_time(provinces, today),
            title=gettext("Nhiệm vụ công khai hoàn thành đúng hạn từ đầu năm"),
            bands=SHARE_BANDS,
            unit="%",
            names=names,
            addresses=addresses,
        )
    return province_map(
        _overdue(provinces, today),
        title=gettext("Nhiệm vụ công khai đang quá hạn"),
        bands=OVERDUE_BANDS,
        unit=gettext("nhiệm vụ"),
        decimals=0,
        names=names,
        addresses=addresses,
    )


def _overdue(provinces: "Mapping[str, Body]", today: date) -> dict[str, int | None]:
    rows = _of_provinces(provinces).annotate(number=Count("pk", filter=Q(state__in=sorted(OWED), due_on__lt=today)))
    counted = {row["lead__code"]: int(row["number"]) for row in rows}
    return {code: counted.get(code) for code in provinces}


def _in_time(provinces: "Mapping[str, Body]", today: date) -> dict[str, float | None]:
    done = Q(state=State.COMPLETED, completed_on__lte=today)
    past = Q(state__in=sorted(OWED), due_on__lt=today)
    in_year = Q(due_on__year=today.year)
    in_time = Q(state=State.COMPLETED, completed_on__lte=F("due_on"))
    rows = _of_provinces(provinces).annotate(
        due=Count("pk", filter=in_year & (done | past)), in_time=Count("pk", filter=in_year & in_time)
    )
    shares = {row["lead__code"]: 100 * row["in_time"] / row["due"] for row in rows if row["due"]}
    return {code: shares.get(code) for code in provinces}


def _of_provinces(provinces: "Mapping[str, Body]") -> "QuerySet[Any, Any]":
    keys = [one.pk for one in provinces.values()]
    return public_tasks().filter(lead__in=keys).order_by().values("lead__code")


def public_list_address(**words: str) -> str:
    """The list of public tasks, narrowed."""
    query = "&".join(f"{name}={value}" for name, value in words.items() if value)
    return f"{reverse('public_tasks')}?{query}" if query else reverse("public_tasks")
