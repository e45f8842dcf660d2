"""Automatic numbers of Word lists, counted as Word shows them: levels, restarts, starts, several lists in one count."""

from dataclasses import dataclass, field
from typing import Any

from thuocdo.engine.extraction.reader.word.package import W
from thuocdo.engine.extraction.reader.word.styles import Styles, is_on, value_of, whole

_LEVELS = 9
_BULLETS = "-–+*•"
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is counted and shown; "%1.%2" in `text` stands for the counts of its levels."""

    kind: str
    text: str
    start: int
    restart: int | None
    legal: bool


@dataclass(slots=True)
class _Count:
    """The counts of one list; lists that share a definition share their counts."""

    levels: dict[int, Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, root: Any | None, styles: Styles) -> None:
        """Read the part with the lists, if there is one."""
        self._lists: dict[str, tuple[_Count, dict[int, Level], dict[int, int]]] = {}
        self._begun: set[tuple[str, int]] = set()
        if root is None:
            return
        counts: dict[str, _Count] = {}
        links: dict[str, str] = {}
        for item in root.findall(f"{W}abstractNum"):
            number = item.get(f"{W}abstractNumId") or ""
            counts[number] = _Count(dict(map(_level, item.findall(f"{W}lvl"))))
            link = value_of(item, "numStyleLink")
            if link:
                links[number] = link
        owners = {
            item.get(f"{W}numId") or "": value_of(item, "abstractNumId") or "" for item in root.findall(f"{W}num")
        }
        for number, link in links.items():
            target = styles.list_of(link)
            if target is not None and owners.get(target[0]) in counts:
                counts[number] = counts[owners[target[0]]]
        for item in root.findall(f"{W}num"):
            number = item.get(f"{W}numId") or ""
            count = counts.get(owners[number])
            if count is None:
                continue
            forms, starts = dict(count.levels), {}
            for change in item.findall(f"{W}lvlOverride"):
                level = whole(change.get(f"{W}ilvl")) or 0
                begin = whole(value_of(change, "startOverride"))
                if begin is not None:
                    starts[level] = begin
                form = change.find(f"{W}lvl")
                if form is not None:
                    forms[level] = _level(form)[1]
            self._lists[number] = (count, forms, starts)

    def label(self, list_id: str, level: int) -> str:
        """Count one paragraph and return its number or bullet with a space after it, or nothing."""
        known = self._lists.get(list_id)
        if known is None or not 0 <= level < _LEVELS:
            return ""
        count, forms, starts = known
        form = forms.get(level)
        if form is None:
            return ""
        if level in starts and (list_id, level) not in self._begun:
            count.counts[level] = starts[level] - 1
        self._begun.add((list_id, level))
        count.counts[level] = count.counts.get(level, form.start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            after = forms[deeper].restart if deeper in forms else None
            if after is None or (after > 0 and level < after):
                count.counts.pop(deeper, None)
        if form.kind == "bullet":
            return f"{form.text if form.text and form.text in _BULLETS else '-'} "
        shown = form.text
        for number in range(level + 1):
            one = forms.get(number)
            if one is not None:
                kind = "decimal" if form.legal else one.kind
                shown = shown.replace(f"%{number + 1}", as_shown(count.counts.get(number, one.start), kind))
        return f"{shown.strip()} " if shown.strip() else ""


def _level(item: Any) -> tuple[int, Level]:
    start, restart = whole(value_of(item, "start")), whole(value_of(item, "lvlRestart"))
    return whole(item.get(f"{W}ilvl")) or 0, Level(
        value_of(item, "numFmt") or "decimal",
        value_of(item, "lvlText") or "",
        1 if start is None else start,
        restart,
        bool(is_on(item.find(f"{W}isLgl"))),
    )


def as_shown(count: int, kind: str) -> str:
    """Return a count as a list shows it: 3, 03, c, C, iii or III."""
    if kind == "none":
        return ""
    if kind.endswith("Letter") and 0 < count < 1_000:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter.upper() if kind.startswith("upper") else letter
    if kind.endswith("Roman") and 0 < count < 4_000:
        roman = ""
        for value, sign in _ROMAN:
            while count >= value:
                roman, count = roman + sign, count - value
        return roman if kind.startswith("upper") else roman.lower()
    return f"{count:02}" if kind == "decimalZero" else str(count)
