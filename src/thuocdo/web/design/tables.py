"""Tables whose order, page and filters stand in the address: column heads, pages, filter forms."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .marks import icon

register = Library()

# Names in the address: ?xep=-diem&trang=2.
SORT = "xep"
PAGE = "trang"
PAGE_SIZE = 50


def address_with(request: HttpRequest, **changes: str | int | None) -> str:
    """The page's own address with some words of the query changed; None removes one."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path


def ordering(request: HttpRequest, allowed: Mapping[str, str], default: str) -> list[str]:
    """What to give `order_by`: `allowed` maps words of the address to fields; anything else is ignored."""
    asked = request.GET.get(SORT, default)
    name = asked.removeprefix("-")
    if name not in allowed:
        asked, name = default, default.removeprefix("-")
    return [f"-{allowed[name]}" if asked.startswith("-") else allowed[name], "pk"]


def page_of(request: HttpRequest, rows: Any, size: int = PAGE_SIZE) -> Page[Any]:
    """The page of the rows that the address asks for; a number beyond the last gives the last."""
    return Paginator(rows, size).get_page(request.GET.get(PAGE))


@register.simple_tag(takes_context=True)
def column(
    context: Context, word: str, title: str, unit: str = "", numeric: bool = False, default: str = ""
) -> SafeString:
    """A sortable column head: `word` is what stands in the address, `default` the order without any."""
    request: HttpRequest = context["request"]
    now = request.GET.get(SORT, default)
    state = "ascending" if now == word else "descending" if now == f"-{word}" else ""
    # Figures are first asked for from the top, words from A.
    first, second = (f"-{word}", word) if numeric else (word, f"-{word}")
    target = second if now == first else first
    shape = {"ascending": "a-up", "descending": "a-down", "": "a-sort"}[state]
    return format_html(
        '<th scope="col"{}{}><a href="{}">{}{}{}</a></th>',
        format_html(' aria-sort="{}"', state) if state else "",
        format_html(' class="{}"', "figure") if numeric else "",
        address_with(request, **{SORT: target, PAGE: None}),
        title,
        format_html(" <small>{}</small>", unit) if unit else "",
        icon(shape),
    )


@register.inclusion_tag("design/_pages.html", takes_context=True)
def pages(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Links to the other pages of a list; nothing when there is only one."""
    request: HttpRequest = context["request"]
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "links": [(number, address_with(request, **{PAGE: number})) for number in numbers],
        "previous": address_with(request, **{PAGE: page.number - 1}) if page.has_previous() else "",
        "next": address_with(request, **{PAGE: page.number + 1}) if page.has_next() else "",
        "gap": Paginator.ELLIPSIS,
    }


@register.inclusion_tag("design/_filters.html", takes_context=True)
def filters(context: Context, form: Any, found: int | None = None) -> dict[str, Any]:
    """A filter form (method GET): its state is the address; keeps the order, drops the page."""
    request: HttpRequest = context["request"]
    return {
        "form": form,
        "found": found,
        "path": request.path,
        "sort": request.GET.get(SORT, ""),
        "is_narrowed": any(request.GET.get(name) for name in form.fields),
        "sort_name": SORT,
        "submit": gettext("Lọc"),
    }
