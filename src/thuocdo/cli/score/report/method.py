"""Which method gave this ranking: its document, its digest, its rules, its tree with every weight."""

from datetime import date
from html import escape

import numpy as np

from thuocdo.cli.score.report.markup import Pen, plain_table, titles_of
from thuocdo.cli.score.report.names import METHODS
from thuocdo.engine.scoring.pipeline import ENGINE_VERSION
from thuocdo.engine.scoring.run.results import Results
from thuocdo.engine.scoring.weight import effective_weights


def method(results: Results, pen: Pen) -> str:
    """The facts as a list, then the tree."""
    spec, options = results.spec, results.options
    valid = [
        pen.say(key, day=_day(day, pen)) for key, day in (("from", spec.valid_from), ("until", spec.valid_to)) if day
    ]
    rounding = spec.rounding
    facts = {
        "id": escape(spec.id),
        "title": escape(pen.pick((spec.title.vi, spec.title.en))),
        "approved_by": escape(spec.approved_by) or pen.say("not_approved"),
        "valid": " ".join(valid),
        "impute": _named(spec.imputation.method, pen),
        "treat": _named(spec.treatment.method, pen),
        "normalise": _all_named([one.normalisation.method for one in spec.indicators], pen),
        "weighting": _named(spec.weighting, pen),
        "aggregate": _all_named([one.method for one in spec.aggregations], pen),
        "rounding": pen.say("rounding_told", decimals=rounding.decimals, on="@on", ties="@ties")
        .replace("@on", pen.say(f"on_{rounding.rank_on}"))
        .replace("@ties", pen.say(f"ties_{rounding.ties}")),
        "runs": pen.say("runs_seed", runs=pen.total(options.replicates), seed=options.seed)
        if options.replicates
        else "",
        "engine": escape(ENGINE_VERSION),
        "spec_digest": f"<code>{results.spec_digest}</code>",
        "data_digest": f"<code>{results.data_digest}</code>",
    }
    listed = "".join(f"<dt>{pen.say(key)}<dd>{fact}" for key, fact in facts.items() if fact)
    return f"<dl class=facts>{listed}</dl>{pen.folded(pen.say('tree'), _tree(results, pen))}"


def _tree(results: Results, pen: Pen) -> str:
    """Every node above its children, indented, with its weight among siblings and its share of the index."""
    spec, tree = results.spec, results.spec.tree
    weights = results.outcome.weights
    if weights.ndim > 1:
        # Where every unit has weights of its own, what they are on average says most.
        weights = np.asarray(weights.mean(axis=0))
    shares = effective_weights(spec, weights)
    titles = titles_of(spec)
    directions = {one.code: pen.say("higher" if one.direction > 0 else "lower") for one in spec.indicators}
    rows: list[list[str]] = []

    def walk(column: int, depth: int) -> None:
        code = tree.columns[column]
        name = f"{'&emsp;' * depth}{escape(pen.pick(titles[code]), quote=False)} <small>{escape(code)}</small>"
        weight = "" if depth == 0 else pen.figure(float(weights[column]))
        rows.append([name, directions.get(code, ""), weight, pen.percent(float(shares[column]), 2)])
        if column >= tree.leaf_count:
            for child in tree.children[column - tree.leaf_count]:
                walk(child, depth + 1)

    walk(len(tree.columns) - 1, 0)
    heading = [pen.say("part"), pen.say("direction"), pen.say("weight"), pen.say("effective")]
    return plain_table(heading, rows, (2, 3))


def _all_named(methods: list[str], pen: Pen) -> str:
    return "; ".join(_named(one, pen) for one in dict.fromkeys(methods))


def _named(word: str, pen: Pen) -> str:
    return escape(pen.pick(METHODS[word])) if word in METHODS else escape(word)


def _day(day: date, pen: Pen) -> str:
    return day.strftime("%d/%m/%Y") if pen.language == "vi" else f"{day.day} {day:%B %Y}"
