"""An urging note as it is written on paper: the plain object from which its docx and pdf are drawn."""

import re
from datetime import date

from django.utils.text import Truncator, capfirst
from django.utils.timezone import localdate

from thuocdo.alerts.files import UrgedLine, UrgingNote, office_copy, symbol_of
from thuocdo.alerts.lifecycle import Signing, UrgingState
from thuocdo.alerts.models import UrgedTask, Urging
from thuocdo.engine.calendars import working_days_between
from thuocdo.engine.typesetting import Mode, Signature
from thuocdo.organisations.models import Body, Kind
from thuocdo.organisations.queries import head_of, superiors
from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.models import ExtensionRequest, Report

# Central bodies write from the capital; a province writes from its own name.
CAPITAL = "Hà Nội"
LONGEST_REPORT = 300
MOST_GROUNDS = 6
_PROVINCES = (Kind.PROVINCE, Kind.CITY)
# Places in whose name their People's Committee writes, and by which it is addressed.
_PLACES = (*_PROVINCES, Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE)
_COMMITTEE, _COMMITTEE_SIGN = "Ủy ban nhân dân", "UBND"
LONGEST_REASON = 200


def note_of(urging: Urging, *, today: date) -> UrgingNote:
    """The note with its tasks counted on the day of issue, a draft on `today`; in seven queries."""
    counted_on = localdate(urging.issued_at) if urging.issued_at else today
    urged = list(
        UrgedTask.objects.filter(urging=urging)
        .select_related("task__document", "task__assigned_by")
        .order_by("due_on", "task__code")
    )
    issuer = urging.issuer
    above = superiors(urging.addressee, on=counted_on)
    over_issuer = superiors(issuer, on=counted_on)
    # A unit of a body writes below that body's name, and calls itself in the text by both.
    parent = over_issuer[0] if issuer.kind == Kind.DEPARTMENT and over_issuer else None
    return UrgingNote(
        issuer=written_name(issuer),
        bloc=issuer.bloc,
        superior=written_name(parent) if parent else "",
        called=f"{issuer.name} {parent.name}" if parent and parent.name not in issuer.name else "",
        place=place_of_writing([issuer, *over_issuer]),
        addressee=written_name(urging.addressee),
        tasks=tuple(_lines(urged, counted_on)),
        counted_on=counted_on,
        reply_by=urging.reply_by,
        signature=_signature(urging, issuer, counted_on),
        symbol=symbol_of(issuer.bloc, issuer.abbreviation or (_COMMITTEE_SIGN if issuer.kind in _PLACES else "")),
        number=str(urging.number) if urging.number else "",
        signed_on=counted_on if urging.number else None,
        basis=tuple(_grounds(urged)),
        request=urging.request,
        recipients=_recipients(urged, urging),
        is_order=any(body.pk == urging.issuer_id for body in above),
        is_draft=urging.state in (UrgingState.DRAFT, UrgingState.DISCARDED),
    )


def _lines(urged: list[UrgedTask], counted_on: date) -> list[UrgedLine]:
    last: dict[int, Report] = {}
    for said in Report.objects.filter(task__in=[row.task_id for row in urged]).order_by("at", "pk"):
        if localdate(said.at) <= counted_on:
            last[said.task_id] = said
    causes: dict[int, str] = {}
    for asked in ExtensionRequest.objects.filter(task__in=[row.task_id for row in urged]).order_by("at", "pk"):
        if localdate(asked.at) <= counted_on:
            causes[asked.task_id] = asked.reason
    found = []
    for row in urged:
        task, report = row.task, last.get(row.task_id)
        found.append(
            UrgedLine(
                code=task.code,
                title=capfirst(task.title),
                original_due=task.original_due_on or row.due_on,
                due=row.due_on,
                days_late=(counted_on - row.due_on).days,
                working_days_late=working_days_between(row.due_on, counted_on, overrides=swapped_days()),
                document=f"văn bản số {task.document.number}" if task.document and task.document.number else "",
                reported_on=localdate(report.at) if report else None,
                report=Truncator(" ".join(report.text.split())).chars(LONGEST_REPORT) if report else "",
                # What the lead body itself gave as the cause when it last asked for more time.
                reason=Truncator(" ".join(causes.get(task.pk, "").split())).chars(LONGEST_REASON),
            )
        )
    return found


def _grounds(urged: list[UrgedTask]) -> list[str]:
    """The documents that gave the tasks, each once."""
    found: dict[int, str] = {}
    for row in urged:
        document = row.task.document
        if document is not None and document.number:
            found.setdefault(document.pk, f"văn bản số {document.number} {document.title}".strip())
    return list(found.values())[:MOST_GROUNDS]


def _recipients(urged: list[UrgedTask], urging: Urging) -> tuple[str, ...]:
    """Beside the addressee those who gave the tasks, where another body issues the note; the office keeps one."""
    givers = {row.task.assigned_by_id: row.task.assigned_by for row in urged}
    others = [body for pk, body in givers.items() if pk not in (urging.issuer_id, urging.addressee_id)]
    if not others:
        return ()
    told = tuple(f"{written_name(body)} (để báo cáo)" for body in others[:MOST_GROUNDS])
    return ("Như trên", *told, office_copy(urging.issuer.bloc))


def written_name(body: Body) -> str:
    """The name in which a body writes and is written to: a province's is its People's Committee."""
    if body.kind in _PLACES and not body.name.startswith(_COMMITTEE):
        return f"{_COMMITTEE} {body.name[:1].lower()}{body.name[1:]}"
    return body.name


def place_of_writing(line: list[Body]) -> str:
    """Where the first body of the line writes from: its province, or the capital."""
    for body in line:
        if body.kind in _PROVINCES:
            return body.short_name or body.name
    return CAPITAL


def _signature(urging: Urging, issuer: Body, on: date) -> Signature:
    """As the draft says who signs: in the head's stead, by order or by authorisation of the head; else the head."""
    of_head = signature_of_head(issuer, on)
    if not urging.signing:
        return of_head
    # A deputy in charge signs for the head's post; whoever signs under the deputy signs for that post, too.
    head = of_head.on_behalf if of_head.mode == "KT" else of_head.post
    modes: dict[str, Mode] = {Signing.DEPUTY: "KT", Signing.BY_ORDER: "TL", Signing.AUTHORISED: "TUQ"}
    return Signature(
        post=urging.signer_post, name=urging.signer_name, mode=modes[urging.signing], on_behalf=capfirst(head)
    )


def signature_of_head(issuer: Body, on: date) -> Signature:
    """The head's signature: for the committee in a place, for the head by a deputy in charge; else by the head."""
    head = head_of(issuer, on=on)
    if head is None:
        return Signature(post="Người đứng đầu")
    post = " ".join(head.post.split())
    if post.casefold().startswith("phó "):
        # A deputy who heads the body for the time being signs in the head's stead.
        own = re.sub(r",?\s*(?:phụ trách|điều hành).*$", "", post, flags=re.IGNORECASE)
        return Signature(post=own, name=head.person, mode="KT", on_behalf=capfirst(own[4:]))
    if issuer.kind in _PLACES and _COMMITTEE.casefold() in post.casefold():
        return Signature(
            post=post[: post.casefold().index(_COMMITTEE.casefold())].strip() or post,
            name=head.person,
            mode="TM",
            on_behalf=_COMMITTEE,
        )
    return Signature(post=post, name=head.person)
