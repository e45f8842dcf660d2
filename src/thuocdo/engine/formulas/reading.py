"""Reading a formula: a small language of figures, the four operations, comparisons and a few functions.

The text is parsed, never run: only the kinds of nodes that stand here are let through.
"""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .problems import FormulaProblem
from .units import Unit

LONGEST = 1000
# Functions of values of one unit, which they keep.
SAME_UNIT = frozenset({"sum", "mean", "min", "max", "abs"})
# Functions that look at another period of one indicator.
SHIFTS = frozenset({"previous", "year_ago", "year_to_date"})
_SIGNS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of an indicator in a period: `when` is "", or one of the functions that look at another period."""

    code: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A function or sign with its operands; "if" has condition, value and other value."""

    name: str
    operands: tuple["Node", ...]


Node = Number | Figure | Call


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: its text, its tree, the figures it needs, and the unit it computes in."""

    text: str
    tree: Node
    figures: frozenset[Figure]
    unit: Unit

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the indicators it is over."""
        return frozenset(figure.code for figure in self.figures)


def read_formula(text: str, units: Mapping[str, Unit], *, result: Unit | None = None) -> Formula:
    """The formula of a text; `units` gives the unit of every indicator it may name, `result` the unit it must have.

    Figures are computed with in their plain units, so a share is `a / b` whether it is shown as a ratio or in
    percent. Raises FormulaProblem.
    """
    if not text.strip():
        raise FormulaProblem("empty")
    if len(text) > LONGEST:
        raise FormulaProblem("too_long", most=str(LONGEST))
    flat = text.replace("\n", " ").strip()
    try:
        expression = ast.parse(flat, mode="eval").body
        tree = _Reader(units).read(expression)
    except SyntaxError as error:
        raise FormulaProblem("syntax", at=max((error.offset or 1) - 1, 0)) from error
    except (RecursionError, MemoryError) as error:
        raise FormulaProblem("too_long", most=str(LONGEST)) from error
    unit = _unit_of(tree, units)
    if result is not None:
        if unit.powers != result.powers:
            raise FormulaProblem("unit_of_result", found=str(unit), wanted=str(result))
        if result.is_number and result.scale != 1 and _has_percent_factor(tree):
            raise FormulaProblem("percent_factor")
    return Formula(flat, tree, frozenset(_figures(tree)), unit)


class _Reader:
    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units
        self.kinds: dict[type[ast.AST], Callable[..., Node]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.BinOp: self._operation,
            ast.UnaryOp: self._sign,
            ast.Call: self._call,
            ast.IfExp: self._choice,
        }

    def read(self, node: ast.AST) -> Node:
        read = self.kinds.get(type(node))
        if read is None:
            raise FormulaProblem("not_allowed", at=_at(node))
        return read(node)

    def _constant(self, node: ast.Constant) -> Node:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise FormulaProblem("not_allowed", at=_at(node))
        try:
            value = Decimal(str(node.value))
        except ValueError as error:  # an integer of more digits than Python writes out
            raise FormulaProblem("not_allowed", at=_at(node)) from error
        if not value.is_finite():
            raise FormulaProblem("not_allowed", at=_at(node))
        return Number(value)

    def _name(self, node: ast.Name) -> Node:
        if node.id not in self.units:
            raise FormulaProblem("unknown_indicator", at=_at(node), name=node.id)
        return Figure(node.id)

    def _operation(self, node: ast.BinOp) -> Node:
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            raise FormulaProblem("not_allowed", at=_at(node))
        return Call(sign, (self.read(node.left), self.read(node.right)))

    def _sign(self, node: ast.UnaryOp) -> Node:
        inner = self.read(node.operand)
        if isinstance(node.op, ast.UAdd):
            return inner
        if not isinstance(node.op, ast.USub):
            raise FormulaProblem("not_allowed", at=_at(node))
        return Number(-inner.value) if isinstance(inner, Number) else Call("negative", (inner,))

    def _call(self, node: ast.Call) -> Node:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in SAME_UNIT | SHIFTS:
            raise FormulaProblem("unknown_function", at=_at(node), name=name or "?")
        if node.keywords or not node.args or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise FormulaProblem("wrong_arguments", at=_at(node), name=name)
        if name in SHIFTS:
            return self._shift(name, node)
        if name == "abs" and len(node.args) != 1:
            raise FormulaProblem("wrong_arguments", at=_at(node), name=name)
        return Call(name, tuple(self.read(argument) for argument in node.args))

    def _shift(self, name: str, node: ast.Call) -> Node:
        inner = self.read(node.args[0])
        if len(node.args) != 1 or not isinstance(inner, Figure) or inner.when:
            raise FormulaProblem("not_a_name", at=_at(node), name=name)
        return Figure(inner.code, name)

    def _choice(self, node: ast.IfExp) -> Node:
        test = node.test
        if not isinstance(test, ast.Compare) or len(test.ops) != 1 or type(test.ops[0]) not in _SIGNS:
            raise FormulaProblem("not_allowed", at=_at(test))
        condition = Call(_SIGNS[type(test.ops[0])], (self.read(test.left), self.read(test.comparators[0])))
        return Call("if", (condition, self.read(node.body), self.read(node.orelse)))


def _at(node: ast.AST) -> int:
    return int(getattr(node, "col_offset", 0))


def _figures(node: Node) -> list[Figure]:
    if isinstance(node, Figure):
        return [node]
    return [] if isinstance(node, Number) else [found for operand in node.operands for found in _figures(operand)]


def _unit_of(node: Node, units: Mapping[str, Unit]) -> Unit:
    if isinstance(node, Number):
        return Unit()
    if isinstance(node, Figure):
        return units[node.code].plain()
    if node.name in ("*", "/"):
        left, right = (_unit_of(operand, units) for operand in node.operands)
        return left.times(right) if node.name == "*" else left.over(right)
    if node.name == "if":
        condition, *values = node.operands
        _unit_of(condition, units)
        return _common(values, units)
    return _common(node.operands, units)


def _common(nodes: tuple[Node, ...] | list[Node], units: Mapping[str, Unit]) -> Unit:
    """The one unit of all operands; a zero goes with any."""
    found = [_unit_of(node, units) for node in nodes if not (isinstance(node, Number) and node.value == 0)]
    for unit in found[1:]:
        if unit.powers != found[0].powers:
            raise FormulaProblem("units_differ", left=str(found[0]), right=str(unit))
    return found[0] if found else Unit()


def _has_percent_factor(node: Node) -> bool:
    """Whether the whole is multiplied by 100 although the result is turned into percent anyway."""
    if not isinstance(node, Call) or node.name not in ("*", "/"):
        return False
    left, right = node.operands
    factors = [left, right] if node.name == "*" else [left]
    return any(isinstance(one, Number) and abs(one.value) in (100, 1000) for one in factors) or any(
        _has_percent_factor(one) for one in factors
    )
