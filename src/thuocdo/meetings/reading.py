"""Lines of conclusions as people write or paste them, read by the rules of directives; a person confirms each."""

import re
from dataclasses import dataclass
from datetime import date

from thuocdo.directives.models import AddresseeGroup
from thuocdo.directives.queries import resolve, settled
from thuocdo.engine.extraction.assignments import Assignment, find_assignments
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.models import Body

MOST_LINES = 200
# "1.", "2)", "a)", "-", "•" before a line: numbers are given anew.
_MARK = re.compile(r"^\s*(?:\d{1,3}[.)]|[a-zđ]\)|[-–—•*+])\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line, with what the rules found in it: whom it orders what by when; nobody and nothing in a mere note."""

    text: str
    lead: Body | None = None
    group: AddresseeGroup | None = None
    coordinators: tuple[Body, ...] = ()
    action: str = ""
    deliverable: str = ""
    deadline_raw: str = ""
    deadline_kind: str = "none"
    due_on: date | None = None

    @property
    def is_order(self) -> bool:
        """Whether it names somebody who is to do something."""
        return self.lead is not None or self.group is not None


def read_lines(text: str, *, held_on: date, today: date, near: Body) -> list[ReadLine]:
    """The lines of a text; a line that orders several bodies becomes several. Names are seen from the body `near`."""
    lines = [_MARK.sub("", line).strip() for line in nfc(text).splitlines()]
    lines = [" ".join(line.split()) for line in lines if line.strip()][:MOST_LINES]
    # Numbered, so that each is read as a point of a list of orders.
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
    starts, offset = [], 0
    for one in numbered:
        starts.append(offset)
        offset += len(one) + 1
    whole = "\n".join(numbered)
    found: list[list[Assignment]] = [[] for _line in lines]
    for order in find_assignments(whole, issued_on=held_on):
        place = max(number for number, start in enumerate(starts) if start <= order.start)
        found[place].append(order)
    names = {name for orders in found for order in orders for name in (*order.lead, *order.coordinating)}
    proposals = resolve(names, on=held_on, today=today, near=near)

    def read(text: str, order: Assignment) -> ReadLine:
        leads = [settled(proposals[name]) for name in order.lead]
        others = [settled(proposals[name]) for name in order.coordinating]
        first = next((one for one in leads if one is not None), None)
        lead = first.body if first is not None else None
        helping = [one.body for one in (*leads, *others) if one is not None and one.body not in (None, lead)]
        return ReadLine(
            text=text,
            lead=lead,
            group=first.group if first is not None else None,
            coordinators=tuple(body for body in dict.fromkeys(helping) if body is not None),
            action=order.action,
            deliverable=order.deliverable or "",
            deadline_raw=(order.deadline.raw or "")[:300],
            deadline_kind=order.deadline.kind,
            due_on=order.deadline.date,
        )

    read_all: list[ReadLine] = []
    for line, orders, start in zip(lines, found, starts, strict=True):
        if len(orders) < 2:
            read_all.append(read(line, orders[0]) if orders else ReadLine(line))
            continue
        # Cut before each further order, so that no word of the line is lost.
        cuts = [start, *(order.start for order in orders[1:]), _end_of(starts, start, whole)]
        for number, order in enumerate(orders):
            read_all.append(read(_MARK.sub("", whole[cuts[number] : cuts[number + 1]]).strip(" ;,"), order))
    return read_all


def _end_of(starts: list[int], start: int, whole: str) -> int:
    following = starts.index(start) + 1
    return starts[following] - 1 if following < len(starts) else len(whole)
