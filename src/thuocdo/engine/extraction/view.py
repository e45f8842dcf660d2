"""A text seen in one spelling, with the way back to the offsets of the file."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from thuocdo.engine.spelling import unify_tone_marks

_ODD_SIGNS = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u202f\u2009\ufeff\u200b"), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    **dict.fromkeys(map(ord, "“”„″«»"), '"'),
    **dict.fromkeys(map(ord, "‘’‚′"), "'"),
}
_BREAKS = frozenset(",;:.()|/")
_WORD = re.compile(r"\w+")
_LINE_SIGNS = dict.fromkeys(map(ord, "\n\r\t\f\v\u2028"), " ")


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


class TextView:
    """One text in three strings of equal length: as written (NFC), folded, and folded without line ends.

    ``written`` keeps case. ``fold`` is lower case with one place for tone marks, plain dashes and quotes. ``flat`` is
    ``fold`` with line ends and tabs as spaces. ``origin`` leads from an offset in them to the offset in the file.
    """

    __slots__ = (
        "_origins",
        "bodies",
        "depth",
        "effective",
        "flat",
        "fold",
        "number_at",
        "original",
        "words",
        "written",
    )

    def __init__(self, text: str) -> None:
        self.original = text
        self._origins: list[int] | None = None
        self.written = text
        if not unicodedata.is_normalized("NFC", text):
            self.written, self._origins = _compose(text)
        self.fold = unify_tone_marks(_lower(self.written).translate(_ODD_SIGNS))
        self.flat = self.fold.translate(_LINE_SIGNS)
        # Words as (start, end, word) in order, and the number of the word that begins at an offset.
        self.words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(self.flat)]
        # What bodies.py has found at an offset, within a limit; long lists are asked about many times.
        self.bodies: dict[tuple[int, int], object] = {}
        # How many names within names ("Bí thư Tỉnh ủy, Giám đốc Sở ...") are being read just now.
        self.depth = 0
        # The words that say from when the document has effect; None until somebody asks.
        self.effective: str | None = None
        self.number_at = {word[0]: number for number, word in enumerate(self.words)}

    def replace(self, fold: str) -> None:
        """Read the text as if its folded form were this one, which must have the same length."""
        if len(fold) != len(self.fold):
            raise ValueError("a folded text of another length would lead to wrong offsets")
        self.fold = fold
        self.flat = fold.translate(_LINE_SIGNS)
        self.words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(self.flat)]
        self.number_at = {word[0]: number for number, word in enumerate(self.words)}
        self.bodies.clear()

    def origin(self, offset: int) -> int:
        """Return the offset in the file of an offset in the view (the end of the text included)."""
        return offset if self._origins is None else self._origins[offset]

    def cut(self, start: int, end: int) -> str:
        """Return the piece of the file that lies between two offsets of the view."""
        return self.original[self.origin(start) : self.origin(end)]

    def is_capital(self, offset: int) -> bool:
        """Say whether the letter at an offset is a capital."""
        return self.written[offset : offset + 1].isupper()


def _compose(text: str) -> tuple[str, list[int]]:
    """Compose letter by letter, noting for each composed character where its letter begins in the text."""
    pieces: list[str] = []
    origins: list[int] = []
    for cluster in re.finditer(r".[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff]*", text, re.DOTALL):
        composed = unicodedata.normalize("NFC", cluster[0])
        pieces.append(composed)
        origins.extend([cluster.start()] * len(composed))
    origins.append(len(text))
    return "".join(pieces), origins


class PhraseTable:
    """A set of phrases that is asked for the longest one beginning at an offset of a view."""

    __slots__ = ("_by_first",)

    def __init__(self, table: str) -> None:
        """Read phrases separated by commas or line ends."""
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for entry in dict.fromkeys(fold(table.replace("\n", ",")).split(",")):
            syllables = tuple(re.findall(r"\w+", entry))
            if syllables:
                self._by_first.setdefault(syllables[0], []).append(syllables)
        for phrases in self._by_first.values():
            phrases.sort(key=len, reverse=True)

    def entries(self) -> Iterator[tuple[str, ...]]:
        """Yield the phrases as tuples of syllables."""
        for phrases in self._by_first.values():
            yield from phrases

    def end_at(self, view: TextView, offset: int) -> int:
        """Return where the longest phrase that begins at the offset ends, or 0 when there is none."""
        number = view.number_at.get(offset)
        if number is None:
            return 0
        words = view.words
        for phrase_words in self._by_first.get(words[number][2], ()):
            last = number + len(phrase_words) - 1
            if last >= len(words):
                continue
            same = all(words[number + i][2] == syllable for i, syllable in enumerate(phrase_words))
            if same and _BREAKS.isdisjoint(view.flat[offset : words[last][1]]):
                return words[last][1]
        return 0


def word_set(table: str) -> frozenset[str]:
    """Return the words of a line of text."""
    return frozenset(unify_tone_marks(table).split())


def fold_set(table: str) -> frozenset[str]:
    """Return the phrases of a line of text divided by bars, as they look in ``TextView.flat``."""
    return frozenset(fold(entry) for entry in table.split("|"))


@cache
def fold(text: str) -> str:
    """Return a word or phrase of a rule table as it looks in ``TextView.flat``."""
    return TextView(text).flat


def phrase(pattern: str, *, whole: bool = True) -> re.Pattern[str]:
    """Compile a lower-case pattern over flat text; a space is any run of spaces, a ``?`` after it allows none."""
    body = unify_tone_marks(pattern).replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)" if whole else body)
