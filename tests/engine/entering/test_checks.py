"""Figures checked as they are typed: ranges, outliers, parts and wholes, running totals."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from thuocdo.engine.entering import check_sheet, middle_and_spread

LIMITS = {"own": 3.5, "least_own": 4, "peers": 3.5, "least_peers": 8}


def cell(**changes: Any) -> dict[str, Any]:
    return {"lower": 0, "upper": None, "percentage": False, "own": None, "peers": None} | changes


def codes(cells: dict[str, Any], rules: list[dict[str, Any]], values: dict[str, float]) -> list[tuple[str, str, str]]:
    found = check_sheet({"cells": cells, "rules": rules, "limits": LIMITS}, values)
    return [(one.cell, one.code, one.severity) for one in found]


def test_out_of_range_is_an_error_and_hides_the_rest() -> None:
    share = cell(upper=100, percentage=True, own=middle_and_spread([50, 51, 52, 53]))
    assert codes({"a": share}, [], {"a": 101}) == [("a", "above_range", "error")]
    assert codes({"a": share}, [], {"a": -1}) == [("a", "below_range", "error")]
    assert codes({"a": share}, [], {"a": 0.515}) == [("a", "looks_like_fraction", "warning")]
    assert codes({"a": share}, [], {"a": 52}) == []


def test_a_figure_far_from_the_bodys_own_is_odd_and_history_goes_before_peers() -> None:
    own, peers = middle_and_spread([50, 51, 52, 53]), middle_and_spread([80.0, 81, 82, 83, 84, 85, 86, 87])
    assert codes({"a": cell(own=own)}, [], {"a": 90}) == [("a", "far_from_own", "warning")]
    # Who has always stood apart from the others is not asked about it.
    assert codes({"a": cell(own=own, peers=peers)}, [], {"a": 51}) == []
    assert codes({"a": cell(peers=peers)}, [], {"a": 51}) == [("a", "far_from_peers", "warning")]
    few = middle_and_spread([50, 51, 52])
    assert codes({"a": cell(own=few)}, [], {"a": 90}) == []


def test_the_robust_deviation_is_that_of_the_published_example() -> None:
    # Rousseeuw and Croux (1993): 1.4826 × MAD; one wild value leaves it as it was.
    assert middle_and_spread([1, 2, 3, 4, 1000])["spread"] == pytest.approx(1.4826)
    assert middle_and_spread([5, 5, 5], floor=0.1) == {"middle": 5, "spread": 0.1, "count": 3}


def test_parts_and_wholes() -> None:
    cells = {"a": cell(), "b": cell(), "w": cell()}
    most = {"kind": "at_most", "parts": ["a", "b"], "whole": "w", "severity": "error"}
    assert codes(cells, [most], {"a": 3, "b": 3, "w": 5}) == [("a", "exceeds_whole", "error")]
    assert codes(cells, [most], {"b": 6, "w": 5}) == [("b", "exceeds_whole", "error")]
    assert codes(cells, [most], {"a": 0.1, "b": 0.2, "w": 0.3}) == []
    sums = {"kind": "adds_up", "parts": ["a", "b"], "whole": "w", "tolerance": 1, "severity": "warning"}
    assert codes(cells, [sums], {"a": 3, "b": 3, "w": 8}) == [("w", "does_not_add_up", "warning")]
    assert codes(cells, [sums], {"a": 3, "b": 3, "w": 7}) == []
    assert codes(cells, [sums], {"a": 3, "w": 70}) == []


def test_a_running_total_does_not_fall() -> None:
    rule = {"kind": "not_below_before", "cell": "a", "before": 10, "severity": "error"}
    assert codes({"a": cell()}, [rule], {"a": 9}) == [("a", "fell", "error")]
    assert codes({"a": cell()}, [rule], {"a": 10}) == []
    assert codes({"a": cell()}, [rule | {"before": None}], {"a": 1}) == []


@given(some.lists(some.floats(-1e6, 1e6), min_size=4, max_size=30))
def test_the_middle_is_never_odd(values: list[float]) -> None:
    own = middle_and_spread(values, floor=0.001)
    assert codes({"a": cell(lower=None, own=own)}, [], {"a": float(own["middle"])}) == []
