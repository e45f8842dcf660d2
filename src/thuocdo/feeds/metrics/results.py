"""A figure of a body and a period, with the parts it is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

# As many places as measurements keep.
PLACES = Decimal("0.00000001")
_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Result:
    """What a metric is for a body and a period; `value` None: the denominator is zero, hence not applicable.

    `numerator` and `denominator` are exact sums (of floats: sums of floats); the value is rounded half up to eight
    places. `denominator` is None for figures that are no ratio. `partitions` are the months whose events it uses.
    """

    indicator: str
    body: str
    period: str
    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    partitions: tuple[str, ...]


def exact(number: Number) -> Decimal:
    """The number as a decimal; a float by the shortest digits that name it."""
    return number if isinstance(number, Decimal) else Decimal(repr(number))


def quotient(numerator: Number, denominator: Number | None, scale: int) -> Decimal | None:
    """scale × numerator ÷ denominator, half up to eight places; the numerator alone without a denominator."""
    if denominator is None:
        return _rounded(_EXACT.multiply(exact(numerator), Decimal(scale)))
    if denominator == 0:
        return None
    return _rounded(_EXACT.divide(_EXACT.multiply(exact(numerator), Decimal(scale)), exact(denominator)))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, context=_EXACT)


def results_of(
    code: str,
    rows: Iterator[tuple[str, str, Number, Number | None]],
    scale: int,
    partitions: dict[str, tuple[str, ...]],
) -> Iterator[Result]:
    """Results from rows of body, period, numerator and denominator."""
    for body, period, numerator, denominator in rows:
        yield Result(
            code,
            body,
            period,
            quotient(numerator, denominator, scale),
            exact(numerator),
            None if denominator is None else exact(denominator),
            partitions[period],
        )
