"""Warning, while figures are recorded, of parts that do not add up to their whole; nothing is refused for it."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from thuocdo.engine.calendars import Period
from thuocdo.engine.targets import adds_up
from thuocdo.indicators.models import Indicator
from thuocdo.indicators.queries.history import written
from thuocdo.indicators.queries.parts import figures_in_force
from thuocdo.organisations.models import Body

from .cells import Wrong
from .rows import CheckedRow
from .telling import Told

# Larger batches come from machines; data quality finds their gaps afterwards.
MOST_ROWS = 2_000


def warn_of_parts(rows: Sequence[CheckedRow], told: Told) -> None:
    """Tell of every whole that the rows touch whose parts, as they will stand, do not add up; row 0 is the batch.

    What the rows say counts before what stands already, for the cells that they name.
    """
    if not rows or len(rows) > MOST_ROWS:
        return
    wholes = list(Indicator.objects.filter(breakdowns__isnull=False))
    if not wholes:
        return
    codes = {one.code for one in wholes} | {
        part for one in wholes for breakdown in one.breakdowns or [] for part in breakdown["parts"]
    }
    names = dict(Indicator.objects.filter(code__in=codes).values_list("pk", "code"))
    given: dict[Period, dict[tuple[str, int], Decimal | None]] = {}
    for row in rows:
        pk, body, value = row.cells[0], row.cells[1], row.cells[6]
        if pk in names:
            given.setdefault(row.period, {})[names[pk], body] = None if value is None else Decimal(value)
    for period, cells in given.items():
        bodies = list(Body.objects.filter(pk__in={body for _code, body in cells}))
        figures: dict[tuple[str, int], Decimal | None] = {**figures_in_force(codes, period, bodies), **cells}
        for whole in wholes:
            _warn(whole, period, bodies, figures, told)


def _warn(
    whole: Indicator,
    period: Period,
    bodies: Sequence[Body],
    figures: dict[tuple[str, int], Decimal | None],
    told: Told,
) -> None:
    for one in whole.breakdowns or []:
        for body in bodies:
            parts = [figures.get((code, body.pk)) for code in one["parts"]]
            found = adds_up(figures.get((whole.code, body.pk)), parts, Decimal(str(one["tolerance"])))
            if found.is_beyond and found.whole is not None:
                text = _(
                    "%(body)s, kỳ %(period)s: các phần của %(code)s theo %(title)s cộng lại %(total)s, khác tổng"
                    " %(whole)s; kiểm tra lại số tổng hoặc từng phần."
                ) % {
                    "body": body.name, "period": period.label, "code": whole.code, "title": one["title"],
                    "total": written(found.total), "whole": written(found.whole),
                }  # fmt: skip
                told.warn(0, Wrong("value", "parts_differ", text))
