"""What is printed of a meeting: the pack as its reader may see it, and its notices, with the names they need."""

import json
from datetime import date

from thuocdo.alerts.queries.documents import place_of_writing, signature_of_head, written_name
from thuocdo.meetings.files import Head, NoticeLine, NoticePaper, PackPaper
from thuocdo.meetings.files.notice import symbol_of
from thuocdo.meetings.models import Meeting, Notice, Participant
from thuocdo.meetings.pack import Line
from thuocdo.organisations.models import Appointment, Body, Kind
from thuocdo.organisations.queries import superiors

from .conclusions import lines_to_issue
from .packs import Seen
from .scope import earlier_sessions

_COMMITTEE_SIGN = "UBND"
_PLACES = (Kind.PROVINCE, Kind.CITY, Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)


def heads_of(lines: tuple[Line, ...], bodies: dict[str, Body]) -> dict[tuple[str, date], Head]:
    """Who headed the lead body on the day on which each task fell due; one query."""
    wanted = {(line.lead, line.due_on) for line in lines if line.due_on is not None}
    if not wanted:
        return {}
    terms: dict[str, list[Appointment]] = {}
    of_bodies = [bodies[code].pk for code in {lead for lead, _day in wanted} if code in bodies]
    for term in Appointment.objects.filter(body__in=of_bodies).select_related("body").order_by("-valid_from"):
        terms.setdefault(term.body.code, []).append(term)
    found = {}
    for lead, day in wanted:
        for term in terms.get(lead, []):
            if term.valid_from <= day and (term.valid_to is None or term.valid_to > day):
                found[lead, day] = Head(term.post, term.person)
                break
    return found


def sessions_of(meeting: Meeting) -> dict[int, Meeting]:
    """The meetings at which what its pack lists may have been promised, by number."""
    return {one.pk: one for one in earlier_sessions(meeting)}


def pack_paper(meeting: Meeting, seen: Seen) -> PackPaper:
    """The pack of a meeting as its reader may see it, ready to be laid out."""
    pack, bodies = seen.pack, seen.bodies
    office = meeting.office
    line = superiors(office, on=meeting.held_on)
    parent = line[0] if office.kind == Kind.DEPARTMENT and line else None
    sign = office.abbreviation or (_COMMITTEE_SIGN if office.kind in _PLACES else "")
    sessions = {
        number: f"phiên {one.session}, {one.held_on:%d/%m/%Y}" if one.session else f"họp {one.held_on:%d/%m/%Y}"
        for number, one in sessions_of(meeting).items()
    }
    return PackPaper(
        pack=pack,
        office=written_name(office),
        superior=written_name(parent) if parent else "",
        bloc=office.bloc,
        place=place_of_writing([office, *line]),
        title=meeting.title,
        held_on=meeting.held_on,
        where=meeting.place,
        agenda=tuple(meeting.agenda),
        names={code: body.name for code, body in bodies.items()},
        heads=heads_of(pack.overdue, bodies),
        sessions=sessions,
        symbol=symbol_of("TL", office.bloc, sign),
        is_frozen=meeting.held_at is not None,
    )


def notice_paper(meeting: Meeting, notice: Notice | None) -> NoticePaper:
    """A notice as it went out, or the draft of the first one."""
    office = meeting.office
    day = notice.issued_on if notice is not None else meeting.held_on
    line = superiors(office, on=day)
    parent = line[0] if office.kind == Kind.DEPARTMENT and line else None
    amends = ""
    if notice is not None:
        content = json.loads(notice.content)
        lines = tuple(NoticeLine(one["number"], one["text"]) for one in content["lines"])
        amends = content["amends"]
    else:
        lines = tuple(NoticeLine(one.number, one.text) for one in lines_to_issue(meeting, None))
    comes = Participant.objects.filter(meeting=meeting).select_related("body").order_by("position", "pk")
    sign = office.abbreviation or (_COMMITTEE_SIGN if office.kind in _PLACES else "")
    return NoticePaper(
        office=written_name(office),
        superior=written_name(parent) if parent else "",
        bloc=office.bloc,
        place=place_of_writing([office, *line]),
        symbol=symbol_of("TB", office.bloc, sign),
        title=meeting.title,
        held_on=meeting.held_on,
        where=meeting.place,
        lines=lines,
        recipients=tuple(written_name(one.body) for one in comes) or ("Các cơ quan liên quan",),
        signature=signature_of_head(office, day),
        number=notice.number if notice is not None else "",
        issued_on=notice.issued_on if notice is not None else None,
        amends=amends,
        is_draft=notice is None,
    )
