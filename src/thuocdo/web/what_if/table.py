"""The answer to a trial as a page shows it: lines of the table, who rises and falls most, the sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import prefetch_related_objects
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.engine.scoring import Spec
from thuocdo.organisations.queries import COMMUNE_KINDS, Hierarchy, bodies_by_code
from thuocdo.scorecards.queries.trials import Place, Trial
from thuocdo.web.design.figures import number, short_named
from thuocdo.web.design.marks import door, rank_change
from thuocdo.web.rankings.marks import body_address, called, class_mark, class_title

from .asked import Asked

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

PAGE_SIZE = 50
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A body with its place before and after."""

    place: Place
    name: str
    province: str
    address: str
    class_mark: SafeString
    class_before: str
    is_tried: bool


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """Everything that changes while somebody moves a weight."""

    sentence: SafeString
    lines: list[Line]
    page: "Page[Place]"
    risers: list[Line]
    fallers: list[Line]
    units: int
    moved: int
    is_empty: bool


def answer_of(trial: Trial, asked: Asked, spec: Spec, *, period: str, on: date, page: str, only_moved: bool) -> Answer:
    """The answer with names; two queries, whatever the size of the group."""
    rows = [one for one in trial.places if one.won or one.is_class_changed] if only_moved else trial.places
    shown: Page[Place] = Paginator(rows, PAGE_SIZE).get_page(page)
    moved = trial.moved
    up = sorted((one for one in moved if (one.won or 0) > 0), key=_furthest)[:MOST_NAMED]
    down = sorted((one for one in moved if (one.won or 0) < 0), key=_furthest)[:MOST_NAMED]
    own = [one for one in trial.places if one.code == asked.body]
    every = [*shown.object_list, *up, *down, *own]
    bodies = bodies_by_code(one.code for one in every)
    provinces = provinces_of(bodies.values(), on)

    def line(one: Place) -> Line:
        body = bodies[one.code]
        return Line(
            place=one,
            name=called(body),
            province=provinces.get(one.code, ""),
            address=body_address(one.code, period),
            class_mark=class_mark(spec, one.score_class),
            class_before=class_title(spec, one.class_before) if one.is_class_changed else "",
            is_tried=one.code == asked.body,
        )

    lead = [line(one) for one in (own or moved[:1])]
    return Answer(
        sentence=sentence_of(trial, asked, lead),
        lines=[line(one) for one in shown.object_list],
        page=shown,
        risers=[line(one) for one in up],
        fallers=[line(one) for one in down],
        units=len(trial.places),
        moved=len(moved),
        is_empty=asked.is_empty,
    )


def _furthest(one: Place) -> tuple[int, float, str]:
    return -abs(one.won or 0), -abs(one.gained or 0.0), one.code


def sentence_of(trial: Trial, asked: Asked, lead: Sequence[Line]) -> SafeString:
    """How many bodies would stand elsewhere, and where the one that matters most would stand."""
    if asked.is_empty:
        return SafeString(
            gettext("Chưa đổi gì: hạng dưới đây là hạng đang có. Kéo một trọng số để xem hạng đổi ra sao.")
        )
    moved = len(trial.moved)
    opening = {
        (True, False): gettext("Với trọng số này"),
        (False, True): gettext("Với số liệu này"),
        (True, True): gettext("Với trọng số và số liệu này"),
    }[bool(asked.weights), bool(asked.values)]
    if not moved:
        head = format_html(gettext("{}, không cơ quan nào đổi hạng"), opening)
    else:
        head = format_html(
            ngettext("{}, {} trên {} cơ quan đổi hạng", "{}, {} trên {} cơ quan đổi hạng", moved),
            opening,
            door("#bang", moved),
            number(len(trial.places)),
        )
    if lead and (won := lead[0].place.won):
        head = format_html("{}; {} {}", head, door(lead[0].address, lead[0].name), places_in_words(won))
    elif lead and asked.body and moved:
        head = format_html(gettext("{}; {} giữ hạng"), head, door(lead[0].address, lead[0].name))
    if trial.classes_changed:
        text = ngettext("{}; {} cơ quan đổi xếp loại.", "{}; {} cơ quan đổi xếp loại.", trial.classes_changed)
        return format_html(text, head, number(trial.classes_changed))
    return format_html("{}.", head)


def places_in_words(won: int) -> str:
    """Places won or lost: lên 3 bậc."""
    if won > 0:
        return ngettext("lên %(places)s bậc", "lên %(places)s bậc", won) % {"places": number(won)}
    return ngettext("xuống %(places)s bậc", "xuống %(places)s bậc", -won) % {"places": number(-won)}


def provinces_of(bodies: Iterable["Body"], on: date) -> dict[str, str]:
    """The province of every commune among the bodies, by code; names repeat themselves across the country."""
    communes = [body for body in bodies if body.kind in COMMUNE_KINDS]
    if not communes:
        return {}
    prefetch_related_objects(communes, "ascents__ancestor")
    return {
        body.code: short_named(line.ancestor)
        for body in communes
        for line in body.ascents.all()
        if line.hierarchy == Hierarchy.TERRITORIAL
        and line.depth == 1
        and line.valid_from <= on
        and (line.valid_to is None or line.valid_to > on)
    }


def rank_mark(place: Place) -> SafeString:
    """The places won as arrow and words; of the ranked before and after only."""
    return rank_change(place.won) if place.won is not None else SafeString("–")
