"""The page as a whole: its parts in the order in which a reader asks."""

from html import escape
from pathlib import Path

from thuocdo.cli.score.report.changes import changes
from thuocdo.cli.score.report.markup import Pen
from thuocdo.cli.score.report.method import method
from thuocdo.cli.score.report.points import points
from thuocdo.cli.score.report.ranking import Standing, answer, ranking
from thuocdo.cli.score.report.sensitivity import sensitivity
from thuocdo.cli.score.report.structure import structure
from thuocdo.engine.scoring.pipeline import ENGINE_VERSION
from thuocdo.engine.scoring.run.results import Results

# Nothing may be fetched, nothing may run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def report_page(results: Results) -> bytes:
    """The report of a run, UTF-8; the same results give the same bytes."""
    pen = Pen(results.options.language)
    standing = Standing(results)
    parts = {
        "ranking": ranking(standing, pen),
        "contributions": points(standing, pen),
        "changes": changes(results, pen),
        "structure": structure(results, pen),
        **({"sensitivity": sensitivity(results, pen)} if results.sensitivity is not None else {}),
        "method": method(results, pen),
        "verify": _verify(pen),
    }
    links = "".join(f"<li><a href='#{key}'>{pen.say(key)}</a>" for key in parts)
    sections = "".join(f"<section id={key}><h2>{pen.say(key)}</h2>{part}</section>" for key, part in parts.items())
    title = escape(pen.pick((results.spec.title.vi, results.spec.title.en)))
    return (
        f"<!doctype html><html lang={pen.language}><head><meta charset=utf-8>"
        f'<meta http-equiv=Content-Security-Policy content="{POLICY}">'
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<title>{title} – {pen.say('subtitle')}</title><style>{_style(pen)}</style></head><body>"
        f"<header><p class=quiet>{pen.say('subtitle')}</p><h1>{title}</h1>{answer(standing, pen)}"
        f"<nav aria-label='{pen.say('contents')}'><ul>{links}</ul></nav></header>"
        f"<main>{sections}</main><footer><p>{pen.say('footer', engine=ENGINE_VERSION)}</footer></body></html>\n"
    ).encode()


def _style(pen: Pen) -> str:
    """The style sheet, with the one word that narrow screens put before a figure."""
    sheet = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
    return f'{sheet}:root{{--alike:"{pen.say("alike")}"}}'


def _verify(pen: Pen) -> str:
    return (
        f"<p>{pen.say('verify_told')}<p><code>thuocdo score --verify DIR</code>"
        f"<p>{pen.say('verify_status')}<p>{pen.say('verify_plain')}"
    )
