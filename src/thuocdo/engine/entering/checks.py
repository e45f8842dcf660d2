"""What is wrong or odd in the figures of one body and period: ranges, outliers, figures that contradict each other.

The rules come as plain data, so that a form without a server can follow the same ones; the same arithmetic
on 64-bit floats in the same order stands in `web/static/js/entry_checks.js`, and a test compares the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

ERROR, WARNING = "error", "warning"
# The median of absolute deviations of a normal sample times this is its standard deviation
# (Rousseeuw and Croux, 1993).
CONSISTENT = 1.4826
# What rounding in binary may add to a sum of decimals.
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Finding:
    """What is said of one cell: which check, an error or a warning, and the figures that the words need."""

    cell: str
    code: str
    severity: str
    values: Mapping[str, Any]


def concerned(finding: Finding) -> list[str]:
    """The cells that a finding is about: its own, the parts, the whole; said beside the first that is being typed."""
    whole = finding.values.get("whole")
    return list(dict.fromkeys([finding.cell, *finding.values.get("parts", ()), *([whole] if whole else [])]))


def middle_and_spread(values: Sequence[float], *, floor: float = 0.0) -> dict[str, float | int]:
    """Median, robust standard deviation (1.4826 × MAD, at least `floor`) and count of one or more values."""
    middle = float(median(values))
    spread = CONSISTENT * float(median(abs(one - middle) for one in values))
    return {"middle": middle, "spread": max(spread, floor), "count": len(values)}


def is_far(value: float, among: Mapping[str, Any] | None, *, least: int, most: float) -> bool | None:
    """Whether the value lies more than `most` robust deviations from the middle; None with fewer than `least`."""
    if among is None or among["count"] < least or among["spread"] <= 0:
        return None
    return bool(abs(value - among["middle"]) > most * among["spread"])


def check_sheet(sheet: Mapping[str, Any], values: Mapping[str, float]) -> list[Finding]:
    """The findings of a sheet {cells, rules, limits}, in the order of its cells and then of its rules.

    `values` are the figures by code that are there; what is missing contradicts nothing.
    """
    found: list[Finding] = []
    for code, cell in sheet["cells"].items():
        if code in values:
            found.extend(_alone(code, cell, values[code], sheet["limits"]))
    for rule in sheet["rules"]:
        found.extend(_together(rule, values))
    return found


def _alone(code: str, cell: Mapping[str, Any], value: float, limits: Mapping[str, Any]) -> list[Finding]:
    """What is to be said of one figure without looking at the others: out of range hides all else."""
    if cell["lower"] is not None and value < cell["lower"]:
        return [Finding(code, "below_range", ERROR, {"value": value, "limit": cell["lower"]})]
    if cell["upper"] is not None and value > cell["upper"]:
        return [Finding(code, "above_range", ERROR, {"value": value, "limit": cell["upper"]})]
    if cell["percentage"] and 0 < value < 1:
        return [Finding(code, "looks_like_fraction", WARNING, {"value": value, "better": value * 100})]
    own = is_far(value, cell["own"], least=limits["least_own"], most=limits["own"])
    if own:
        return [Finding(code, "far_from_own", WARNING, {"value": value, **cell["own"]})]
    # Whoever has always been apart from the others need not explain it every time.
    if own is None and is_far(value, cell["peers"], least=limits["least_peers"], most=limits["peers"]):
        return [Finding(code, "far_from_peers", WARNING, {"value": value, **cell["peers"]})]
    return []


def _together(rule: Mapping[str, Any], values: Mapping[str, float]) -> list[Finding]:
    match rule["kind"]:
        case "at_most":
            return _at_most(rule, values)
        case "adds_up":
            return _adds_up(rule, values)
        case "not_below_before":
            return _not_below_before(rule, values)
    raise ValueError(f"unknown kind of rule: {rule['kind']}")


def _sum(parts: Sequence[str], values: Mapping[str, float]) -> float:
    # From left to right, as the other reader of the rules adds; Python's own sum compensates from 3.12 on.
    total = 0.0
    for part in parts:
        total += values[part]
    return total


def _at_most(rule: Mapping[str, Any], values: Mapping[str, float]) -> list[Finding]:
    """Parts that are there may not exceed the whole, even while others are missing."""
    there = [part for part in rule["parts"] if part in values]
    whole = rule["whole"]
    if not there or whole not in values:
        return []
    total, most = _sum(there, values), values[whole]
    if total <= most + SLACK * max(1.0, abs(most)):
        return []
    return [
        Finding(
            there[0], "exceeds_whole", rule["severity"], {"parts": there, "whole": whole, "sum": total, "most": most}
        )
    ]


def _adds_up(rule: Mapping[str, Any], values: Mapping[str, float]) -> list[Finding]:
    """All parts together are the whole, within the rule's tolerance; judged only when all are there."""
    whole, parts = rule["whole"], rule["parts"]
    if whole not in values or any(part not in values for part in parts):
        return []
    total, asked = _sum(parts, values), values[whole]
    if abs(total - asked) <= rule["tolerance"] + SLACK * max(1.0, abs(asked)):
        return []
    return [Finding(whole, "does_not_add_up", rule["severity"], {"parts": list(parts), "sum": total, "asked": asked})]


def _not_below_before(rule: Mapping[str, Any], values: Mapping[str, float]) -> list[Finding]:
    """A figure counted from the beginning of the year does not fall within it."""
    cell, before = rule["cell"], rule["before"]
    if cell not in values or before is None or values[cell] >= before - SLACK * max(1.0, abs(before)):
        return []
    return [Finding(cell, "fell", rule["severity"], {"value": values[cell], "before": before})]
