"""Counts what reporting cost each body in a quarter, from what was recorded anyway; nobody's typing is watched.

docs/exchanges.md says of every number how it comes about; whoever changes it here changes it there.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time

from django.db import transaction
from django.db.models import Count, Max, Q, Sum
from django.utils.timezone import get_current_timezone, make_aware

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period
from thuocdo.exchanges.lifecycle import Way
from thuocdo.exchanges.models import BurdenCount, DeliveredTask, ImportTally
from thuocdo.indicators.models import Measurement
from thuocdo.tasks.models import Evidence, Report

# Of a count: body, kind of field, way.
Key = tuple[int, str, str]


def span(period: Period) -> tuple[datetime, datetime]:
    """The first moment of a period and the first after it, in the time of the country."""
    zone = get_current_timezone()
    return (
        make_aware(datetime.combine(period.start, time.min), zone),
        make_aware(datetime.combine(period.end, time.min), zone),
    )


def count_burden(*, actor: Actor, at: datetime, period: Period) -> int:
    """Count a quarter anew; gives how many counts it has now. The same records give the same counts."""
    require_anywhere(actor, Permission.MANAGE_METHODS)
    counted = +_counted(period)
    with transaction.atomic():
        label = period.label
        kept = {
            (row.body_id, row.kind, row.way): row
            for row in BurdenCount.objects.select_for_update().filter(period=label)
        }
        gone = [row.pk for key, row in kept.items() if key not in counted]
        BurdenCount.objects.filter(pk__in=gone).delete()
        moved = [row for key, row in kept.items() if key in counted and row.count != counted[key]]
        for row in moved:
            row.count, row.counted_at = counted[row.body_id, row.kind, row.way], at
        BurdenCount.objects.bulk_update(moved, ["count", "counted_at"], batch_size=500)
        BurdenCount.objects.bulk_create(
            [
                BurdenCount(body_id=body, period=label, kind=kind, way=way, count=count, counted_at=at)
                for (body, kind, way), count in sorted(counted.items())
                if (body, kind, way) not in kept
            ],
            batch_size=500,
        )
    return len(counted)


def _counted(period: Period) -> "Counter[Key]":
    first, end = span(period)
    counted: Counter[Key] = Counter()
    _imports(counted, first, end)
    _reports(counted, first, end)
    _files(counted, first, end)
    _figures(counted, first, end)
    _deliveries(counted, first, end)
    return counted


def _imports(counted: "Counter[Key]", first: datetime, end: datetime) -> None:
    """Cells of lists: typed in our own layout, or taken over from another system's list."""
    rows = ImportTally.objects.filter(at__gte=first, at__lt=end).values_list("body_id", "is_reuse")
    for body, is_reuse, cells in rows.annotate(cells=Sum("cells")).order_by():
        counted[body, "cell", Way.TAKEN_OVER if is_reuse else Way.TYPED] += cells


def _reports(counted: "Counter[Key]", first: datetime, end: datetime) -> None:
    """A report is a percent and a text; those that came in lists are counted as their cells."""
    by_person = Q(by_user_id__isnull=False)
    found = Report.objects.filter(at__gte=first, at__lt=end).values_list("task__lead_id")
    listed = ImportTally.objects.filter(at__gte=first, at__lt=end).values_list("body_id", "run__by_user_id")
    in_lists: Counter[tuple[int, bool]] = Counter()
    for body, user, reports in listed.annotate(sum=Sum("reports")).order_by():
        in_lists[body, user is not None] += reports
    numbers = found.annotate(people=Count("pk", filter=by_person), machines=Count("pk", filter=~by_person)).order_by()
    for body, people, machines in numbers:
        for is_person, number in ((True, people), (False, machines)):
            left = max(0, number - in_lists[body, is_person])
            for kind in ("progress", "text"):
                counted[body, kind, Way.TYPED if is_person else Way.MACHINE] += left


def _files(counted: "Counter[Key]", first: datetime, end: datetime) -> None:
    """Files that people handed in with their reports or afterwards."""
    added = Q(added_at__gte=first, added_at__lt=end) | Q(added_at=None, report__at__gte=first, report__at__lt=end)
    found = Evidence.objects.filter(added, uploaded_by__startswith="user:").values_list("report__task__lead_id")
    for body, number in found.annotate(number=Count("pk")).order_by():
        counted[body, "file", Way.TYPED] += number


def _figures(counted: "Counter[Key]", first: datetime, end: datetime) -> None:
    """Figures that people gave, and those that source systems sent in their place; what is computed costs nobody."""
    found = Measurement.objects.filter(batch__recorded_at__gte=first, batch__recorded_at__lt=end).exclude(
        batch__is_derived=True
    )
    people, systems = Q(recorded_by__startswith="user:"), Q(recorded_by__startswith="key:") | Q(provenance="system")
    numbers = found.values_list("body_id").annotate(
        people=Count("pk", filter=people), systems=Count("pk", filter=systems & ~people)
    )
    for body, typed, sent in numbers.order_by():
        counted[body, "figure", Way.TYPED] += typed
        counted[body, "figure", Way.MACHINE] += sent


def _deliveries(counted: "Counter[Key]", first: datetime, end: datetime) -> None:
    """Reported cells handed to other systems: each task once per system and quarter, however often it was sent."""
    found = DeliveredTask.objects.filter(delivery__at__gte=first, delivery__at__lt=end)
    rows: Iterable[tuple[int, int, int, int]] = (
        found.values_list("body_id", "task_id", "delivery__system_id").annotate(most=Max("cells")).order_by()
    )
    for body, _task, _system, cells in rows:
        counted[body, "cell", Way.HANDED_ON] += cells
