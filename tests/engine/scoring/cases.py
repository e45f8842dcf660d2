"""Small scorecards and matrices for the tests of the scoring engine."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thuocdo.engine.scoring import Matrix, Outcome, Spec, compute, load_spec


def scorecard(
    indicators: Mapping[str, str] | Sequence[str] = ("a", "b"),
    *,
    nodes: Mapping[str, str] | None = None,
    tables: str = "",
    levels: int = 2,
) -> Spec:
    """A spec from indicator codes (or codes with further TOML lines) and nodes below the index.

    The parent of an indicator is `index` unless its lines say otherwise.
    """
    lines = ['id = "test"', 'title = "Thử"', f"levels = {levels}", tables]
    for code, extra in {"index": "", **(nodes or {})}.items():
        lines.append(f'[[node]]\ncode = "{code}"\n{extra}')
    given = indicators if isinstance(indicators, Mapping) else dict.fromkeys(indicators, "")
    for code, extra in given.items():
        parent = "" if "parent" in extra else 'parent = "index"\n'
        lines.append(f'[[indicator]]\ncode = "{code}"\n{parent}{extra}')
    return load_spec("\n".join(lines))


def matrix(spec: Spec, values: Any, **further: Any) -> Matrix:
    """A matrix of units u0, u1 … in the order of the spec's indicators; None is no value."""
    array = np.array(values, dtype=np.float64)
    return Matrix(
        units=tuple(f"u{number}" for number in range(len(array))),
        indicators=tuple(indicator.code for indicator in spec.indicators),
        values=array,
        **further,
    )


def run(spec: Spec, values: Any, **further: Any) -> Outcome:
    """Score values given as rows of units."""
    return compute(spec, matrix(spec, values, **further))


def column(tables: str, values: Sequence[float | None], extra: str = "", **further: Any) -> list[float]:
    """Normalised values of one indicator, for tests of a single method."""
    spec = scorecard({"a": extra}, tables=tables)
    return run(spec, [[value] for value in values], **further).normalised[:, 0].tolist()
