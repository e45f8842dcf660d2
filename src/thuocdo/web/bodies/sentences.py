"""The sentences that open a body's page and the page of a part of its score."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from thuocdo.web.design.figures import named, number, points
from thuocdo.web.design.marks import door
from thuocdo.web.rankings.marks import class_title, ranking_address

from .card import Card, gap_in_words
from .owed import Tally

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body


def of_body(standing: SafeString, tally: Tally, chance: SafeString, *, owed_address: str) -> SafeString:
    """Rank, score, class and change; what is overdue; what would add most. Empty clauses are left out."""
    clauses = [clause for clause in (standing, _owed(tally, owed_address), chance) if clause]
    if not clauses:
        return SafeString(gettext("Chưa có nhiệm vụ công khai và chưa có kết quả xếp hạng."))
    text = clauses[0]
    for clause in clauses[1:]:
        text = format_html("{}; {}", text, clause)
    return format_html("{}.", SafeString(capfirst(text)))


def _owed(tally: Tally, address: str) -> SafeString:
    if tally.overdue:
        words = ngettext("{} nhiệm vụ quá hạn", "{} nhiệm vụ quá hạn", tally.overdue)
        return format_html(words, door(address, number(tally.overdue)))
    if tally.owed:
        words = ngettext(
            "{} nhiệm vụ còn phải làm, không việc nào quá hạn",
            "{} nhiệm vụ còn phải làm, không việc nào quá hạn",
            tally.owed,
        )
        return format_html(words, door(address, number(tally.owed)))
    return SafeString(gettext("không còn nhiệm vụ nào phải làm") if tally.all else "")


def of_chance(card: Card) -> SafeString:
    """Where the body could win most; empty where the method does not say."""
    if not card.fixes:
        return SafeString("")
    best = card.fixes[0]
    return format_html(
        gettext("cải thiện được nhiều nhất ở {} (thêm tối đa {} điểm)"),
        format_html('<a class="door" href="{}">{}</a>', best.address, best.title),
        points(best.chance.gain),
    )


def of_standing(card: Card) -> SafeString:
    """Place, points, class and places won or lost."""
    standing, run = card.standing, card.standing.run
    if standing.rank is None:
        return SafeString(gettext("Chưa đủ số liệu để xếp hạng"))
    address = f"{ranking_address(run.peer_group, run.period)}#hang-{standing.body.code}"
    rank = door(address, f"{standing.rank}/{run.units}", gettext("hạng trong nhóm"))
    if card.places:
        rank = format_html(gettext("{} (khoảng hạng {})"), rank, card.places)
    text = format_html(
        gettext("Đứng thứ {} với {} điểm, xếp loại {}"),
        rank,
        points(standing.rounded),
        class_title(card.spec, standing.score_class) or gettext("chưa có"),
    )
    if standing.rank_change:
        words = (
            ngettext("lên {} bậc so với kỳ trước", "lên {} bậc so với kỳ trước", standing.rank_change)
            if standing.rank_change > 0
            else ngettext("xuống {} bậc so với kỳ trước", "xuống {} bậc so với kỳ trước", -standing.rank_change)
        )
        text = format_html("{}, {}", text, words.format(abs(standing.rank_change)))
    return text


def of_part(card: Card, code: str, title: str) -> SafeString:
    """What the part gave the body, of how much, and how the peers stand."""
    own = card.standing.parts.get(code, {})
    median = card.standing.run.medians.get(code)
    address = reverse("body", args=[card.standing.body.code]) + f"?ky={card.standing.run.period}"
    body = door(address, named(card.standing.body))
    if own.get("score") is None:
        why = gap_in_words(own.get("gap", "")) or gettext("chưa có số liệu nào được tính")
        return format_html(gettext("{} chưa có điểm ở “{}”: {}."), body, title, why)
    text = format_html(gettext("{} đạt {}/100 ở “{}”"), body, points(own["score"]), title)
    if own.get("points") is not None and own.get("of"):
        text = format_html(gettext("{}, đóng góp {} trong {} điểm"), text, points(own["points"]), points(own["of"]))
    if median is None:
        return format_html("{}.", text)
    apart = round(own["score"] - median, 2)
    side = gettext("cao hơn") if apart > 0 else gettext("thấp hơn")
    if apart == 0:
        return format_html(gettext("{}; bằng trung vị của nhóm."), text)
    return format_html(gettext("{}; {} trung vị của nhóm {} điểm."), text, side, points(abs(apart)))


def of_search(words: str, found: int) -> SafeString:
    """How many bodies fit the words."""
    text = ngettext("{} cơ quan khớp với “{}”.", "{} cơ quan khớp với “{}”.", found)
    return format_html(text, number(found), words)


def of_below(body: "Body", count: int) -> SafeString:
    """How many bodies stand directly below one."""
    text = ngettext("{} có {} cơ quan cấp dưới.", "{} có {} cơ quan cấp dưới.", count)
    return format_html(text, named(body), number(count))


def of_tree(central: int, provinces: int, communes: int) -> SafeString:
    """How many bodies are followed here."""
    return format_html(
        gettext("Theo dõi {} cơ quan ở Trung ương, {} tỉnh, thành phố và {} xã, phường, đặc khu."),
        number(central),
        number(provinces),
        number(communes),
    )
