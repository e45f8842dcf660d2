"""Blocks of a page: answer, figures, notices, undo, empty states, progress, breadcrumbs, tabs, facts, timeline."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.template import Context, Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from .figures import Figure, number
from .marks import icon

register = Library()
UNDO = "undo:"


def say(request: HttpRequest, text: str) -> None:
    """Tell on the next page that something was done."""
    messages.success(request, text)


def say_wrong(request: HttpRequest, text: str, remedy: str) -> None:
    """Tell on the next page what went wrong and what to do about it."""
    messages.error(request, f"{text}\n{remedy}")


def say_undoable(request: HttpRequest, text: str, undo: str) -> None:
    """Tell on the next page that something was done, with a button that posts to `undo`."""
    messages.success(request, text, extra_tags=f"{UNDO}{undo}")


@register.inclusion_tag("design/_messages.html", takes_context=True)
def spoken(context: Context) -> dict[str, Any]:
    """What `say`, `say_wrong` and `say_undoable` left for this page; the frame calls it."""
    request = context.get("request")
    rows = []
    for message in messages.get_messages(request) if request else ():
        text, _, remedy = str(message.message).partition("\n")
        undo = next((tag for tag in message.tags.split() if tag.startswith(UNDO)), "")
        rows.append(
            {
                "tone": "error" if message.level >= messages.WARNING else "success",
                "text": text,
                "remedy": remedy,
                "undo": undo.removeprefix(UNDO),
            }
        )
    return {"rows": rows, "csrf_token": context.get("csrf_token"), "here": request.path if request else ""}


@register.simple_block_tag
def answer(content: str) -> SafeString:
    """The sentence that opens a page and states what matters; figures inside it are doors."""
    return format_html('<p class="answer">{}</p>', mark_safe(content.strip()))  # noqa: S308 (rendered template)


@register.simple_block_tag
def notice(content: str, tone: str = "note", title: str = "") -> SafeString:
    """A notice of tone note, success or error; an error says in its body what to do."""
    return format_html(
        '<div class="notice {}"{}>{}<div>{}{}</div></div>',
        tone,
        mark_safe(' role="alert"') if tone == "error" else "",
        icon({"error": "m-overdue", "success": "m-done"}.get(tone, "i-note")),
        format_html("<strong>{}</strong> ", title) if title else "",
        mark_safe(content.strip()),  # noqa: S308 (rendered template)
    )


@register.inclusion_tag("design/_undo.html", takes_context=True)
def undo_bar(context: Context, text: str, undo: str) -> dict[str, Any]:
    """A bar that says what was done and takes it back with one press."""
    return {"text": text, "undo": undo, "csrf_token": context.get("csrf_token")}


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """An empty state: what is not there (title) and what to do next (content)."""
    return format_html(
        '<div class="empty"><svg class="ruler row" aria-hidden="true"><use href="#r-row"/></svg>'
        "<p><strong>{}</strong></p>{}</div>",
        title,
        mark_safe(content.strip()),  # noqa: S308 (rendered template)
    )


@register.simple_tag
def progress(done: int, total: int, label: str) -> SafeString:
    """Work under way as a ruler "18/60"; long work shows it and can be left."""
    from .ruler import ruler

    return format_html(
        '<div class="progress"><span>{}</span>{}<b>{}/{}</b></div>',
        label,
        ruler(done, high=max(total, 1), label=f"{label} {done}/{total}", decimals=0),
        number(done),
        number(total),
    )


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """The way here: address, text, address, text …, and the text of this page last."""
    links = format_html_join("", '<li><a href="{}">{}</a></li>', zip(pairs[0:-1:2], pairs[1:-1:2], strict=True))
    return format_html(
        '<nav class="breadcrumbs" aria-label="{}"><ol>{}<li aria-current="page">{}</li></ol></nav>',
        gettext("Đường dẫn"),
        links,
        pairs[-1],
    )


@register.simple_tag(takes_context=True)
def tabs(context: Context, label: str, *triples: str | int) -> SafeString:
    """Views of the same thing as links: address, text, count (or "") …; the one at this address is marked."""
    request: HttpRequest = context["request"]
    here = request.get_full_path()
    rows = [
        (
            address,
            mark_safe(' aria-current="page"') if address in (here, request.path) else "",
            text,
            format_html(" <small>{}</small>", number(count) if isinstance(count, int) else count)
            if count != ""
            else "",
        )
        for address, text, count in zip(triples[0::3], triples[1::3], triples[2::3], strict=True)
    ]
    items = format_html_join("", '<li><a href="{}"{}>{}{}</a></li>', rows)
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, items)


@register.inclusion_tag("design/_facts.html")
def facts(pairs: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A list of facts: what, and its value; a value may be HTML made by other components."""
    return {"pairs": list(pairs.items() if isinstance(pairs, Mapping) else pairs)}


@register.simple_block_tag
def figure(
    content: str,
    value: str | Figure | None,
    label: str,
    address: str = "",
    unit: str = "",
) -> SafeString:
    """One of the few large figures under the answer; the content (time, change, ruler) stands below it."""
    shown = value if isinstance(value, str) else number(value)
    inner = format_html("{}{}", shown, format_html("<small> {}</small>", unit) if unit else "")
    return format_html(
        '<div class="figure"><dt>{}</dt><dd>{}<div class="beneath">{}</div></dd></div>',
        label,
        format_html('<a class="door large" href="{}">{}</a>', address, inner)
        if address
        else format_html('<span class="large">{}</span>', inner),
        mark_safe(content.strip()),  # noqa: S308 (rendered template)
    )


@register.inclusion_tag("design/_timeline.html")
def timeline(rows: Iterable[tuple[datetime, str, str]]) -> dict[str, Any]:
    """What happened, newest first: (time, sentence, who)."""
    return {"rows": list(rows)}
