"""Phrases that optical character recognition misread ("chù trì", "Sờ Nội vụ", "kiếm tra"), mended before reading.

Only a text that shows the marks of recognition (a letter o for a zero inside a number) is touched, and only where a
run of two or more syllables differs from a phrase of the rules by its tone marks alone. Every mended syllable keeps
its length, so that offsets stay as they are; what is handed out is cut from the file and keeps its errors.
"""

import re
import unicodedata
from functools import cache, lru_cache

from thuocdo.engine.extraction import names, vocabulary
from thuocdo.engine.extraction.view import PhraseTable, TextView

_MARKS = re.compile(r"(?<!\w)(?:[oil]*\d+[oil]+\d*|[oil]+\d+)(?![\wà-ỹ])")
_LINE_NUMBER = re.compile(r"^[ \t]*(?P<number>[loi\d]{1,2})(?=[.)]\s)", re.MULTILINE)
_DIGITS = str.maketrans("oil", "011")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
# Heads of names that are one syllable long: mended only before a capital.
_SHORT_HEADS = {"sờ": "sở", "bò": "bộ", "uý ban": "ủy ban"}


def mend(view: TextView) -> bool:
    """Mend the view in place; return whether the text shows marks of recognition."""
    if len(_MARKS.findall(view.flat)) < 2:
        return False
    letters = list(view.fold)
    for line in _LINE_NUMBER.finditer(view.fold):
        if any(c.isdigit() for c in line["number"]) or line["number"] == "l":
            letters[line.start("number") : line.end("number")] = line["number"].translate(_DIGITS)
    phrases = _phrases()
    words = view.words
    plain = [_toneless(word[2]) for word in words]
    for number, (start, stop, word) in enumerate(words):
        right = _SHORT_HEADS.get(word)
        if right and number + 1 < len(words) and view.is_capital(words[number + 1][0]):
            letters[start:stop] = right
        for length in (4, 3, 2):
            run = words[number : number + length]
            if len(run) < length:
                continue
            found = phrases.get(tuple(plain[number : number + length]))
            if found is None:
                continue
            written = tuple(w[2] for w in run)
            if written in found:
                continue
            if len(found) == 1 and all(len(a) == len(b) for a, b in zip(written, next(iter(found)), strict=True)):
                for (begin, end, _), syllable in zip(run, next(iter(found)), strict=True):
                    letters[begin:end] = syllable
                break
    view.replace("".join(letters))
    return True


@lru_cache(maxsize=20_000)
def _toneless(syllable: str) -> str:
    parts = unicodedata.normalize("NFD", syllable)
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))


@cache
def _phrases() -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """The phrases of two to four syllables that rules look for, by what is left of them without tone marks."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    tables = (
        vocabulary.ACTION_VERBS, vocabulary.ADVERBS, vocabulary.MODALS, vocabulary.PRODUCT_NOUNS,
        names.BODY_HEADS, names.WHOLE_NAMES, names.POSTS, _MORE,
    )  # fmt: skip
    entries = [entry for table in tables for entry in table.entries()]
    for name in names.FULL_NAMES:
        syllables = tuple(re.findall(r"\w+", name))
        entries += [syllables[:length] for length in (2, 3, 4) if len(syllables) >= length]
        entries += [syllables[k : k + 2] for k in range(1, len(syllables) - 1)]
    for entry in entries:
        if 2 <= len(entry) <= 4:
            found.setdefault(tuple(map(_toneless, entry)), set()).add(entry)
    return {key: frozenset(values) for key, values in found.items()}


_MORE = PhraseTable("""
chủ trì, phối hợp, phối hợp với, thời hạn, thời gian, trước ngày, chậm nhất, muộn nhất, kể từ ngày, làm việc, hằng tháng
hằng quý, hằng năm, hằng tuần, định kỳ, tối thiểu, ít nhất, yêu cầu, đề nghị, nhiệm vụ, như sau, nội dung, kết quả
""")
