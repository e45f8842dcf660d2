"""Vietnamese spelling: one form for equal names, one form for search without accents."""

import re
import unicodedata

# The tone of an open "oa", "oe" or "uy" may stand on either vowel (hoà = hòa, thuỷ = thủy). The older place, on
# the first vowel, is taken for both. After "q" the "u" belongs to the consonant, so "quý" has only one spelling.
_FIRST_VOWEL = {
    "o": dict(zip("àáảãạèéẻẽẹ", ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe"], strict=True)),
    "u": dict(zip("ỳýỷỹỵ", ["ùy", "úy", "ủy", "ũy", "ụy"], strict=True)),
}
_OPEN_PAIR = re.compile(r"(?<![qQ])(?:[oO][àáảãạèéẻẽẹÀÁẢÃẠÈÉẺẼẸ]|[uU][ỳýỷỹỵỲÝỶỸỴ])(?!\w)")


def nfc(text: str) -> str:
    """Return the text with every letter and its marks as one character (Unicode NFC)."""
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _move_tone(match: re.Match[str]) -> str:
    pair = match[0]
    moved = _FIRST_VOWEL[pair[0].lower()][pair[1].lower()]
    first = moved[0].upper() if pair[0].isupper() else moved[0]
    return first + (moved[1].upper() if pair[1].isupper() else moved[1])


def unify_tone_marks(text: str) -> str:
    """Return NFC text with tone marks on the first vowel of an open oa, oe, uy; the length stays the same."""
    return _OPEN_PAIR.sub(_move_tone, text)


def name_key(text: str) -> str:
    """Return the form in which two spellings of one name are equal: NFC, lower case, single spaces, one tone place."""
    return unify_tone_marks(" ".join(nfc(text).lower().split()))


def search_key(text: str) -> str:
    """Return the name key without any diacritics (đ becomes d), for search that ignores accents."""
    decomposed = unicodedata.normalize("NFD", name_key(text))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d")
