"""Rank intervals in words and marks: how far a place can be trusted, and who cannot be told apart from whom."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.scorecards.queries import SHARE, Chance, Interval, Run, Spread, spec_of
from thuocdo.web.design.figures import moment, number


def places(interval: Interval) -> str:
    """The places of an interval: 5–9."""
    return f"{interval.low}–{interval.high}"


def rank_and_places(rank: int, interval: Interval | None) -> str:
    """A rank with its interval: 7 (5–9)."""
    return str(rank) if interval is None else f"{rank} ({places(interval)})"


def alike_in_words(interval: Interval) -> str:
    """From how many peers a body cannot be told apart."""
    if not interval.alike:
        return gettext("phân biệt được với mọi cơ quan trong nhóm")
    return ngettext(
        "chưa phân biệt được với %(count)s cơ quan", "chưa phân biệt được với %(count)s cơ quan", interval.alike
    ) % {"count": number(interval.alike)}


def alike_mark(interval: Interval) -> SafeString:
    """The same in a cell of a table: a sign and a number for the eye, the words for the ear; empty for none."""
    if not interval.alike:
        return SafeString("")
    words = alike_in_words(interval)
    return format_html(
        '<span class="sub alike" title="{}"><span aria-hidden="true">≈ {}</span><span class="hidden">{}</span></span>',
        words,
        number(interval.alike),
        words,
    )


def state_in_words(run: Run, spread: Spread) -> str:
    """What the reader has to know of the intervals on the page: of which moment they are, or that they are coming."""
    if spread.earlier is not None:
        return gettext("khoảng hạng tính đến %(time)s, đang tính lại") % {"time": moment(spread.earlier.known_at)}
    if spread.simulation is None and run.is_live and spec_of(run.scorecard).uncertainty is not None:
        return gettext("khoảng hạng đang được tính")
    return ""


def key_in_words(run: Run, spread: Spread) -> str:
    """How to read an interval; empty where there is none on the page."""
    stated = spec_of(run.scorecard).uncertainty
    if spread.simulation is None or stated is None:
        return ""
    return gettext(
        "7 (5–9): hạng 7; trong %(share)s%% của %(runs)s lần thử thay đổi trọng số và sai số của số liệu, hạng nằm từ 5"
        " đến 9. ≈ 4: khoảng hạng chồng lên khoảng của 4 cơ quan khác, nên chưa phân biệt được với các cơ quan đó."
    ) % {"share": number(round(SHARE * 100)), "runs": number(spread.simulation.replicates)}


def chance_in_words(chance: Chance, first: str, second: str, replicates: int) -> str:
    """How sure it is which of two bodies stands before the other."""
    if chance.ahead < chance.behind:
        chance, first, second = Chance(chance.behind, chance.ahead, chance.level), second, first
    text = gettext(
        "Trong %(runs)s lần thử thay đổi trọng số và sai số của số liệu, %(first)s đứng trên %(second)s ở %(share)s%%."
    )
    told = text % {
        "runs": number(replicates),
        "first": first,
        "second": second,
        # Rounded towards doubt: what happened in 999 of 1,000 is not certain.
        "share": number(int(chance.ahead * 1000) / 10),
    }
    return f"{told} {_verdict(chance.ahead)}"


def _verdict(share: float) -> str:
    if share >= 0.95:
        return gettext("Thứ tự của hai cơ quan này vững chắc.")
    if share >= 0.75:
        return gettext("Thứ tự này có khả năng đúng, nhưng chưa chắc chắn.")
    return gettext("Chưa phân biệt được hai cơ quan này.")
