"""The ranking: every unit with its rank, how sure it is, its score and its class, peer group by peer group."""

from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np
from numpy.typing import NDArray

from thuocdo.cli.score.report.markup import Pen, dot, interval
from thuocdo.engine.scoring.matrix import FloatArray
from thuocdo.engine.scoring.run.results import Results
from thuocdo.scorecards.messages import translate

# Units drawn of one peer group: more than any nation has bodies of one kind, and as much as a page can carry.
MOST_RANKED = 5_000
# The first cell of a row: inside a bracket, which is most of them, at either end of one, or alone. Cells go without
# names where the style sheet can tell them by their place, for there are thousands.
BRACKETS = {"m": "<td>", "a": "<td class=ka>", "z": "<td class=kz>", "": "<td class=k>"}


@dataclass(frozen=True)
class Standing:
    """What the ranking is drawn from: published scores and ranks of the index, and the order to read them in."""

    results: Results

    @cached_property
    def scores(self) -> FloatArray:
        """The index as published."""
        return self.results.outcome.rounded_of(self.results.spec.top)

    @cached_property
    def ranks(self) -> FloatArray:
        """The ranks of the index."""
        return self.results.outcome.ranks_of(self.results.spec.top)

    @cached_property
    def groups(self) -> tuple[tuple[str, NDArray[np.intp]], ...]:
        """Peer groups by code with their units from the first rank down; one without a code where there are none."""
        codes, spec = self.results.outcome.peer_groups, self.results.spec
        if codes is None:
            return (("", self._ordered(np.arange(len(self.ranks)))),)
        named = [group.code for group in spec.peer_groups]
        found = [(code, np.flatnonzero(codes == code)) for code in named]
        return tuple((code, self._ordered(members)) for code, members in found if len(members))

    def _ordered(self, members: NDArray[np.intp]) -> NDArray[np.intp]:
        return members[np.lexsort((members, np.nan_to_num(self.ranks[members], nan=np.inf)))]

    def title_of(self, group: str, pen: Pen) -> str:
        """A peer group's title, escaped."""
        titles = {one.code: one.title for one in self.results.spec.peer_groups}
        return escape(pen.pick((titles[group].vi, titles[group].en)), quote=False)


def answer(standing: Standing, pen: Pen) -> str:
    """The sentence that stands before everything else."""
    results = standing.results
    units, indicators = pen.total(len(results.outcome.units)), pen.total(len(results.spec.indicators))
    decimals = results.spec.rounding.decimals
    if len(standing.groups) > 1:
        said = pen.say("answer_groups", units=units, indicators=indicators, groups=len(standing.groups))
    else:
        best = np.fmin.reduce(standing.ranks, initial=np.inf)
        leaders = [place for place, rank in enumerate(standing.ranks.tolist()) if rank == best]
        if not leaders:
            return f"<p class=answer>{pen.say('answer_none')}"
        score = pen.number(float(standing.scores[leaders[0]]), decimals)
        if len(leaders) == 1:
            first = results.outcome.units[leaders[0]]
            said = pen.say("answer", units=units, indicators=indicators, first=first, score=score)
        else:
            said = pen.say("answer_tied", units=units, indicators=indicators, count=len(leaders), score=score)
    return f"<p class=answer>{said} {_sureness(standing, pen)}"


def _sureness(standing: Standing, pen: Pen) -> str:
    simulation = standing.results.simulation
    if simulation is None:
        return ""
    spread = simulation.intervals()
    apart = pairs = 0
    for _, members in standing.groups:
        scored = members[~np.isnan(standing.ranks[members])]
        apart += int(np.count_nonzero(spread.low[scored][1:] > spread.high[scored][:-1]))
        pairs += max(len(scored) - 1, 0)
    if not pairs:
        return ""
    runs = pen.total(len(simulation.runs))
    said = pen.say("answer_sure", runs=runs, apart=pen.total(apart), pairs=pen.total(pairs))
    return f"{said} {pen.say('answer_unsure')}" if apart < pairs else said


def ranking(standing: Standing, pen: Pen) -> str:
    """The tables of the ranking."""
    results = standing.results
    told = f"<p class=quiet>{pen.say('no_intervals' if results.simulation is None else 'bracket_key')}"
    if results.simulation is not None:
        told += f" {varied(results, pen)}"
        for failure in results.simulation.failures:
            reason = translate(failure.reason, pen.language)
            told += f"<p class=warn>{pen.say('failed_runs', count=failure.runs, reason=reason)}"
    tables = [
        (f"<h3>{standing.title_of(code, pen)}</h3>" if code else "") + _table(standing, members, pen)
        for code, members in standing.groups
    ]
    return told + "".join(tables)


def varied(results: Results, pen: Pen) -> str:
    """What varied between the runs, in one sentence."""
    stated, simulated = results.spec.uncertainty, results.varied.uncertainty
    if simulated is None:
        return ""
    what = []
    if simulated.concentration is not None:
        what.append(pen.say("varied_dirichlet"))
    elif simulated.weights > 0:
        key = "varied_weights" if stated is not None else "varied_default"
        what.append(pen.say(key, share=pen.percent(simulated.weights)))
    for step in ("normalise", "aggregate", "treat", "impute"):
        if getattr(simulated, step):
            what.append(pen.say(f"varied_{step}"))
    if simulated.error and results.data.provenance is not None:
        what.append(pen.say("varied_error"))
    return pen.say("varied", what="@").replace("@", ", ".join(what) or pen.say("varied_nothing"))


def _table(standing: Standing, members: NDArray[np.intp], pen: Pen) -> str:
    results, outcome = standing.results, standing.results.outcome
    left_out = len(members) - MOST_RANKED
    members = members[:MOST_RANKED]
    decimals, simulation = results.spec.rounding.decimals, results.simulation
    titles = {one.code: pen.pick((one.title.vi, one.title.en)) for one in results.spec.classes}
    scored = ~np.isnan(standing.ranks[members])
    values = standing.scores[members][scored]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    last = max(int(scored.sum()) - 1, 1)
    spread = None if simulation is None else simulation.intervals()
    brackets = [""] * len(members) if spread is None else _brackets(spread.low[members], spread.high[members])
    alike = None if spread is None else _alike(spread.low[members], spread.high[members])
    drawn = "drawn_rank" if spread is not None else "drawn_score"
    heading = [
        *(["<td class=k>"] if spread is not None else []),
        f"<th scope=col>{pen.say('rank_short')}",
        f"<th scope=col>{pen.say('unit')}",
        f"<th scope=col class=n>{pen.say('score')}",
        *([f"<th scope=col>{pen.say('class')}"] if titles else []),
        f"<th scope=col>{pen.say(drawn, low=pen.number(low, decimals), high=pen.number(high, decimals))}",
        *(
            [f"<th scope=col>{pen.say('interval')}<th scope=col class=u>{pen.say('alike')}"]
            if spread is not None
            else []
        ),
    ]
    rows = []
    for place, unit in enumerate(members.tolist()):
        rank, score = float(standing.ranks[unit]), float(standing.scores[unit])
        row = BRACKETS[brackets[place]] if spread is not None else ""
        row += f"<td>{pen.rank(rank)}<th scope=row>{escape(outcome.units[unit], quote=False)}"
        row += f"<td>{pen.number(score, decimals)}"
        if titles:
            row += f"<td>{escape(titles.get(outcome.classes[unit] or '', '–'), quote=False)}"
        if not scored[place]:
            row += f"<td>{pen.say('no_score')}" + ("<td><td>" if spread is not None else "")
        elif spread is None or alike is None:
            row += f"<td>{dot((score - low) / ((high - low) or 1.0) if high > low else 1.0)}"
        else:
            ends = float(spread.low[unit]), float(spread.high[unit])
            row += f"<td>{interval(*((end - 1) / last for end in (ends[0], rank, ends[1])))}"
            row += f"<td>{_ends(*ends, pen)}<td class=u>{pen.total(alike[place])}"
        rows.append(f"<tr>{row}")
    rest = f"<p>{pen.say('rest', count=pen.total(left_out), file='ranks.csv')}" if left_out > 0 else ""
    kind = "ranking" if spread is None else "'ranking b'"
    return f"<table class={kind}><thead><tr>{''.join(heading)}<tbody>{''.join(rows)}</table>{rest}"


def _ends(low: float, high: float, pen: Pen) -> str:
    """An interval in whole ranks, as wide as the quantiles."""
    first, last = int(np.floor(low)), int(np.ceil(high))
    return pen.total(first) if first == last else f"{pen.total(first)}–{pen.total(last)}"


def _brackets(low: FloatArray, high: FloatArray) -> list[str]:
    """For each row where its bracket begins (a), goes on (m) or ends (z); nothing for one that stands alone."""
    reach, ahead = np.fmax.accumulate(high), np.fmin.accumulate(low[::-1])[::-1]
    # A cut is where no interval above reaches any below.
    joined = [bool(ahead[place] <= reach[place - 1]) for place in range(1, len(low))]
    marks = []
    for above, below in zip([False, *joined], [*joined, False], strict=True):
        marks.append({(False, False): "", (False, True): "a", (True, True): "m", (True, False): "z"}[above, below])
    return marks


def _alike(low: FloatArray, high: FloatArray) -> list[int]:
    """With how many others each interval overlaps."""
    here = ~np.isnan(low)
    starts, ends = np.sort(low[here]), np.sort(high[here])
    begun = np.searchsorted(starts, np.nan_to_num(high, nan=-np.inf), side="right")
    over = np.searchsorted(ends, np.nan_to_num(low, nan=-np.inf), side="left")
    return [int(number) for number in np.maximum(begun - over - 1, 0)]
