"""The tables that a page may promise: for each the columns that name a row, and what the engine says of that row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.docs.case import Case, Row
from thuocdo.engine.scoring.explain import compare
from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.run.tables import TOPS

Found = Mapping[str, float | str]


@dataclass(frozen=True)
class Promise:
    """Which columns name a row, and the engine's answer for a row so named."""

    names: tuple[str, ...]
    of: Callable[[Case, Row], Found]


def _columns(case: Case, row: Row, source: Callable[[str], FloatArray]) -> Found:
    place = case.place(row["unit"])
    return {code: float(source(code)[place]) for code in row if code != "unit"}


def _block(case: Case, row: Row, block: FloatArray) -> Found:
    return dict(zip(case.codes, block[case.place(row["unit"])].tolist(), strict=True))


def _classes(case: Case, row: Row) -> Found:
    place = case.place(row["unit"])
    rounded = {code: float(case.outcome.rounded_of(code)[place]) for code in row if code in case.outcome.columns}
    return {**rounded, "class": case.outcome.classes[place] or ""}


def _treatment(case: Case, row: Row) -> Found:
    record = next(one for one in case.outcome.treatments if one.indicator == row["indicator"])
    return {
        "winsorised": float(record.winsorised),
        "transform": record.transform,
        "passed": str(record.passed).lower(),
        "skewness_before": record.skewness_before,
        "kurtosis_before": record.kurtosis_before,
        "skewness_after": record.skewness_after,
        "kurtosis_after": record.kurtosis_after,
    }


def _weight(case: Case, row: Row) -> Found:
    """The share among siblings, or the unit's own weights where each has its own."""
    outcome, tree = case.outcome, case.outcome.spec.tree
    if "unit" in row:
        return _block(case, row, outcome.weights[:, : tree.leaf_count])
    position = tree.columns.index(row["part"])
    family = next(children for children in tree.children if position in children)
    return {"weight": float(outcome.weights[position] / outcome.weights[list(family)].sum())}


def _contributions(case: Case, row: Row) -> Found:
    accounted, place = case.outcome.accounted, case.place(row["unit"])
    top = case.outcome.spec.top
    start, index = float(accounted.start[place]), float(case.outcome.scores_of(top)[place])
    assert abs(start + accounted.points[place].sum() - index) < 1e-9
    return {**_block(case, row, accounted.points), "start": start, "method": accounted.method, top: index}


def _intervals(case: Case, row: Row) -> Found:
    simulation, place = case.simulation, case.place(row["unit"])
    intervals = simulation.intervals()
    return {
        "rank": float(intervals.rank[place]),
        "q05": float(intervals.low[place]),
        "median": float(intervals.median[place]),
        "q95": float(intervals.high[place]),
        **{f"top{k}": float(simulation.top(k)[place]) for k in TOPS},
    }


def _pair(case: Case, row: Row) -> Found:
    pair = case.simulation.compare(row["unit"], row["other"])
    return {"better": pair.better, "worse": pair.worse, "tied": pair.tied}


def _group(case: Case, row: Row) -> Found:
    groups = [" ".join(group) for group in case.simulation.indistinguishable()]
    return {"units": groups[int(row["group"]) - 1], "groups": float(len(groups))}


def _sensitivity(case: Case, row: Row) -> Found:
    place, indices = case.sensitivity.factors.index(row["factor"]), case.sensitivity.indices
    return {
        "first_order": float(indices.first[place]),
        "first_order_low": float(indices.first_low[place]),
        "first_order_high": float(indices.first_high[place]),
        "total": float(indices.total[place]),
        "total_low": float(indices.total_low[place]),
        "total_high": float(indices.total_high[place]),
    }


def _removal(case: Case, row: Row) -> Found:
    removal = next(one for one in case.results.removals if one.code == row["indicator"])
    ranks = dict(zip(case.outcome.units, removal.ranks.tolist(), strict=True))
    return {"shift": removal.shift, "lost": float(removal.lost), **ranks}


def _dominance(case: Case, row: Row) -> Found:
    place = case.place(row["unit"])
    return {name: float(getattr(case.order, name)[place]) for name in ("above", "below", "best", "worst", "average")}


def _change(case: Case, row: Row) -> Found:
    change = case.change(row["unit"])
    return {
        "before": change.before,
        "after": change.after,
        **dict(zip(change.indicators, change.values.tolist(), strict=True)),
        "weights": change.weights,
        "method": change.method,
        "peers": change.peers,
        "how": change.how,
    }


def _rank_change(case: Case, row: Row) -> Found:
    rank = case.change(row["unit"]).rank
    return {name: float(getattr(rank, name)) for name in ("before", "after", "own", "others", "method")}


def _improvement(case: Case, row: Row) -> Found:
    found = case.improvements(row)
    single = next(one for one in found.singles if one.indicator == row["indicator"])
    nothing = float("nan")
    return {
        "now": nothing if single.now is None else single.now,
        "best": single.best,
        "gain": single.gain,
        "needed": nothing if single.needed is None else single.needed,
        "points": nothing if single.points is None else single.points,
    }


def _combination(case: Case, row: Row) -> Found:
    combination = case.improvements(row).combination
    assert combination is not None
    step = next(one for one in combination.steps if one.indicator == row["indicator"])
    return {"now": float(step.now or 0.0), "needed": step.needed, "points": step.points, "cost": step.cost}


def _comparison(case: Case, row: Row) -> Found:
    found = compare(case.outcome, row["first"], row["second"])
    points = dict(zip(found.indicators, found.points.tolist(), strict=True))
    return {**points, "start": found.start, "difference": found.difference}


def _supposed(case: Case, row: Row) -> Found:
    place, found = case.place(row["unit"]), case.supposed
    return {
        "index": float(found.index[place]),
        "gain": float(found.gains[place]),
        "rank": float(found.ranks[place]),
        "places": float(found.places[place]),
    }


def _correlations(case: Case, row: Row) -> Found:
    structure = case.structure
    table = {"pearson": structure.pearson, "spearman": structure.spearman, "kendall": structure.kendall}
    place = structure.columns.index(row["column"])
    kind = row.get("kind", "pearson")
    return {
        **dict(zip(structure.columns, table[kind].coefficients[place].tolist(), strict=True)),
        **{f"p_{code}": float(table[kind].p_values[place, other]) for other, code in enumerate(structure.columns)},
    }


def _family(case: Case, row: Row) -> Found:
    family = case.structure.family(row["node"])
    return {
        "units": float(family.units),
        "alpha": family.alpha,
        "kmo": family.kmo,
        "bartlett": family.bartlett,
        **{f"eigenvalue_{place}": float(one) for place, one in enumerate(family.eigenvalues, start=1)},
        **{f"explained_{place}": float(one) for place, one in enumerate(family.explained, start=1)},
        **{f"without_{code}": float(one) for code, one in zip(family.children, family.alpha_without, strict=True)},
        **{f"loading_{code}": float(one) for code, one in zip(family.children, family.loadings[:, 0], strict=True)},
    }


def _importance(case: Case, row: Row) -> Found:
    one = next(one for one in case.structure.importance if one.indicator == row["indicator"])
    return {"weight": one.weight, "ratio": one.ratio, "linear": one.linear, "effective": one.effective}


def _flag(case: Case, row: Row) -> Found:
    flags = case.structure.flags
    flag = next(one for one in flags if (one.kind, one.first, one.second) == (row["kind"], row["first"], row["second"]))
    return {"node": flag.node, "correlation": flag.correlation, "flags": float(len(flags))}


def _summary(case: Case, row: Row) -> Found:
    summary = next(one for one in case.structure.summaries if one.code == row["indicator"])
    names = ("available", "zero", "unique", "minimum", "q1", "median", "mean", "q3", "maximum", "deviation")
    return {
        **{name: float(getattr(summary, name)) for name in (*names, "skewness", "kurtosis")},
        "flags": " ".join(summary.flags),
    }


PROMISES: Mapping[str, Promise] = {
    "scores": Promise(("unit",), lambda case, row: _columns(case, row, case.outcome.scores_of)),
    "ranks": Promise(("unit",), lambda case, row: _columns(case, row, case.outcome.ranks_of)),
    "rounded": Promise(("unit",), lambda case, row: _columns(case, row, case.outcome.rounded_of)),
    "frozen": Promise(("unit",), lambda case, row: _columns(case, row, case.frozen.scores_of)),
    "imputed": Promise(("unit",), lambda case, row: _block(case, row, case.outcome.imputed_values)),
    "treated": Promise(("unit",), lambda case, row: _block(case, row, case.outcome.treated_values)),
    "normalised": Promise(("unit",), lambda case, row: _block(case, row, case.outcome.normalised)),
    "classes": Promise(("unit",), _classes),
    "treatment": Promise(("indicator",), _treatment),
    "weights": Promise(("unit", "part"), _weight),
    "contributions": Promise(("unit",), _contributions),
    "intervals": Promise(("unit",), _intervals),
    "pairs": Promise(("unit", "other"), _pair),
    "indistinguishable": Promise(("group",), _group),
    "acceptability": Promise(
        ("unit",),
        lambda case, row: {
            f"rank{rank}": float(share)
            for rank, share in enumerate(case.simulation.acceptability(row["unit"]), start=1)
        },
    ),
    "sensitivity": Promise(("factor",), _sensitivity),
    "removal": Promise(("indicator",), _removal),
    "robust": Promise(
        ("unit", "other"), lambda case, row: {"tolerated": case.robustness.of(row["unit"], row["other"])}
    ),
    "dominance": Promise(("unit",), _dominance),
    "change": Promise(("unit",), _change),
    "rank_change": Promise(("unit",), _rank_change),
    "improvements": Promise(("unit", "places", "indicator"), _improvement),
    "combination": Promise(("unit", "places", "indicator"), _combination),
    "comparison": Promise(("first", "second"), _comparison),
    "what_if": Promise(("unit",), _supposed),
    "correlations": Promise(("column", "kind"), _correlations),
    "family": Promise(("node",), _family),
    "importance": Promise(("indicator",), _importance),
    "flags": Promise(("kind", "first", "second"), _flag),
    "summary": Promise(("indicator",), _summary),
}
