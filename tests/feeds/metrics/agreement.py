"""Whether figures are those of the definitions: integers and decimals exactly, floats to one part in 10^12."""

import math
from decimal import Decimal

from thuocdo.feeds.declaration import Feed
from thuocdo.feeds.metrics import Result

from .reference import Figure

# Metrics of the example feed that add up floats; everything else must be exact.
FLOATS = {"weight", "mean_weight", "p99_weight"}


def figures_of(results: list[Result]) -> dict[tuple[str, str, str], Figure]:
    return {(one.indicator, one.body, one.period): (one.numerator, one.denominator) for one in results}


def assert_agree(
    feed: Feed, found: dict[tuple[str, str, str], Figure], wanted: dict[tuple[str, str, str], Figure]
) -> None:
    assert set(found) == set(wanted)
    for place, figure in wanted.items():
        for mine, reference in zip(found[place], figure, strict=True):
            if place[0] in FLOATS and reference is not None:
                assert math.isclose(float(mine), float(reference), rel_tol=1e-12, abs_tol=1e-300), (feed.code, place)
            else:
                assert mine == (None if reference is None else Decimal(reference)), (feed.code, place, figure)
