"""Reading the small tables of a scorecard file: titles, rounding, classes, caps, confidence, uncertainty."""

from datetime import date, datetime

from thuocdo.engine.scoring.spec.methods import read_aggregation
from thuocdo.engine.scoring.spec.model import (
    Aggregating,
    Aggregation,
    Cap,
    Confidence,
    PeerGroup,
    Rounding,
    ScoreClass,
    Title,
    Weighing,
    Weighting,
)
from thuocdo.engine.scoring.spec.problems import Table, as_number
from thuocdo.engine.scoring.spec.vocabulary import WEIGHTINGS


def read_title(table: Table, default: str) -> Title:
    """`title`, a text or { vi, en }; English falls back to Vietnamese, both to the default."""
    value = table.raw("title")
    if value is None or isinstance(value, str):
        return Title(value or default, value or default)
    inner = table.table("title")
    vietnamese = inner.text("vi", inner.text("en", default))
    title = Title(vietnamese, inner.text("en", vietnamese))
    inner.close()
    return title


def read_date(table: Table, key: str) -> date | None:
    """A TOML date."""
    value = table.raw(key)
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # It is noted below, like any other value that is no date.
    table.problem(key, f"{value!r} is not a date", f"write {key} = 2026-01-01 without quotes")
    return None


def read_weight(table: Table) -> float:
    """The weight; the maximum points stand for it where only they are given."""
    return table.number("weight", table.number("points", 1.0, lowest=0), lowest=0)


def read_points(table: Table) -> float | None:
    """The maximum points, for people."""
    return table.number("points", 0.0, lowest=0) if table.has("points") else None


def read_rounding(table: Table) -> Rounding:
    """The table [rounding]."""
    rounding = Rounding(
        decimals=table.integer("decimals", 2, lowest=0, highest=15),
        rank_on=table.choice("rank_on", ("rounded", "full"), "rounded"),
        ties=table.choice("ties", ("min", "dense", "average"), "min"),
    )
    table.close()
    return rounding


def read_screening(table: Table) -> tuple[float, float, float]:
    """The table [screen]: the share of applicable indicators a unit must have, the share of these that must not
    be zero, and the share of applicable units an indicator must have."""
    unit, nonzero, indicator = (
        table.number(key, 0.0, lowest=0, highest=1)
        for key in ("unit_availability", "unit_nonzero", "indicator_availability")
    )
    table.close()
    return unit, nonzero, indicator


def read_weighting(file: Table) -> tuple[Weighting, Weighing]:
    """The table [weigh], which may also be called [weights]: the method, and its options."""
    name = "weigh" if file.has("weigh") else "weights"
    if file.has("weigh") and file.has("weights"):
        file.problem("weights", "says what [weigh] says too", "keep one of the two tables")
    table = file.table(name)
    method: Weighting = table.choice("method", WEIGHTINGS, "given")
    derived = method not in ("given", "equal")
    levels, shares = _whole_numbers(table, "levels"), _shares(table)
    for key in ("levels", "shares"):
        if table.has(key) and not (derived if key == "levels" else method == "benefit_of_doubt"):
            table.problem(key, f"means nothing where method is {method!r}", "remove it")
    table.close()
    return method, Weighing(levels, shares)


def _whole_numbers(table: Table, key: str) -> tuple[int, ...]:
    value = table.raw(key)
    numbers = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(number, int) and not isinstance(number, bool) for number in numbers):
        table.problem(key, f"{value!r} is not a list of levels", f"write {key} = [2]")
        return ()
    return tuple(sorted(set(numbers)))


def _shares(table: Table) -> tuple[float, float]:
    value = table.raw("shares")
    if value is None:
        return (0.0, 1.0)
    if not isinstance(value, list) or len(value) != 2:
        table.problem("shares", f"{value!r} is not a pair of bounds", "write shares = [0.1, 0.5]")
        return (0.0, 1.0)
    lower, upper = (as_number(table, "shares", one, 0.0, 0.0, 1.0) for one in value)
    if lower > upper or upper == 0:
        table.problem("shares", f"{value!r} leaves no room", "write the lower bound first, the upper above 0")
        return (0.0, 1.0)
    return (lower, upper)


def read_aggregating(table: Table) -> tuple[Aggregating, float | None]:
    """The table [aggregate], and its `power`, which holds for every "generalised" that states no other."""
    power = table.number("power", 0.0) if table.has("power") else None
    stated = Aggregation("arithmetic", power)
    default = read_aggregation(table, "method", table.raw("method"), stated)
    by_level = table.raw("by_level")
    if by_level is not None and not isinstance(by_level, list):
        table.problem("by_level", f"{by_level!r} is not a list", 'write by_level = ["arithmetic", "geometric"]')
        by_level = None
    available = table.raw("min_available")
    shares = available if isinstance(available, list) else [] if available is None else [available]
    aggregating = Aggregating(
        default=Aggregation(default.method, default.power if default.method == "generalised" else None),
        by_level=tuple(read_aggregation(table, "by_level", one, stated) for one in by_level or ()),
        min_available=tuple(as_number(table, "min_available", share, 0.0, 0.0, 1.0) for share in shares),
        missing=table.choice("missing", ("rescale", "zero"), "rescale"),
        grace_days=table.integer("grace_days", 0, lowest=0, highest=3660),
    )
    table.close()
    return aggregating, power


def read_confidence(table: Table) -> Confidence:
    """The table [confidence]: factors by provenance."""
    default = Confidence()
    confidence = Confidence(
        system=table.number("system", default.system, lowest=0, highest=1),
        independent=table.number("independent", default.independent, lowest=0, highest=1),
        cross_checked=table.number("cross_checked", default.cross_checked, lowest=0, highest=1),
        declared=table.number("declared", default.declared, lowest=0, highest=1),
        derived=table.number("derived", 1.0, lowest=0, highest=1) if table.has("derived") else None,
    )
    table.close()
    return confidence


def read_class(table: Table) -> ScoreClass:
    """One [[class]]."""
    code = table.text("code")
    if not table.has("from"):
        table.problem("from", "is missing", "write from = 80, the lowest score of the class")
    one = ScoreClass(code=code, lowest=table.number("from", 0.0), title=read_title(table, code))
    table.close()
    return one


def read_cap(table: Table) -> Cap:
    """One [[cap]]."""
    if not table.has("below"):
        table.problem("below", "is missing", "write below = 50, the score under which the cap holds")
    cap = Cap(table.text("node"), table.number("below", 0.0), table.text("class_at_most"))
    table.close()
    return cap


def read_peer_group(table: Table) -> PeerGroup:
    """One [[peer_group]]."""
    code = table.text("code")
    group = PeerGroup(code, read_title(table, code))
    table.close()
    return group
