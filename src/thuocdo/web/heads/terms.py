"""Which term a page is about: read from the address, offered as links."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext

from thuocdo.publications.lifecycle import Term, TermError, parse_term, term_of

NAME = "ky"


@dataclass(frozen=True, slots=True)
class Choice:
    """A term to go to."""

    title: str
    address: str
    is_here: bool


def read_term(text: str, today: date) -> Term:
    """The term of an address; for none, for nonsense and for one that has not begun the quarter of today."""
    now = term_of(today)
    try:
        found = parse_term(text) if text else now
    except TermError:
        return now
    return found if found.start <= today else now


def in_words(term: Term) -> str:
    """The term in the reader's language."""
    return term.display(get_language() or "vi")


def with_term(address: str, term: Term, today: date, **words: str) -> str:
    """An address that keeps the term; the quarter of today needs no word."""
    asked = {NAME: "" if term == term_of(today) else term.label, **words}
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return f"{address}?{query}" if query else address


def choices(address: str, term: Term, today: date, **words: str) -> list[Choice]:
    """The running quarter and the three before, the half years and years in which today and they lie."""
    quarters = [term_of(today)]
    while len(quarters) < 4:
        quarters.append(quarters[-1].previous())
    halves = list(dict.fromkeys(term_of(one.start, "half") for one in quarters))[:2]
    years = list(dict.fromkeys(term_of(one.start, "year") for one in quarters))[:2]
    offered = [*quarters, *halves, *years]
    if term not in offered:
        offered.insert(0, term)
    return [Choice(in_words(one), with_term(address, one, today, **words), one == term) for one in offered]


def days_in_words(first: date, last: date) -> str:
    """Two days with the year once, both included; a single day once."""
    if first == last:
        return f"{first:%d/%m/%Y}"
    if first.year == last.year:
        return gettext("%(first)s–%(last)s") % {"first": f"{first:%d/%m}", "last": f"{last:%d/%m/%Y}"}
    return f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"
