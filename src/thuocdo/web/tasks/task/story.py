"""A task as one readable story: ordered where, owed by whom, until when, delivered what, accepted by whom."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext, pgettext

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.queries import WRITTEN_HERE
from thuocdo.directives.queries import visible_to as visible_documents
from thuocdo.engine.calendars import add_working_days, is_working_day
from thuocdo.meetings.queries import Ordered, ordering_of
from thuocdo.organisations.queries import head_of
from thuocdo.organisations.working_days import swapped_days
from thuocdo.tasks.lifecycle import FINAL, OWED, missed_before
from thuocdo.tasks.queries import (
    FurtherSource,
    Rhythm,
    SourceSentence,
    State,
    Timing,
    further_sources,
    history,
    reports,
    short_rows,
    source_sentence,
    unclear,
    visible_to,
)
from thuocdo.web.design.figures import day, days_left, named
from thuocdo.web.tasks.listing import condition
from thuocdo.web.tasks.marks import Row, due_words, task_ruler

from .made_of import MadeOf, made_of
from .who import Authors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from thuocdo.organisations.models import Appointment
    from thuocdo.tasks.models import Evidence, Extension, Occurrence, Pause, Report, Task, Transition

# Of a collective assignment this many instances stand on the page, the ones furthest behind first.
MOST_SIBLINGS = 8


@dataclass(frozen=True, slots=True)
class Clear:
    """One of the "6 rõ", and what to do when it is missing."""

    title: str
    is_clear: bool
    remedy: str


@dataclass(frozen=True, slots=True)
class Reported:
    """A report and who made it."""

    report: "Report"
    who: str


@dataclass(frozen=True, slots=True)
class Siblings:
    """The other instances of a collective assignment that the reader may see."""

    number: int
    done: int
    overdue: int
    rows: list[Row]
    address: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the page tells of a task, for one reader on one day."""

    row: Row
    sentence: str
    ruler: SafeString
    source: SourceSentence | None
    further: list[FurtherSource]
    # The conclusion of a meeting that ordered it.
    ordered: Ordered | None
    document_address: str
    head: "Appointment | None"
    reports: list[Reported]
    happened: list[tuple[datetime, SafeString, str]]
    extensions: list["Extension"]
    pauses: list["Pause"]
    occurrences: list["Occurrence"]
    clear: list[Clear]
    siblings: Siblings | None
    version: int
    whole: MadeOf

    @property
    def missed(self) -> list[date]:
        """Deadlines of a recurring task that passed without a result."""
        task = self.task
        if not task.rhythm or task.due_on is None or task.state not in OWED:
            return []
        return missed_before(self.row.today, Rhythm(task.rhythm), task.due_on, task.rhythm_day)

    @property
    def closed_on_deadline(self) -> date | None:
        """The next working day where the deadline in force falls on a day when offices are closed."""
        due = self.task.due_on
        if due is None or self.task.state in FINAL or is_working_day(due, overrides=swapped_days()):
            return None
        return add_working_days(due, 1, overrides=swapped_days())

    @property
    def task(self) -> "Task":
        return self.row.task

    @property
    def unclear(self) -> list[Clear]:
        return [point for point in self.clear if not point.is_clear]


def story_of(task: "Task", actor: Actor, today: date) -> Story:
    """The story, its short rows read together in one query."""
    steps = list(history(task))
    short = short_rows(task)
    told = _with_evidence(list(reports(task, with_evidence=False)), short.evidence)
    authors = Authors([*steps, *told], on=today)
    taken = {step.step for step in steps}
    head = head_of(task.lead, on=today)
    # The newest by its number: the clock of a machine may go back between two reports.
    whole = made_of(task, actor, today, taken, max((report.pk for report in told), default=None), short)
    moved = short.extensions
    row = Row(task, today)
    return Story(
        row=row,
        sentence=" ".join(filter(None, (_sentence(row, steps), "" if task.state in FINAL else _waits(whole)))),
        ruler=task_ruler(task, today, "headline"),
        source=source_sentence(task),
        further=further_sources(task) if task.collective_id is not None or taken & {"link", "amend"} else [],
        ordered=ordering_of(task) if task.document and WRITTEN_HERE in task.document.notes else None,
        document_address=_document_address(task, actor),
        head=head,
        reports=[Reported(report, authors.of(report, "report_progress")) for report in told],
        happened=_happened(steps, moved, told, authors),
        extensions=moved,
        pauses=short.pauses,
        occurrences=short.occurrences if task.rhythm else [],
        clear=_clear_points(task, whole, head, today),
        siblings=_siblings(task, actor, today),
        version=len(steps),
        whole=whole,
    )


def _with_evidence(told: list["Report"], files: list["Evidence"]) -> list["Report"]:
    """The reports with their files, as if each had been asked for them."""
    of_report: dict[int, list[Evidence]] = {}
    for file in files:
        of_report.setdefault(file.report_id, []).append(file)
    for report in told:
        report.files = of_report.get(report.pk, [])  # type: ignore[attr-defined]
    return told


def version_of(task: "Task") -> int:
    """How many steps the task has taken; a page that shows fewer is out of date."""
    return history(task).count()


def _sentence(row: Row, steps: list["Transition"]) -> str:
    """The first sentence: who owes what is next, and by when."""
    task = row.task
    left = days_left(row.days) if row.days is not None else ""
    if not left and row.timing == Timing.OVERDUE:
        left = gettext("đã quá hạn")
    words = {"lead": named(task.lead), "due": due_words(task), "left": left}
    until = gettext("hạn %(due)s, %(left)s") % words if words["left"] else gettext("hạn %(due)s") % words
    if task.due_on is None:
        until = gettext("thời hạn: %(due)s") % words
    words["until"] = until
    words["note"] = next((step.note for step in reversed(steps) if step.note), "")
    match State(task.state):
        case State.DRAFT:
            said = gettext("Dự thảo giao %(lead)s, chưa ban hành; %(until)s.")
        case State.ASSIGNED:
            said = gettext("%(lead)s được giao chủ trì nhưng chưa nhận việc; %(until)s.")
        case State.ACCEPTED:
            said = gettext("%(lead)s đã nhận việc, chưa có báo cáo; %(until)s.")
        case State.IN_PROGRESS:
            words["progress"] = str(task.progress)
            said = gettext("%(lead)s đang thực hiện, đạt %(progress)s%%; %(until)s.")
        case State.SUBMITTED:
            words["on"] = day(task.submitted_on)
            said = gettext("%(lead)s đã trình kết quả ngày %(on)s, chờ cơ quan khác phê duyệt; %(until)s.")
        case State.RETURNED:
            said = gettext("Kết quả bị trả lại; %(lead)s phải bổ sung rồi trình lại; %(until)s.")
        case State.DISPUTED:
            said = gettext("%(lead)s kiến nghị giao lại, chờ quyết định; trong lúc chờ thời hạn vẫn chạy: %(until)s.")
        case State.SUSPENDED:
            said = gettext("Nhiệm vụ đang tạm dừng, thời hạn không chạy.")
        case State.CANCELLED:
            said = gettext("Nhiệm vụ đã hủy, không còn tính vào kết quả của %(lead)s.")
        case State.COMPLETED:
            words["on"] = day(task.completed_on)
            words["judged"] = str(task.get_effectiveness_display())
            words["judged"] = words["judged"][:1].lower() + words["judged"][1:]
            if task.due_on and task.completed_on and task.completed_on > task.due_on:
                said = gettext("%(lead)s hoàn thành ngày %(on)s, muộn so với hạn %(due)s; %(judged)s.")
            else:
                said = gettext("%(lead)s hoàn thành ngày %(on)s, trong hạn; %(judged)s.")
    return capfirst(said % words)


def _waits(whole: MadeOf) -> str:
    """What the first sentence adds where a task waits for something else."""
    missing = len(whole.still_waits)
    if not missing:
        return ""
    return ngettext("Đang chờ %(number)s điều chưa có.", "Đang chờ %(number)s điều chưa có.", missing) % {
        "number": missing
    }


def _document_address(task: "Task", actor: Actor) -> str:
    """The place of the sentence in the document, for those who may read the document."""
    if task.document_id is None or not visible_documents(actor).filter(pk=task.document_id).exists():
        return ""
    try:
        address = reverse("directive", args=[task.document_id])
    except NoReverseMatch:
        return ""
    return f"{address}#c{task.candidate_id}" if task.candidate_id else address


def _happened(
    steps: list["Transition"], moved: list["Extension"], told: list["Report"], authors: Authors
) -> list[tuple[datetime, SafeString, str]]:
    """Every step as a sentence with its reason and its author, newest first."""
    extended = iter(moved)
    by_time = {report.at: report for report in told}
    rows = []
    for step in steps:
        words: Mapping[str, str] = {"lead": named(step.lead)}
        if step.step == "extend" and (extension := next(extended, None)):
            words = {
                "old": day(extension.old_due_on),
                "new": day(extension.new_due_on),
                "decision": extension.decision_number,
            }
        if step.step in ("report_progress", "submit") and (report := by_time.get(step.at)):
            words = {"progress": str(report.progress)}
        sentence = _step_words(step.step, words)
        if step.note:
            sentence = format_html("{}: “{}”", sentence, step.note)
        rows.append((step.at, format_html("{}", sentence), authors.of(step, step.step)))
    return rows[::-1]


def _step_words(step: str, words: "Mapping[str, str]") -> str:
    match step:
        case "assign":
            return gettext("Giao %(lead)s chủ trì") % words
        case "draft":
            return gettext("Soạn dự thảo giao %(lead)s") % words
        case "issue":
            return gettext("Ban hành, giao %(lead)s chủ trì") % words
        case "accept_assignment":
            return gettext("%(lead)s nhận việc") % words
        case "undo_acceptance":
            return gettext("%(lead)s hoàn tác việc nhận, nhiệm vụ trở lại chờ nhận") % words
        case "mark_core":
            return pgettext("history", "Đánh dấu hoặc bỏ đánh dấu trọng tâm")
        case "dispute":
            return gettext("%(lead)s kiến nghị giao lại") % words
        case "uphold":
            return gettext("Giữ nguyên %(lead)s chủ trì") % words
        case "transfer":
            return gettext("Chuyển %(lead)s chủ trì") % words
        case "withdraw":
            return pgettext("history", "Rút nhiệm vụ")
        case "report_progress":
            return (
                gettext("Báo cáo tiến độ %(progress)s%%") % words
                if "progress" in words
                else pgettext("history", "Báo cáo tiến độ")
            )
        case "submit":
            return pgettext("history", "Trình kết quả")
        case "return_result":
            return pgettext("history", "Trả lại kết quả")
        case "approve_result":
            return pgettext("history", "Phê duyệt kết quả")
        case "judge_effectiveness":
            return pgettext("history", "Đánh giá hiệu quả")
        case "extend":
            if "new" in words:
                return gettext("Gia hạn từ %(old)s đến %(new)s theo %(decision)s") % words
            return pgettext("history", "Gia hạn")
        case "amend":
            return pgettext("history", "Sửa đổi theo văn bản mới")
        case "link":
            return pgettext("history", "Được giao lại trong một văn bản khác")
        case "suspend":
            return pgettext("history", "Tạm dừng")
        case "resume":
            return pgettext("history", "Tiếp tục thực hiện")
        case "reassign":
            return gettext("Chuyển %(lead)s chủ trì") % words
        case "inherit":
            return gettext("%(lead)s kế thừa, tiếp tục chủ trì") % words
        case "reopen":
            return pgettext("history", "Mở lại nhiệm vụ")
        case "request_extension":
            return gettext("%(lead)s đề nghị gia hạn") % words
        case "refuse_extension":
            return pgettext("history", "Không đồng ý gia hạn")
        case "judge_product":
            return pgettext("history", "Nghiệm thu sản phẩm")
        case "put_in_charge":
            return pgettext("history", "Cử người phụ trách")
        case "leave_unattended":
            return pgettext("history", "Người phụ trách thôi giữ vai trò, không còn người phụ trách")
        case "divide":
            return pgettext("history", "Giao phần việc")
        case "set_products":
            return pgettext("history", "Ghi danh sách sản phẩm")
        case "set_milestones":
            return pgettext("history", "Đặt mốc")
        case "move_milestone":
            return pgettext("history", "Điều chỉnh mốc theo quyết định")
        case "set_dependencies":
            return pgettext("history", "Điều phải chờ")
        case "awaited":
            return pgettext("history", "Có nhiệm vụ chờ nhiệm vụ này")
        case "set_indicators":
            return pgettext("history", "Gắn với chỉ số")
        case "set_budget":
            return pgettext("history", "Ghi kinh phí")
        case "cancel":
            return pgettext("history", "Hủy nhiệm vụ")
    return step


def _clear_points(task: "Task", whole: MadeOf, head: "Appointment | None", today: date) -> list[Clear]:
    missing = set(unclear(task))
    if whole.products:
        missing -= {"result", "measure"}
    if task.parent_id is not None or task.is_local:
        missing.discard("authority")
    has_person = task.responsible_id is not None or bool(task.responsible_post) or head is not None
    is_alive = task.lead.valid_to is None or task.lead.valid_to > today
    said = "; ".join(
        gettext("thay “%(phrase)s”: %(instead)s") % {"phrase": one.phrase, "instead": one.instead}
        for one in whole.vague
    )
    return [
        Clear(gettext("Rõ người"), has_person, gettext("ghi người hoặc chức danh phụ trách")),
        Clear(gettext("Rõ việc"), not whole.vague, said),
        Clear(gettext("Rõ trách nhiệm"), is_alive, gettext("giao cho cơ quan kế thừa")),
        Clear(gettext("Rõ thẩm quyền"), "authority" not in missing, gettext("gắn với văn bản giao")),
        Clear(gettext("Rõ thời gian"), "time" not in missing, gettext("ghi thời hạn")),
        Clear(
            gettext("Rõ kết quả"),
            not {"result", "measure"} & missing,
            gettext("ghi sản phẩm phải giao nộp và chỉ tiêu đo"),
        ),
    ]


def _siblings(task: "Task", actor: Actor, today: date) -> Siblings | None:
    if task.collective_id is None:
        return None
    others = visible_to(actor).filter(collective=task.collective_id).exclude(pk=task.pk).order_by()
    numbers = others.aggregate(
        number=Count("pk"),
        done=Count("pk", filter=condition("hoan-thanh", today)),
        overdue=Count("pk", filter=condition("qua-han", today)),
    )
    if not numbers["number"]:
        return None
    behind = others.select_related("lead").order_by(F("completed_on").asc(nulls_first=True), "progress", "lead__code")
    return Siblings(
        **numbers,
        rows=[Row(other, today) for other in behind[:MOST_SIBLINGS]],
        address=f"{reverse('tasks')}?nhom={task.collective_id}&muc=tat-ca",
    )
