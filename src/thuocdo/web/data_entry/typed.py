"""Numbers as people type them: a decimal comma or point, dots between thousands; two meanings are asked back."""

import re

from django.utils.translation import gettext

from thuocdo.web.design.figures import speaks_english

# Digits of other scripts are no figures here, as they are none to the form that works without a network.
_PLAIN = re.compile(r"-?[0-9]+")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_POINT = re.compile(r"-?[0-9]+\.[0-9]+")
# 1.234.567 or 1.234,5: dots between thousands, as Vietnamese writes.
_DOTTED = re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_SPACED = re.compile(r"-?[1-9][0-9]{0,2}(?:[ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]+)?")
# 1,234.5 as English writes; 1,234 alone means a decimal in Vietnamese.
_ENGLISH = re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|-?[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_TWO_MEANINGS = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
# So much of what was typed is repeated in a message.
REPEATED = 30


class Ambiguous(ValueError):
    """A text that is a decimal to some and thousands to others; the message names both ways to write it."""


def words_of_typing() -> dict[str, str]:
    """What is said of texts that are no figures, by code; the form that works without a network says the same."""
    return {
        "ambiguous": gettext("“%(given)s” có thể hiểu hai cách; viết %(whole)s hoặc %(decimal)s0."),
        "not_a_number": gettext("“%(given)s” không phải là số; chỉ ghi chữ số, phần thập phân sau dấu phẩy."),
        "value_with_state": gettext("Ô không có giá trị thì xóa số đã ghi, hoặc chọn lại trạng thái có giá trị."),
    }


def figure_typed(text: str) -> float:
    """The figure that was typed; raises ValueError with the words for the person who typed it."""
    number = number_typed(text)
    if not _FIGURE.fullmatch(number):
        raise ValueError(words_of_typing()["not_a_number"] % {"given": text.strip()[:REPEATED]})
    return float(number)


def number_typed(text: str) -> str:
    """The number as rows write it, 1234.5; what is no number comes back as it is, for the checker to name.

    Raises Ambiguous for 1.234, and in English for 1,234.
    """
    given = text.strip().replace("\u2212", "-").removeprefix("+")
    if given.endswith("%"):
        given = given[:-1].rstrip()
    if _TWO_MEANINGS.fullmatch(given) and ("." in given or speaks_english()):
        whole = given.replace(".", "").replace(",", "")
        decimal = given.replace(".", ",").rstrip("0").rstrip(",") if not speaks_english() else given.replace(",", ".")
        raise Ambiguous(words_of_typing()["ambiguous"] % {"given": given, "whole": whole, "decimal": decimal})
    if _SPACED.fullmatch(given):
        given = re.sub(r"[ \u00a0\u202f]", "", given)
    if _DOTTED.fullmatch(given):
        given = given.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(given):
        given = given.replace(",", "")
    elif _COMMA.fullmatch(given):
        given = given.replace(",", ".")
    elif not (_PLAIN.fullmatch(given) or _POINT.fullmatch(given)):
        return given
    return _without_leading_zeros(given)


def _without_leading_zeros(number: str) -> str:
    """007 is 7, -00.5 is -0.5."""
    sign = "-" if number.startswith("-") else ""
    whole, point, decimals = number.removeprefix("-").partition(".")
    return f"{sign}{whole.lstrip('0') or '0'}{point}{decimals}"
