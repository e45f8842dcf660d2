"""Rows without a code: new tasks, or known ones that were added from the same sheet before."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.models import Document
from thuocdo.directives.queries import Proposal, bodies_of_group, resolve, settled
from thuocdo.directives.queries import visible_to as visible_documents
from thuocdo.engine.extraction.intervals import Interval
from thuocdo.engine.spelling import name_key
from thuocdo.organisations.models import Body
from thuocdo.tasks.files import SheetRow
from thuocdo.tasks.files.layouts import with_request
from thuocdo.tasks.lifecycle import Rhythm
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations.refusals import TaskRefused
from thuocdo.tasks.operations.writing import TaskDescription, new_task, title_of
from thuocdo.tasks.queries import with_result

from .cells import CellWrong, interval, percent
from .known import REPORTED, Reach, plan_known
from .planned import Addition, Fault, Plan

_PARTED = re.compile(r"[;\n]+")
_CHUNK = 500
_Fault = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the reading of new rows asks again and again: names, documents, whom the actor may give tasks."""

    actor: Actor
    today: date
    authority: Body | None
    reach: Reach
    assigns: frozenset[int]
    names: Mapping[str, tuple[Proposal, ...]]
    documents: Mapping[str, Document]
    # Tasks that exist already, by title and lead.
    known: Mapping[tuple[str, int], Sequence[Task]]
    seen: dict[tuple[str, tuple[int, ...], date | None, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Addressed:
    """The leads that a cell names: one, or all bodies of a group; further names work along."""

    leads: tuple[Body, ...]
    group: str = ""
    coordinators: tuple[Body, ...] = ()
    words: tuple[str, ...] = ()


def names_in(rows: Iterable[SheetRow], *, today: date) -> dict[str, tuple[Proposal, ...]]:
    """What every name in the columns of bodies means, asked of the database once."""
    names = {piece for row in rows for name in ("lead", "coordinating") for piece in _pieces(row.cells.get(name, ""))}
    return resolve(names, on=today, today=today) if names else {}


def documents_in(rows: Iterable[SheetRow], actor: Actor) -> dict[str, Document]:
    """The documents that the actor may see, by number, where any row names one."""
    if not any(row.cells.get("document") for row in rows):
        return {}
    found = visible_documents(actor).exclude(number="").select_related(None).only("pk", "number", "issued_on", "body")
    return {name_key(document.number).removeprefix("số "): document for document in found}


def tasks_like(rows: Iterable[SheetRow]) -> dict[tuple[str, int], list[Task]]:
    """The tasks that bear the titles of new rows, by title and lead."""
    titles = list({title_of(row.cells["title"]) for row in rows if row.cells.get("title")})
    found: dict[tuple[str, int], list[Task]] = {}
    for start in range(0, len(titles), _CHUNK):
        for task in with_result(Task.objects.filter(title__in=titles[start : start + _CHUNK])).order_by("pk"):
            found.setdefault((task.title, task.lead_id), []).append(task)
    return found


def _pieces(text: str) -> list[str]:
    """The whole cell as one name, and its parts where it may hold several."""
    parts = [part.strip(" ,.") for part in _PARTED.split(text) if part.strip(" ,.")]
    return list(dict.fromkeys([text.strip(), *parts])) if text.strip() else []


def plan_new(plan: Plan, row: SheetRow, around: Surroundings) -> None:
    """Add to the plan the task that the row gives, or everything that is wrong with it."""
    faults: list[Fault] = []

    def fault(name: str, code: str, message: str) -> None:
        faults.append(Fault(row.number, name, code, message, given=row.cells.get(name, "")))

    title = row.cells.get("title", "")
    if not title:
        fault("title", "empty", gettext("Dòng không có mã nhiệm vụ và cũng không có tên nhiệm vụ; ghi việc phải làm."))
    due: Interval | None = None
    given_on: Interval | None = None
    stated: int | None = None
    try:
        due = interval(row.cells.get("deadline", ""))
    except CellWrong as error:
        fault("deadline", "deadline_unclear", str(error))
    try:
        given_on = interval(row.cells.get("assigned_on", ""))
    except CellWrong as error:
        fault("assigned_on", "day_unclear", str(error))
    try:
        stated = percent(row.cells["progress"]) if row.cells.get("progress") else None
    except CellWrong as error:
        fault("progress", "progress_unclear", str(error))
    last = due.last if due else None
    written = row.cells.get("deadline", "")
    own = _named_lead(row, around)
    # Whoever reports for the body need not be allowed to give the task that they know.
    reports = own is not None and own.pk in around.reach.reports and title and not faults
    if own is not None and reports and (task := _same(around.known.get((title_of(title), own.pk), ()), last, written)):
        plan_known(plan, row, task, reach=around.reach, today=around.today, fields=REPORTED)
        return
    document = _document(row, around, fault)
    addressed = _addressed(row, around, fault)
    if faults or addressed is None:
        plan.faults += faults
        return
    key = title_of(title)
    if task := _same(around.known.get((key, addressed.leads[0].pk), ()), last, written):
        plan_known(plan, row, task, reach=around.reach, today=around.today, fields=REPORTED)
        return
    place = (key, tuple(body.pk for body in addressed.leads), last, name_key(written))
    if place in around.seen:
        fault(
            "title",
            "twice",
            gettext("Dòng này trùng với dòng %(row)s; xóa một trong hai dòng.") % {"row": around.seen[place]},
        )
    else:
        around.seen[place] = row.number
    description, notes = _described(row, addressed, due, given_on, document, around.today)
    text = with_request(row.cells.get("result", ""), row.cells.get("request", "")) if row.cells.get("result") else ""
    _check_report(row, addressed, text, stated, around, fault)
    _check(description, addressed, around, fault)
    if faults:
        plan.faults += faults
        return
    plan.additions.append(
        Addition(
            row.number,
            description,
            tuple(notes),
            text,
            stated or 0,
            bodies=addressed.leads if addressed.group else (),
            group=addressed.group,
        )
    )


def _same(tasks: Sequence[Task], last: date | None, written: str) -> Task | None:
    """The known task of the same title and lead that has this deadline, as given first, now, or as written."""
    for task in tasks:
        if last is not None and last in (task.original_due_on, task.due_on):
            return task
        if last is None and name_key(task.deadline_raw) == name_key(written[:300]):
            return task
    return None


def _document(row: SheetRow, around: Surroundings, fault: _Fault) -> Document | None:
    written = name_key(row.cells.get("document", ""))
    if not written:
        return None
    if found := around.documents.get(written.removeprefix("số ")):
        return found
    # "Thông báo số 07-TB/CQTTBCĐ ngày 05/03/2025" names the document that "07-TB/CQTTBCĐ" does.
    for word in written.split():
        if found := around.documents.get(word.strip(".,;()")):
            return found
    fault(
        "document",
        "document_unknown",
        gettext("Chưa tiếp nhận văn bản này; nhận văn bản ở trang Văn bản trước, sửa số, ký hiệu, hoặc để trống ô."),
    )
    return None


def _named_lead(row: SheetRow, around: Surroundings) -> Body | None:
    """The one body that the cell of the lead names, whether or not it may be given tasks."""
    pieces = _pieces(row.cells.get("lead", ""))
    found = settled(around.names.get(pieces[0], ())) if pieces else None
    return found.body if found is not None else None


def _addressed(row: SheetRow, around: Surroundings, fault: _Fault) -> _Addressed | None:
    written = row.cells.get("lead", "").strip()
    if not written:
        fault(
            "lead",
            "lead_missing",
            gettext(
                "Dòng không có mã là nhiệm vụ mới nên phải có cơ quan chủ trì; thêm cột “Cơ quan chủ trì”, hoặc ghi "
                "mã nhiệm vụ."
            ),
        )
        return None
    pieces = _pieces(written)
    whole = settled(around.names.get(pieces[0], ()))
    names = pieces[:1] if whole is not None or len(pieces) == 1 else pieces[1:]
    first = settled(around.names.get(names[0], ()))
    if first is None:
        proposals = [one.body.name for one in around.names.get(names[0], ()) if one.body is not None]
        if proposals:
            message = gettext("Tên “%(name)s” cần được xác định rõ; ghi một trong: %(bodies)s.")
        else:
            message = gettext("Chưa xác định được “%(name)s” là cơ quan nào; ghi tên đầy đủ của một cơ quan.")
        fault("lead", "lead_unsettled", message % {"name": names[0][:100], "bodies": ", ".join(proposals[:5])})
        return None
    coordinators: list[Body] = []
    words: list[str] = []
    further = [*names[1:], *_single(row.cells.get("coordinating", ""), around.names)]
    for name in further:
        found = settled(around.names.get(name, ()))
        if found is not None and found.body is not None:
            coordinators.append(found.body)
        else:
            words.append(name)
    if first.group is not None:
        leads = [one for one in bodies_of_group(first.group, on=around.today) if one.pk in around.assigns]
        if not leads:
            fault("lead", "not_allowed", gettext("Bạn không được giao nhiệm vụ cho cơ quan nào thuộc nhóm này."))
            return None
        return _Addressed(tuple(leads), first.group.code, tuple(coordinators), tuple(words))
    if first.body is None or first.body.pk not in around.assigns:
        fault(
            "lead",
            "not_allowed",
            gettext(
                "Dòng không có mã là nhiệm vụ mới, và bạn không được giao nhiệm vụ cho cơ quan này; ghi mã nhiệm vụ đã "
                "có, hoặc đề nghị cơ quan có thẩm quyền giao."
            ),
        )
        return None
    return _Addressed((first.body,), "", tuple(coordinators), tuple(words))


def _single(text: str, names: Mapping[str, tuple[Proposal, ...]]) -> list[str]:
    pieces = _pieces(text)
    return pieces[:1] if len(pieces) < 2 or settled(names.get(pieces[0], ())) else pieces[1:]


def _described(
    row: SheetRow,
    addressed: _Addressed,
    due: Interval | None,
    given_on: Interval | None,
    document: Document | None,
    today: date,
) -> tuple[TaskDescription, list[str]]:
    notes: list[str] = []
    last, kind, rhythm = None, "", None
    if due is not None:
        last, kind = due.last, due.kind
        if due.goes_on and due.first is not None:
            if due.first.year <= today.year:
                rhythm = Rhythm.YEAR
                notes.append(gettext("Hạn định kỳ: hết ngày 31/12 hằng năm."))
            else:
                last, kind = date(due.first.year, 12, 31), "within_year"
        if last is not None and due.first is not None and due.first < last:
            notes.append(
                gettext("Thời hạn hiểu là từ %(first)s đến hết %(last)s.")
                % {"first": f"{due.first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
            )
    assigned_on = given_on.first if given_on else None
    if assigned_on is None and document is None and last is not None and last < today and due is not None:
        # A task of an old list was given at some day that nobody wrote down, and not after its deadline.
        assigned_on = due.first
        notes.append(
            gettext("Không có ngày giao; lấy %(day)s. Thêm cột “Ngày giao” nếu là ngày khác.")
            % {"day": f"{due.first:%d/%m/%Y}"}
        )
    description = TaskDescription(
        title=row.cells["title"],
        lead=addressed.leads[0],
        coordinators=addressed.coordinators,
        also_coordinating="; ".join(addressed.words),
        deliverable=row.cells.get("deliverable", ""),
        deadline_raw=row.cells.get("deadline", ""),
        deadline_kind=kind,
        due_on=last,
        rhythm=rhythm,
        assigned_on=assigned_on,
        document=document,
    )
    return description, notes


def _check_report(
    row: SheetRow, addressed: _Addressed, text: str, stated: int | None, around: Surroundings, fault: _Fault
) -> None:
    asks = bool(row.cells.get("request"))
    if not text and not stated and not asks:
        return
    if not text:
        fault("result", "empty", gettext("Báo cáo phải nói rõ kết quả hiện tại; ghi kết quả đã làm được."))
    if addressed.group or addressed.leads[0].pk not in around.reach.reports & around.reach.accepts:
        fault(
            "result",
            "not_lead",
            gettext("Kết quả do đầu mối cơ quan chủ trì báo cáo; ở dòng mới hãy để trống tiến độ và kết quả."),
        )


def _check(description: TaskDescription, addressed: _Addressed, around: Surroundings, fault: _Fault) -> None:
    if around.authority is None:
        fault("title", "no_authority", gettext("Chưa nêu cơ quan giao nhiệm vụ; chọn cơ quan giao."))
        return
    try:
        new_task(description, around.authority, around.today)
    except TaskRefused as error:
        names = {"due_on": "deadline", "assigned_on": "assigned_on", "title": "title", "lead": "lead"}
        fault(names.get(error.field, "title"), error.code, str(error))
