"""What decides the ranks: the indices of every choice, and what leaving out an indicator does."""

from html import escape

from thuocdo.cli.score.report.markup import Pen, interval, plain_table, titles_of
from thuocdo.engine.scoring.run.results import Results
from thuocdo.scorecards.messages import translate

# Indicators listed, those whose loss moves the ranks most.
MOST_REMOVED = 50


def sensitivity(results: Results, pen: Pen) -> str:
    """A table of choices, the strongest first, then indicators left out one at a time."""
    found = results.sensitivity
    if found is None:
        return ""
    indices = found.indices
    rows = []
    for place in sorted(range(len(found.factors)), key=lambda one: (-indices.total[one], one)):
        row = [_factor(found.factors[place], results, pen)]
        for at, low, high in (
            (indices.first[place], indices.first_low[place], indices.first_high[place]),
            (indices.total[place], indices.total_low[place], indices.total_high[place]),
        ):
            row += [pen.percent(float(at)), interval(float(low), float(at), float(high))]
        rows.append(row)
    heading = [pen.say("factor"), pen.say("first_order"), "0–100%", pen.say("total_index"), "0–100%"]
    settled = ""
    if found.convergence:
        change = pen.percent(found.convergence[-1].change)
        settled = pen.say("sensitivity_settled", samples=pen.total(found.samples), change=change)
    told = f"<p class=quiet>{pen.say('sensitivity_told')} {settled}"
    for failure in found.failures:
        reason = translate(failure.reason, pen.language)
        told += f"<p class=warn>{pen.say('failed_runs', count=failure.runs, reason=reason)}"
    if found.dropped:
        told += f"<p class=warn>{pen.say('dropped_samples', count=found.dropped)}"
    return told + plain_table(heading, rows, (1, 3), "indices") + _removals(results, pen)


def _factor(factor: str, results: Results, pen: Pen) -> str:
    kind, _, node = factor.partition(":")
    if kind == "weights" and node:
        return pen.say("factor_weights", node=pen.pick(titles_of(results.spec)[node]))
    return pen.say(f"factor_{kind}")


def _removals(results: Results, pen: Pen) -> str:
    if not results.removals:
        return ""
    titles = titles_of(results.spec)
    strongest = sorted(results.removals, key=lambda one: -one.shift)[:MOST_REMOVED]
    rows = []
    for one in strongest:
        moved = "; ".join(
            pen.say("moved", unit=mover.unit, before=pen.rank(mover.before), after=pen.rank(mover.after))
            for mover in one.movers[:3]
            if mover.before != mover.after
        )
        rows.append([escape(pen.pick(titles[one.code]), quote=False), pen.number(one.shift), moved])
    heading = [pen.say("indicator"), pen.say("shift"), pen.say("most_moved")]
    return pen.folded(pen.say("removals"), plain_table(heading, rows, (1,)))
