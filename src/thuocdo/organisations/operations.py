"""Writes of bodies: establish, place in a hierarchy, let one succeed another, appoint a head."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from thuocdo.engine.sealing.merkle import merkle_root
from thuocdo.engine.spelling import name_key, nfc, search_key
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append

from .models import Appointment, Body, Descent, Hierarchy, Line, Name, SectorLine, Succession


class BodiesRefused(ValueError):
    """The bodies cannot be established as described; the message names the body and the remedy."""


@dataclass(frozen=True, slots=True)
class BodyDescription:
    """A body as a pack or an administrator describes it; `superior` is a code, dates are half-open."""

    code: str
    bloc: str
    kind: str
    name: str
    name_en: str
    valid_from: date
    short_name: str = ""
    abbreviation: str = ""
    peer_group: str = ""
    superior: str = ""
    valid_to: date | None = None
    former_names: Sequence[str] = ()
    aliases: Sequence[str] = ()
    sector_superiors: Sequence[tuple[str, str]] = field(default=())


@transaction.atomic
def establish_bodies(*, actor: str, at: datetime, bodies: Sequence[BodyDescription]) -> list[Body]:
    """Establish many bodies with their names and lines; one ledger entry with a Merkle root for all.

    Codes that exist already are left as they are. Raises BodiesRefused for a repeated code or an
    unknown superior, before anything is written.
    """
    known = set(Body.objects.values_list("code", flat=True))
    new = [body for body in bodies if body.code not in known]
    codes = [body.code for body in new]
    if repeated := sorted({code for code in codes if codes.count(code) > 1}):
        raise BodiesRefused(f"The codes {', '.join(repeated)} occur more than once; give each body its own.")
    known.update(codes)
    for body in new:
        if body.valid_to is not None and body.valid_to <= body.valid_from:
            raise BodiesRefused(f"{body.code} ends on {body.valid_to}, not after it begins; correct one of the days.")
        for superior in (body.superior, *(code for _, code in body.sector_superiors)):
            if superior and superior not in known:
                raise BodiesRefused(f"{body.code} stands under {superior}, which is not among the bodies.")
    if not new:
        return []
    rows = Body.objects.bulk_create([_row(body) for body in new], batch_size=500)
    by_code = {body.code: body for body in Body.objects.all()}
    Name.objects.bulk_create([name for body in new for name in _names(by_code[body.code], body)], batch_size=500)
    Line.objects.bulk_create([line for body in new for line in _lines(by_code, body)], batch_size=500)
    redraw_descents()
    append(
        actor=actor,
        at=at,
        event=Event.BODIES_LOADED,
        subject="organisations",
        data={"bodies": len(rows), "root": merkle_root([f"{b.code}|{b.kind}|{b.superior}" for b in new])},
    )
    return rows


def _row(body: BodyDescription) -> Body:
    return Body(
        code=body.code,
        bloc=body.bloc,
        kind=body.kind,
        name=nfc(body.name),
        name_en=body.name_en,
        short_name=nfc(body.short_name or body.name),
        abbreviation=body.abbreviation,
        peer_group=body.peer_group,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )


def _names(row: Body, body: BodyDescription) -> list[Name]:
    texts: list[tuple[str, str]] = [(Name.Sort.OFFICIAL, body.name)]
    if body.short_name and body.short_name != body.name:
        texts.append((Name.Sort.SHORT, body.short_name))
    if body.abbreviation:
        texts.append((Name.Sort.ABBREVIATION, body.abbreviation))
    texts += [(Name.Sort.FORMER, name) for name in body.former_names]
    texts += [(Name.Sort.ALIAS, name) for name in body.aliases]
    unique = {(sort, name_key(text)): text for sort, text in texts}
    return [
        Name(body=row, sort=sort, text=nfc(text), spelled=spelled, search=search_key(text))
        for (sort, spelled), text in unique.items()
    ]


def _lines(by_code: dict[str, Body], body: BodyDescription) -> list[Line]:
    superiors = [(Hierarchy.TERRITORIAL, "", body.superior)] if body.superior else []
    superiors += [(Hierarchy.SECTOR, line, code) for line, code in body.sector_superiors]
    return [
        Line(
            hierarchy=hierarchy,
            code=line,
            body=by_code[body.code],
            superior=by_code[superior],
            valid_from=max(body.valid_from, by_code[superior].valid_from),
            valid_to=body.valid_to,
        )
        for hierarchy, line, superior in superiors
        # A body that ended before its superior began was never under it.
        if body.valid_to is None or by_code[superior].valid_from < body.valid_to
    ]


@dataclass(frozen=True, slots=True)
class SectorLineDescription:
    """A sector line as a pack describes it: who heads it and to which kinds of body it runs."""

    code: str
    title_vi: str
    title_en: str
    head: str
    kinds: Sequence[str]
    valid_from: date


@transaction.atomic
def draw_sector_lines(*, actor: str, at: datetime, lines: Sequence[SectorLineDescription]) -> list[SectorLine]:
    """Draw the sector lines that are not there yet; raises BodiesRefused for an unknown head."""
    known = set(SectorLine.objects.values_list("code", flat=True))
    new = [line for line in lines if line.code not in known]
    heads = {body.code: body for body in Body.objects.filter(code__in={line.head for line in new})}
    for line in new:
        if line.head not in heads:
            raise BodiesRefused(f"The sector line {line.code} is headed by {line.head}, which is unknown.")
    if not new:
        return []
    rows = SectorLine.objects.bulk_create(
        [
            SectorLine(
                code=line.code,
                title_vi=line.title_vi,
                title_en=line.title_en,
                head=heads[line.head],
                kinds=list(line.kinds),
                valid_from=line.valid_from,
            )
            for line in new
        ]
    )
    append(
        actor=actor,
        at=at,
        event=Event.SECTOR_LINES_DRAWN,
        subject="organisations",
        data={"lines": [line.code for line in new]},
    )
    return rows


@transaction.atomic
def redraw_descents() -> int:
    """Compute every (ancestor, descendant) pair of both hierarchies anew; gives their number.

    A pair holds while every line of its chain holds. Raises BodiesRefused when lines form a circle.
    """
    pairs: list[Descent] = []
    bodies = list(Body.objects.only("pk", "code", "valid_from", "valid_to"))
    for hierarchy in Hierarchy.values:
        above: dict[int, list[Line]] = {}
        for line in Line.objects.filter(hierarchy=hierarchy):
            above.setdefault(line.body_id, []).append(line)
        for body in bodies:
            pairs += _ascents(hierarchy, body, above)
    Descent.objects.all().delete()
    Descent.objects.bulk_create(pairs, batch_size=1000)
    return len(pairs)


def _ascents(hierarchy: str, body: Body, above: dict[int, list[Line]]) -> Iterable[Descent]:
    waiting: list[tuple[int, int, date, date | None, frozenset[int]]] = [
        (body.pk, 0, body.valid_from, body.valid_to, frozenset())
    ]
    while waiting:
        place, depth, start, end, passed = waiting.pop()
        if place in passed:
            raise BodiesRefused(f"The lines above {body.code} form a circle; correct one of them.")
        yield Descent(
            hierarchy=hierarchy,
            ancestor_id=place,
            descendant=body,
            depth=depth,
            valid_from=start,
            valid_to=end,
        )
        for line in above.get(place, []):
            since = max(start, line.valid_from)
            until = min((day for day in (end, line.valid_to) if day), default=None)
            if until is None or since < until:
                waiting.append((line.superior_id, depth + 1, since, until, passed | {place}))


@transaction.atomic
def record_successions(
    *, actor: str, at: datetime, on: date, pairs: Sequence[tuple[Body, Body, Decimal]]
) -> list[Succession]:
    """Record which bodies' work went to which, each with its share; one ledger entry for all."""
    rows = Succession.objects.bulk_create(
        [
            Succession(predecessor=predecessor, successor=successor, on=on, share=share)
            for predecessor, successor, share in pairs
        ],
        ignore_conflicts=True,
    )
    append(
        actor=actor,
        at=at,
        event=Event.BODY_SUCCEEDED,
        subject="organisations",
        data={
            "on": on,
            "pairs": len(pairs),
            "root": merkle_root([f"{old.code}>{new.code}:{share}" for old, new, share in pairs]),
        },
    )
    return rows


@transaction.atomic
def appoint_head(
    *,
    actor: str,
    at: datetime,
    body: Body,
    person: str,
    post: str,
    valid_from: date,
    valid_to: date | None = None,
) -> Appointment:
    """Appoint a head; an appointment still open at that day ends there."""
    Appointment.objects.filter(body=body, valid_to__isnull=True, valid_from__lt=valid_from).update(valid_to=valid_from)
    appointment = Appointment.objects.create(
        body=body, person=person, post=post, valid_from=valid_from, valid_to=valid_to
    )
    append(
        actor=actor,
        at=at,
        event=Event.HEAD_APPOINTED,
        subject=body.label,
        data={"appointment": appointment.pk, "from": valid_from, "to": valid_to},
    )
    return appointment
