"""Computing a formula: exact decimal arithmetic; what is missing stays missing, what does not apply does not apply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from enum import Enum, auto
from functools import reduce
from operator import add, mul, sub

from .problems import FormulaProblem
from .reading import Call, Figure, Formula, Node, Number
from .units import Unit

# Digits carried along; far more than the fifteen that are kept.
DIGITS = 34
KEPT_PLACES = Decimal("0.00000001")


class _Absent(Enum):
    MISSING = auto()
    NOT_APPLICABLE = auto()


# Nobody told the figure yet; and the figure has no meaning for the body, such as a share of nothing.
Missing = _Absent.MISSING
NotApplicable = _Absent.NOT_APPLICABLE
Reading = Decimal | _Absent


@dataclass(frozen=True, slots=True)
class _Tools:
    look_up: Callable[[Figure], Reading]
    units: Mapping[str, Unit]


def compute(
    formula: Formula, look_up: Callable[[Figure], Reading], units: Mapping[str, Unit], *, result: Unit
) -> Reading:
    """The value of a formula in the unit `result`, rounded half to even at eight decimals.

    `look_up` gives each figure in its indicator's own unit, or Missing or NotApplicable. A figure that does not apply
    makes the whole not applicable, a missing one makes it missing; a division by zero is not applicable.
    Raises FormulaProblem "too_large" for a value of more digits than are carried.
    """
    with localcontext() as context:
        context.prec = DIGITS
        value = _value(formula.tree, _Tools(look_up, units))
        if isinstance(value, _Absent):
            return value
        try:
            return (value / result.scale).quantize(KEPT_PLACES)
        except InvalidOperation as error:
            raise FormulaProblem("too_large") from error


def _value(node: Node, tools: _Tools) -> Reading:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Figure):
        found = tools.look_up(node)
        return found if isinstance(found, _Absent) else found * tools.units[node.code].scale
    if node.name == "if":
        return _choice(node, tools)
    values = [_value(operand, tools) for operand in node.operands]
    absent = _absent(values)
    return absent if absent is not None else _combined(node.name, [one for one in values if isinstance(one, Decimal)])


def _absent(values: list[Reading]) -> _Absent | None:
    if NotApplicable in values:
        return NotApplicable
    return Missing if Missing in values else None


def _combined(name: str, values: list[Decimal]) -> Reading:
    if name == "/":
        return values[0] / values[1] if values[1] else NotApplicable
    if name == "mean":
        return sum(values, Decimal(0)) / len(values)
    return _FUNCTIONS[name](values)


_FUNCTIONS: Mapping[str, Callable[[list[Decimal]], Decimal]] = {
    "+": lambda values: reduce(add, values),
    "-": lambda values: reduce(sub, values),
    "*": lambda values: reduce(mul, values),
    "sum": lambda values: sum(values, Decimal(0)),
    "min": min,
    "max": max,
    "abs": lambda values: abs(values[0]),
    "negative": lambda values: -values[0],
}
_COMPARISONS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def _choice(node: Call, tools: _Tools) -> Reading:
    condition, value, other = node.operands
    if not isinstance(condition, Call):
        raise TypeError("The condition of a formula is a comparison")
    left, right = (_value(operand, tools) for operand in condition.operands)
    absent = _absent([left, right])
    if absent is not None or not isinstance(left, Decimal) or not isinstance(right, Decimal):
        return absent or Missing
    return _value(value if _COMPARISONS[condition.name](left, right) else other, tools)
