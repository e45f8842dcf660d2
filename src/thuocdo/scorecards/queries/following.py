"""The matrix of a group kept from one rescoring to the next, so that only cells that were touched are read again.

While values pour in, a nation's matrix would be read from the start for a handful of new cells. What is kept is
vouched for by the ledger: entry by entry it seals every batch, so the same digest at the same number is the same
history. After a restored database, or anywhere else, another digest stands there and everything is read anew.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any

from thuocdo.engine.calendars import Period
from thuocdo.indicators.queries import Cells, Indicator, batches_between, matrix, renew
from thuocdo.ledger.queries import entry_by_number
from thuocdo.organisations.models import Body

# A nation has some ten peer groups; the matrix of the largest takes 20 MB.
MOST_KEPT = 16
# With more rows than this share of the cells, and some thousands beyond, reading all of the group is quicker.
MOST_TOUCHED, FEW = 0.25, 5_000


@dataclass(frozen=True, eq=False, slots=True)
class Kept:
    """Cells as they were at an entry of the ledger."""

    number: int
    digest: str
    cells: Cells


_kept: OrderedDict[Any, Kept] = OrderedDict()
_lock = Lock()


def followed(
    *,
    indicators: Sequence[Indicator],
    bodies: Sequence[Body],
    period: Period,
    carry_on: date | None,
    until: int,
) -> Cells:
    """What `matrix` gives now, from what this process kept and the batches since; `until` is an entry that was the
    newest before the call."""
    key = (
        tuple((one.pk, one.digest, one.frequency, tuple(one.applies_to)) for one in indicators),
        tuple((body.pk, body.peer_group) for body in bodies),
        period,
        carry_on,
    )
    with _lock:
        kept = _kept.get(key)
    entry = entry_by_number(until)
    cells = None
    if kept is not None and entry is not None and kept.number <= until and _is_known(kept):
        cells = _renewed(kept, carry_on, until)
    if cells is None:
        cells = matrix(indicators=indicators, bodies=bodies, period=period, carry_on=carry_on)
    if entry is not None:
        with _lock:
            _kept[key] = Kept(until, entry.digest, cells)
            _kept.move_to_end(key)
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    # The bodies and indicators of this call, which may bear a new name.
    return replace(_copied(cells), bodies=tuple(bodies), indicators=tuple(indicators))


def _is_known(kept: Kept) -> bool:
    entry = entry_by_number(kept.number)
    return entry is not None and entry.digest == kept.digest


def _renewed(kept: Kept, carry_on: date | None, until: int) -> Cells | None:
    """The kept cells with those that were touched read again; None when so many rows came that all is read sooner."""
    batches = list(batches_between(kept.number, until).values_list("pk", "accepted"))
    if sum(rows for _, rows in batches) > MOST_TOUCHED * kept.cells.values.size + FEW:
        return None
    cells = _copied(kept.cells)
    renew(cells, batches=[pk for pk, _ in batches], carry_on=carry_on)
    return cells


def _copied(cells: Cells) -> Cells:
    """The same with arrays of its own: what is kept must not change with what is computed from it."""
    return replace(
        cells,
        values=cells.values.copy(),
        not_applicable=cells.not_applicable.copy(),
        strength=cells.strength.copy(),
        derived=cells.derived.copy(),
        measurement=cells.measurement.copy(),
        carried=cells.carried.copy(),
        error=cells.error.copy(),
    )
