"""Milestones on the ruler of time: each a mark on its day, told apart by shape, beside today and the deadline."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from django.template import Library
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from .figures import day
from .ruler import _months, _place

register = Library()

# Drawn around the middle of the bar: reached ●, to come ◇, missed ▲; a moved one leaves a small ring where it was.
_SHAPES = {
    "done": '<circle r="6" class="mile done"/>',
    "late": '<circle r="6" class="mile late-done"/>',
    "overdue": '<path d="M0-7.5 7.5 6h-15z" class="mile missed"/>',
    "ahead": '<path d="M0-7 7 0 0 7-7 0z" class="mile ahead"/>',
}


class OnTheWay(Protocol):
    """A milestone as it is drawn."""

    title: str
    due_on: date
    original_due_on: date
    reached_on: date | None


def standing_of(mark: OnTheWay, today: date) -> str:
    """How a milestone stands: done, late (reached after its day), overdue, ahead."""
    if mark.reached_on is not None:
        return "late" if mark.reached_on > mark.due_on else "done"
    return "overdue" if mark.due_on < today else "ahead"


@register.simple_tag
def milestone_ruler(start: date, now: date, due: date | None, milestones: Iterable[OnTheWay]) -> SafeString:
    """The way from assignment to deadline with a tick for every month and a mark for every milestone."""
    marks = list(milestones)
    last = max([now, *(mark.due_on for mark in marks), *([due] if due else [])])
    span = max((last - start).days, 1)

    def at(when: date) -> str:
        return _place((when - start).days / span)

    ticks = format_html_join(
        "", '<line class="r-{3}" x1="{0}" x2="{4}" y1="{1}" y2="{2}"/>', _months(start, last, "headline")
    )
    moved = format_html_join(
        "",
        '<circle class="was" cx="{}" cy="11" r="3"/>',
        ((at(mark.original_due_on),) for mark in marks if mark.original_due_on != mark.due_on),
    )
    drawn = format_html_join(
        "",
        '<svg x="{}" y="11" overflow="visible"><title>{}</title>{}</svg>',
        (
            (at(mark.due_on), f"{day(mark.due_on)}: {mark.title}", SafeString(_SHAPES[standing_of(mark, now)]))
            for mark in marks
        ),
    )
    goal = format_html('<svg x="{}" overflow="visible"><use href="#r-goal-headline"/></svg>', at(due)) if due else ""
    reached = sum(mark.reached_on is not None for mark in marks)
    words = gettext("Đã đạt %(reached)s/%(all)s mốc, từ %(start)s đến %(last)s") % {
        "reached": reached,
        "all": len(marks),
        "start": day(start),
        "last": day(last),
    }
    drawing = format_html(
        '<svg class="ruler headline miles" role="img" aria-label="{}">{}<rect class="v" width="{}" y="6" height="11"/>'
        "{}{}{}</svg>",
        words,
        ticks,
        at(min(now, last)),
        goal,
        moved,
        drawn,
    )
    ends = format_html("<span>{}</span><span>{}</span>", day(start), day(last))
    return format_html(
        '<div class="ruler-headline">{}<div class="ends" aria-hidden="true">{}</div></div>', drawing, ends
    )


@register.filter
def standing(mark: OnTheWay, today: date) -> str:
    """`{{ mark|standing:today }}`: the class of a milestone in a list."""
    return standing_of(mark, today)
