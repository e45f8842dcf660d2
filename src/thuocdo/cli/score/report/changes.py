"""What was done to the values: every unit left out, every cell filled, pulled in, transformed or without a value."""

from html import escape

import numpy as np

from thuocdo.cli.score.report.markup import MOST_LISTED, Pen, titles_of
from thuocdo.cli.score.report.names import METHODS, STEPS
from thuocdo.engine.scoring import Step
from thuocdo.engine.scoring.matrix import BoolArray
from thuocdo.engine.scoring.run.results import Results
from thuocdo.engine.scoring.run.tables import treatment_rows
from thuocdo.scorecards.messages import translate

# Indicators named in a sentence.
MOST_NAMED = 12


def changes(results: Results, pen: Pen) -> str:
    """Sentences on what the run did, then the cells one by one, folded."""
    outcome = results.outcome
    steps = [f"<li{' class=warn' if step.is_warning else ''}>" + _told(results, step, pen) for step in outcome.steps]
    written = [f"<ul class=notes>{''.join(steps)}</ul>" if steps else f"<p>{pen.say('nothing_done')}"]
    for key, names in (("screened", outcome.screened), ("screened_indicators", outcome.screened_indicators)):
        if names:
            told = ", ".join(escape(name, quote=False) for name in names[:MOST_LISTED])
            more = pen.say("rest", count=pen.total(len(names) - MOST_LISTED), file="recipe.json")
            rest = f" {more}" if len(names) > MOST_LISTED else ""
            written.append(pen.folded(pen.say(key, count=pen.total(len(names))), f"<p>{told}{rest}"))
    written += [_imputed(results, pen), _treated(results, pen)]
    written += [
        _bare(results, outcome.missing & ~outcome.imputed, "missing", pen),
        _bare(results, outcome.not_applicable, "not_applicable", pen),
        _treatment(results, pen),
    ]
    return "".join(written)


def _told(results: Results, step: Step, pen: Pen) -> str:
    """One step in a sentence, with the indicators it concerns where they are few."""
    if step.code not in STEPS:
        return escape(translate(step.message, pen.language), quote=False)
    said = pen.pick(STEPS[step.code]).format(count=pen.total(step.cells))
    titles = titles_of(results.spec)
    named = ", ".join(escape(pen.pick(titles[code]), quote=False) for code in step.indicators[:MOST_NAMED])
    more = "…" if len(step.indicators) > MOST_NAMED else ""
    return f"{said}: {named}{more}" if named else said


def _cells(results: Results, mask: BoolArray) -> list[tuple[int, int]]:
    return [(int(unit), int(column)) for unit, column in np.argwhere(mask)]


def _names(results: Results, unit: int, column: int, pen: Pen) -> list[str]:
    title = results.spec.indicators[column].title
    return [escape(results.outcome.units[unit], quote=False), escape(pen.pick((title.vi, title.en)), quote=False)]


def _imputed(results: Results, pen: Pen) -> str:
    values = results.outcome.imputed_values
    rows = [
        [*_names(results, unit, column, pen), pen.figure(float(values[unit, column]))]
        for unit, column in _cells(results, results.outcome.imputed)
    ]
    heading = [pen.say("unit"), pen.say("indicator"), pen.say("value")]
    return _list("imputed", heading, rows, "imputed.csv", pen)


def _treated(results: Results, pen: Pen) -> str:
    before, after = results.outcome.imputed_values, results.outcome.treated_values
    changed = (before != after) & ~np.isnan(before)
    rows = [
        [
            *_names(results, unit, column, pen),
            pen.figure(float(before[unit, column])),
            pen.figure(float(after[unit, column])),
        ]
        for unit, column in _cells(results, changed)
    ]
    heading = [pen.say("unit"), pen.say("indicator"), pen.say("before"), pen.say("after")]
    return _list("treated", heading, rows, "treated.csv", pen)


def _bare(results: Results, mask: BoolArray, key: str, pen: Pen) -> str:
    rows = [_names(results, unit, column, pen) for unit, column in _cells(results, mask)]
    return _list(key, [pen.say("unit"), pen.say("indicator")], rows, "data.csv", pen)


def _list(key: str, heading: list[str], rows: list[list[str]], file: str, pen: Pen) -> str:
    if not rows:
        return ""
    table = pen.listed(heading, rows, file, range(2, len(heading)))
    return pen.folded(pen.say(key, count=pen.total(len(rows))), table)


def _treatment(results: Results, pen: Pen) -> str:
    rows = []
    for indicator, row in zip(results.spec.indicators, treatment_rows(results.outcome), strict=True):
        title = escape(pen.pick((indicator.title.vi, indicator.title.en)), quote=False)
        shapes = [pen.number(float(cell)) for cell in row[1:5] if isinstance(cell, float)]
        pulled, transform, passed = int(float(row[5] or 0)), METHODS[str(row[6])], bool(row[7])
        rows.append([title, *shapes, pen.total(pulled), pen.pick(transform), pen.say("yes" if passed else "no")])
    heading = [
        pen.say("indicator"),
        *(
            f"{pen.say(shape)}, {pen.say(when).lower()}"
            for when in ("before", "after")
            for shape in ("skewness", "kurtosis")
        ),
        *(pen.say(key) for key in ("winsorised", "transform", "passed")),
    ]
    return pen.folded(pen.say("treatment_table"), pen.listed(heading, rows, "treatment.csv", range(1, 6)))
