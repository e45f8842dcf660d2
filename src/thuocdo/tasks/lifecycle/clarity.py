"""Clear or not: the "6 rõ" that a task leaves open, and words that promise nothing anybody could measure."""

import re
from collections.abc import Iterable
from datetime import date

from thuocdo.engine.spelling import nfc

# Person, work, responsibility, authority, time, result; the result needs a product and a measure.
SIX = ("lead", "person", "time", "result", "measure", "authority", "wording")


def unclear_points(
    *,
    due_on: date | None,
    is_recurring: bool,
    deliverable: str,
    target: str,
    has_source: bool,
    has_lead: bool = True,
    has_person: bool = True,
    vague: Iterable[str] = (),
) -> tuple[str, ...]:
    """Which of the "6 rõ" a task leaves open, of `SIX`.

    A lead is missing where the body no longer exists, a person where neither somebody answers inside the lead body
    nor anybody heads it. Vague wording leaves the work itself unclear. A task without title is refused before.
    """
    missing = {
        "lead": not has_lead,
        "person": not has_person,
        "authority": not has_source,
        "time": due_on is None and not is_recurring,
        "result": not deliverable,
        "measure": not target and not deliverable,
        "wording": any(True for _ in vague),
    }
    return tuple(point for point in SIX if missing[point])


def vague_pattern(phrases: Iterable[str]) -> str:
    """A regular expression for any of the phrases as whole words, for the databases; empty when there are none.

    It asks for a space or the edge of the text, which Python, SQLite and PostgreSQL read alike.
    """
    words = sorted({nfc(phrase).strip() for phrase in phrases} - {""}, key=len, reverse=True)
    return (
        f"(^|\\s)({'|'.join(re.escape(word).replace(chr(92) + ' ', ' ') for word in words)})(\\s|[,.;:]|$)"
        if words
        else ""
    )


def vague_phrases(text: str, target: str, phrases: Iterable[str]) -> tuple[str, ...]:
    """The phrases that a title uses without any figure to measure them by, in the order in which they are listed.

    A number in the target says how much is meant, and the wording is then no longer vague.
    """
    if any(letter.isdigit() for letter in target):
        return ()
    title = nfc(text).casefold()
    return tuple(
        phrase for phrase in phrases if re.search(rf"(^|\s){re.escape(nfc(phrase).casefold())}(\s|[,.;:]|$)", title)
    )
