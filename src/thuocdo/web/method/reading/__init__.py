"""The structure of a run in words and figures: what is told twice, what weighs otherwise than it should."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.engine.scoring import Spec
from thuocdo.web.design.figures import number, percent
from thuocdo.web.rankings.marks import part_titles

from .availabilities import Availability, availabilities_of
from .consistencies import Consistency, consistencies_of
from .correlations import Pair, Row, matrix_of, pairs_of, parts_of
from .weighings import Weighing, furthest_apart, weighings_of

if TYPE_CHECKING:
    from thuocdo.engine.scoring.structure import Flag, Structure

# Lists of more lines are not read.
MOST_FLAGS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything the page says."""

    sentence: SafeString
    flags: list[SafeString]
    more_flags: int
    headings: list[str]
    parts: list[Row]
    pairs: list[Pair]
    matrix: list[Row]
    consistencies: list[Consistency]
    weighings: list[Weighing]
    availabilities: list[Availability]


def reading_of(found: "Structure", spec: Spec) -> Reading:
    """The structure of a run in the words and figures of the page."""
    titles = part_titles(spec)
    # Two that are opposites are told once, as moving against each other.
    flags = [flag for flag in found.flags if flag.kind != "redundant" or flag.correlation > 0]
    flags.sort(key=lambda flag: (flag.kind != "redundant", -abs(flag.correlation), flag.first, flag.second))
    headings, parts = parts_of(found, spec, titles)
    return Reading(
        sentence=_sentence(flags, found, titles),
        flags=[_in_words(flag, titles) for flag in flags[:MOST_FLAGS]],
        more_flags=max(len(flags) - MOST_FLAGS, 0),
        headings=headings,
        parts=parts,
        pairs=pairs_of(found, spec, titles),
        matrix=matrix_of(found, spec, titles),
        consistencies=consistencies_of(found, titles),
        weighings=weighings_of(found, titles),
        availabilities=availabilities_of(found, titles),
    )


def _sentence(flags: "list[Flag]", found: "Structure", titles: dict[str, str]) -> SafeString:
    if not flags:
        apart = furthest_apart(found)
        if apart is None:
            return SafeString(gettext("Không thấy hai phần cùng cấp nào trùng lặp hay ngược chiều nhau."))
        text = gettext(
            "Không thấy hai phần cùng cấp nào trùng lặp hay ngược chiều nhau;"
            " lệch trọng số nhiều nhất là {}: trọng số {}, ảnh hưởng {}."
        )
        return format_html(
            text, titles[apart.indicator], percent(apart.weight * 100, 1), percent(apart.effective * 100, 1)
        )
    first = _in_words(flags[0], titles)
    rest = len(flags) - 1
    if not rest:
        return first
    more = ngettext("Còn {} điều cần xem lại.", "Còn {} điều cần xem lại.", rest)
    return format_html("{} {}", first, format_html(more, number(rest)))


def _in_words(flag: "Flag", titles: dict[str, str]) -> SafeString:
    text = {
        "redundant": gettext("Hai phần gần như trùng nhau: {} và {} (r = {})."),
        "counter_sibling": gettext("Hai phần ngược chiều nhau: {} và {} (r = {})."),
        "counter_parent": gettext("{} ngược chiều với {} mà nó là một phần (r = {})."),
    }[flag.kind]
    return format_html(text, titles[flag.first], titles[flag.second], number(flag.correlation, 2))
