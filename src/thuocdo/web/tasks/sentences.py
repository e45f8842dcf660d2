"""The sentence that opens the list: what is overdue and whose, what falls due; every figure is a door."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from thuocdo.web.design.figures import named, number
from thuocdo.web.design.marks import door

from .listing import Tally


def opening(tally: Tally, address: Callable[..., str], *, is_narrowed: bool) -> SafeString:
    """The sentence for what the filters leave; `address` gives the list with some words of the query changed."""
    if not tally["tat-ca"]:
        return format_html("{}", _nothing(is_narrowed))
    said = [_overdue(tally, address)]
    if soon := tally["sap-den-han"]:
        link = door(address(muc="sap-den-han"), soon)
        said.append(
            format_html(
                ngettext(
                    "{number} nhiệm vụ đến hạn trong 7 ngày tới", "{number} nhiệm vụ đến hạn trong 7 ngày tới", soon
                ),
                number=link,
            )
        )
    if waiting := tally["cho-duyet"]:
        link = door(address(muc="cho-duyet"), waiting)
        said.append(
            format_html(
                ngettext("{number} kết quả đang chờ duyệt", "{number} kết quả đang chờ duyệt", waiting), number=link
            )
        )
    if not tally["qua-han"] and len(said) == 1:
        link = door(address(muc=None), tally[""])
        said.append(
            format_html(
                ngettext("{number} nhiệm vụ còn phải làm", "{number} nhiệm vụ còn phải làm", tally[""]), number=link
            )
        )
    return format_html("{}.", mark_safe(capfirst("; ".join(said))))  # noqa: S308 (escaped piece by piece)


def _overdue(tally: Tally, address: Callable[..., str]) -> SafeString:
    late = tally["qua-han"]
    if not late:
        return format_html("{}", gettext("không có nhiệm vụ nào quá hạn"))
    link = door(address(muc="qua-han"), late)
    if tally.worst is None or address(muc=None) != address(muc=None, co_quan=None, co_quan_ma=None):
        return format_html(ngettext("{number} nhiệm vụ quá hạn", "{number} nhiệm vụ quá hạn", late), number=link)
    body = named(tally.worst)
    if tally.worst_number == late:
        return format_html(
            ngettext("{number} nhiệm vụ quá hạn, đều của {body}", "{number} nhiệm vụ quá hạn, đều của {body}", late),
            number=link,
            body=body,
        )
    share = door(address(muc="qua-han", co_quan=tally.worst.code, co_quan_ma=None), number(tally.worst_number))
    return format_html(
        ngettext(
            "{number} nhiệm vụ quá hạn, nhiều nhất là {body} với {share}",
            "{number} nhiệm vụ quá hạn, nhiều nhất là {body} với {share}",
            late,
        ),
        number=link,
        share=share,
        body=body,
    )


def _nothing(is_narrowed: bool) -> str:
    if is_narrowed:
        return gettext("Không có nhiệm vụ nào khớp với bộ lọc.")
    return gettext("Chưa có nhiệm vụ nào trong phạm vi bạn được xem.")
