"""Deriving: turn the records of other rooms into measurements, writing down only what has changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.calendars import Period, quarter_of
from thuocdo.indicators.operations import RecordingResult, record_measurements
from thuocdo.indicators.queries import Indicator, Kind, Measurement, Provenance, State, indicators
from thuocdo.ledger.queries import newest_number
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import bodies as bodies_on
from thuocdo.scorecards.derivations import FROM_MEASUREMENTS, FROM_RECORDS, FROM_TASKS, Figure, Records

from .rescoring import cover

DERIVE, SOURCE = "derive", "derivation"


def derive(
    *, actor: Actor, at: datetime, period: Period | None = None, with_qualities: bool = False
) -> RecordingResult | None:
    """Derive the figures of a quarter (the running one, when none is named) for every ranked body.

    From the tasks always; `with_qualities` also those from the measurements, which change with time alone.
    While the quarter runs, figures are provisional. Records what differs from the figures so far in one
    batch; gives None when nothing does.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    until = newest_number()
    on = timezone.localdate(at)
    period = period or quarter_of(on)
    kind = Kind.PROVISIONAL if on < period.end else Kind.FINAL
    bodies = list(bodies_on(on=min(on, period.last_day)).exclude(peer_group="").order_by("code"))
    codes = [*FROM_TASKS, *(FROM_MEASUREMENTS if with_qualities else ())]
    known = {one.code: one for one in indicators(codes=codes)}
    so_far = _so_far(list(known.values()), period, kind)
    rows = [
        _row(code, period, kind, figure)
        for code, figure in _figures(known, period, on, bodies)
        if so_far.get((code, figure.body)) != (figure.value, figure.inherits)
    ]
    result = record_measurements(actor=actor, at=at, rows=rows, source=SOURCE) if rows else None
    if result is not None and result.errors:
        raise RuntimeError(f"A derived figure was refused: {result.errors[0]}")
    if period == quarter_of(on):
        cover(DERIVE, until)
    return result


def _figures(
    known: Mapping[str, Indicator], period: Period, on: date, bodies: Sequence[Body]
) -> Iterator[tuple[str, Figure]]:
    """Every figure of the known indicators, with the indicator's code."""
    groups = {body.code: body.peer_group for body in bodies}
    records: Records | None = None
    for code, indicator in known.items():
        if code in FROM_RECORDS:
            records = records or Records(period, on, bodies)
            figures = FROM_RECORDS[code](records)
        else:
            measured = [body for body in bodies if indicator.applies(body.peer_group)]
            figures = {**FROM_TASKS, **FROM_MEASUREMENTS}[code](period, on, measured)
        for figure in figures:
            if indicator.applies(groups[figure.body]):
                yield code, figure


def _so_far(
    columns: Sequence[Indicator], period: Period, kind: str
) -> Mapping[tuple[str, str], tuple[float | None, str]]:
    """The newest derived figure of every indicator and body; value None means not applicable."""
    rows = (
        Measurement.objects.filter(
            indicator__in=columns,
            period_start=period.start,
            period=period.label,
            provenance=Provenance.DERIVED,
            source=SOURCE,
            kind=kind,
            superseded_by__isnull=True,
        )
        .order_by("recorded_at", "pk")
        .values_list("indicator__code", "body__code", "value", "inherits")
    )
    return {
        (indicator, body): (None if value is None else float(value), inherits)
        for indicator, body, value, inherits in rows
    }


def _row(code: str, period: Period, kind: str, figure: Figure) -> dict[str, str | None]:
    is_value = figure.value is not None
    return {
        "indicator": code,
        "body": figure.body,
        "period": period.label,
        "value": format(Decimal(repr(figure.value)), "f") if is_value else None,
        "state": State.VALUE.value if is_value else State.NOT_APPLICABLE.value,
        "kind": kind,
        "provenance": Provenance.DERIVED.value,
        "inherits": figure.inherits,
    }
