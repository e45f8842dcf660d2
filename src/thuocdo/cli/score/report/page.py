"""The page as a whole: its parts in the order in which a reader asks."""

from html import escape

from thuocdo.engine.scoring.run.results import Results


def report_page(results: Results) -> bytes:
    """The report of a run, UTF-8; the same results give the same bytes."""
    outcome = results.outcome
    rows = "".join(
        f"<tr><td>{rank:g}<td>{escape(unit)}<td>{score}"
        for unit, rank, score in zip(
            outcome.units, outcome.ranks_of(results.spec.top), outcome.rounded_of(results.spec.top), strict=True
        )
    )
    return f"<!doctype html><html lang=vi><meta charset=utf-8><title>{escape(results.spec.title.vi)}</title><table>{rows}</table>".encode()
