"""An urging note as it is written on paper: the plain object from which its docx and pdf are drawn."""

from datetime import date

from django.utils.text import Truncator, capfirst
from django.utils.timezone import localdate

from thuocdo.alerts.files import UrgedLine, UrgingNote, symbol_of
from thuocdo.alerts.lifecycle import UrgingState
from thuocdo.alerts.models import UrgedTask, Urging
from thuocdo.engine.calendars import working_days_between
from thuocdo.engine.typesetting import Signature
from thuocdo.organisations.models import Body, Kind
from thuocdo.organisations.queries import head_of, superiors
from thuocdo.tasks.models import Report
from thuocdo.organisations.working_days import swapped_days

# Central bodies write from the capital; a province writes from its own name.
CAPITAL = "Hà Nội"
LONGEST_REPORT = 300
MOST_GROUNDS = 6
_PROVINCES = (Kind.PROVINCE, Kind.CITY)


def note_of(urging: Urging, *, today: date) -> UrgingNote:
    """The note with its tasks counted on the day of issue, a draft on `today`; in six queries."""
    counted_on = localdate(urging.issued_at) if urging.issued_at else today
    urged = list(
        UrgedTask.objects.filter(urging=urging).select_related("task__document").order_by("due_on", "task__code")
    )
    above = superiors(urging.addressee, on=counted_on)
    return UrgingNote(
        issuer=urging.issuer.name,
        bloc=urging.issuer.bloc,
        place=_place(urging.issuer, counted_on),
        addressee=urging.addressee.name,
        tasks=tuple(_lines(urged, counted_on)),
        counted_on=counted_on,
        reply_by=urging.reply_by,
        signature=_signature(urging.issuer, counted_on),
        symbol=symbol_of(urging.issuer.bloc, urging.issuer.abbreviation),
        number=str(urging.number) if urging.number else "",
        signed_on=counted_on if urging.number else None,
        basis=tuple(_grounds(urged)),
        request=urging.request,
        is_order=any(body.pk == urging.issuer_id for body in above),
        is_draft=urging.state in (UrgingState.DRAFT, UrgingState.DISCARDED),
    )


def _lines(urged: list[UrgedTask], counted_on: date) -> list[UrgedLine]:
    last: dict[int, Report] = {}
    for said in Report.objects.filter(task__in=[row.task_id for row in urged]).order_by("at", "pk"):
        if localdate(said.at) <= counted_on:
            last[said.task_id] = said
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


def _place(issuer: Body, on: date) -> str:
    """Where the issuer writes from: its province, or the capital."""
    for body in (issuer, *superiors(issuer, on=on)):
        if body.kind in _PROVINCES:
            return body.short_name or body.name
    return CAPITAL


def _signature(issuer: Body, on: date) -> Signature:
    head = head_of(issuer, on=on)
    return Signature(post=head.post, name=head.person) if head else Signature(post="Người đứng đầu")
