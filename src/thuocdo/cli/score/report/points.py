"""Where the points come from: a bar for each unit, divided among the parts right below the index."""

from html import escape

import numpy as np
from numpy.typing import NDArray

from thuocdo.cli.score.report.markup import Pen, below, plain_table, stacked, titles_of
from thuocdo.cli.score.report.ranking import Standing
from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.run.results import Results

# More bars or cells than these help nobody, and would weigh too much; the table of the run has them all.
MOST_BARS = 200
MOST_CELLS = 3_000
COLOURS = 8


def points(standing: Standing, pen: Pen) -> str:
    """Bars for the first units of each peer group, and the points of every indicator where they are few."""
    results = standing.results
    parts = below(results.spec)
    sums = np.stack([results.contributions[:, members].sum(axis=1) for _, members in parts], axis=1)
    said = [pen.say("points_of" if results.is_additive else "points_from_mean"), pen.say("points_file")]
    most = max(1, MOST_BARS // len(standing.groups))
    if any(len(members) > most for _, members in standing.groups):
        said.append(pen.say("points_shown", shown=most))
    keys = "".join(
        f"<li><svg class=key aria-hidden=true><rect class=c{place % COLOURS} /></svg>{_title(results, column, pen)}"
        for place, (column, _) in enumerate(parts)
    )
    written = [f"<p class=quiet>{' '.join(said)}<ul class=keys>{keys}</ul>"]
    for code, members in standing.groups:
        shown = members[:most]
        shown = shown[~np.isnan(sums[shown]).any(axis=1)]
        if len(shown):
            written += [f"<h3>{standing.title_of(code, pen)}</h3>" if code else "", _bars(results, shown, sums, pen)]
    if results.contributions.size <= MOST_CELLS:
        written.append(pen.folded(pen.say("points_each"), _cells(standing, pen)))
    return "".join(written)


def _bars(results: Results, shown: NDArray[np.intp], sums: FloatArray, pen: Pen) -> str:
    low = min(0.0, float(np.minimum(sums[shown], 0).sum(axis=1).min()))
    high = max(0.0, float(np.maximum(sums[shown], 0).sum(axis=1).max()))
    rows = [
        (
            escape(results.outcome.units[unit], quote=False),
            pen.number(float(sums[unit].sum())),
            stacked([(place % COLOURS, value) for place, value in enumerate(sums[unit].tolist())], low, high),
        )
        for unit in shown.tolist()
    ]
    body = "".join(f"<tr><th scope=row>{name}<td>{sum_}<td>{bar}" for name, sum_, bar in rows)
    heading = f"<th scope=col>{pen.say('unit')}<th scope=col class=n>{pen.say('points')}<td>"
    return f"<table class='ranking parts'><thead><tr>{heading}<tbody>{body}</table>"


def _cells(standing: Standing, pen: Pen) -> str:
    results = standing.results
    codes = [pen.pick((one.title.vi, one.title.en)) for one in results.spec.indicators]
    rows = [
        [escape(results.outcome.units[unit], quote=False), *map(pen.number, results.contributions[unit].tolist())]
        for _, members in standing.groups
        for unit in members.tolist()
    ]
    heading = [pen.say("unit"), *(escape(code, quote=False) for code in codes)]
    return plain_table(heading, rows, range(1, len(heading)))


def _title(results: Results, column: int, pen: Pen) -> str:
    code = results.spec.tree.columns[column]
    return escape(pen.pick(titles_of(results.spec)[code]), quote=False)
