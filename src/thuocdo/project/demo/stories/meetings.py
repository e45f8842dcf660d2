"""A series of meetings: two that were held, with promises kept and broken, and one to come whose pack is alive."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from thuocdo.meetings.models import Conclusion, Meeting
from thuocdo.meetings.operations import (
    MeetingDescription,
    Wording,
    commit_to,
    conclude_meeting,
    hold_meeting,
    issue_notice,
    plan_meeting,
    propose_lines,
    record,
    revise,
)
from thuocdo.meetings.operations.wordings import newest_version
from thuocdo.meetings.queries import pack_of
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import report_progress

from .stage import OFFICE, Acts, Stage

SERIES = "Giao ban thực hiện Nghị quyết 57 (minh hoạ)"
TITLE = "Giao ban thực hiện Nghị quyết 57"
COMING = ("BTP", "BTC", "BNV", "BYT", "BXD", "BKHCN", "VPCP", "22")
_DAY = "%d/%m/%Y"


def _planned(stage: Stage, at: datetime, held: float, number: int, before: Meeting | None = None) -> Meeting:
    counted: dict[str, object] = (
        {"series": before.series} if before is not None else {"new_series": SERIES, "holder": stage.body("TW")}
    )
    return plan_meeting(
        actor=stage.actor(OFFICE, at),
        at=at,
        meeting=MeetingDescription(
            title=f"{TITLE} lần thứ {('nhất', 'hai', 'ba')[number - 1]}",
            held_on=stage.day(held),
            place="Phòng họp số 2 (minh hoạ)",
            agenda=[
                "Nhiệm vụ mới quá hạn, trách nhiệm và cam kết",
                "Lời hứa tại phiên trước",
                "Việc cần quyết định",
            ],
            participants=[stage.body(code) for code in COMING],
            **counted,  # type: ignore[arg-type]
        ),
        key=f"demo-{number}",
    )


def _concluded(stage: Stage, at: datetime, meeting: Meeting, *lines: str) -> list[Task]:
    """The lines, confirmed as they are read; what orders nobody is a note."""
    office = stage.actor(OFFICE, at)
    rows = propose_lines(actor=office, at=at, meeting=meeting, text="\n".join(lines), key=f"demo-{meeting.pk}")
    for row in rows:
        record(
            actor=office, at=at, conclusion=row, seen_version=row.version, kind=row.kind, wording=_as_read(row)
        )  # fmt: skip
    conclude_meeting(actor=office, at=at, meeting=meeting)
    return list(Task.objects.filter(candidate__conclusion__in=rows).select_related("lead").order_by("code"))


def _as_read(row: Conclusion, **other: object) -> Wording:
    version = newest_version(row)
    values: dict[str, object] = {
        "text": version.text,
        "lead": version.lead,
        "group": version.group,
        "coordinators": list(bodies_by_code(version.coordinators).values()),
        "action": version.action,
        "deliverable": version.deliverable,
        "deadline_raw": version.deadline_raw,
        "deadline_kind": version.deadline_kind,
        "due_on": version.due_on,
    } | other
    return Wording(**values)  # type: ignore[arg-type]


def _words(stage: Stage, at: datetime, meeting: Meeting, most: int) -> None:
    """Some lead bodies say why they are late, and by when they will be done."""
    late = pack_of(meeting, at).overdue[: most * 2 : 2]
    tasks = Task.objects.select_related("lead").in_bulk([line.task for line in late])
    for number, task in enumerate(tasks.values()):
        commit_to(
            actor=stage.focal(task.lead.code, at),
            at=at,
            meeting=meeting,
            task=task,
            reason=(
                "Chờ ý kiến thẩm định của cơ quan liên quan, hồ sơ bị trả lại một lần.",
                "Chậm bố trí kinh phí; đã được phân bổ trong tháng này.",
                "Thiếu số liệu từ địa phương, đang đối chiếu lại.",
            )[number % 3],
            promised_on=stage.days.day((localdate(at) - stage.days.today).days + 12 + 4 * number),
            key=f"demo-{number}",
        )


def meetings(stage: Stage) -> Acts:
    """From the first session on, each asks what became of the promises of the last."""
    at = yield -75
    first = _planned(stage, at, -61, 1)
    at = yield -61
    hold_meeting(actor=stage.actor(OFFICE, at), at=at, meeting=first)
    kept, broken, late = _concluded(
        stage, at, first,
        f"Bộ Tư pháp chủ trì, phối hợp với Bộ Nội vụ hoàn thành Danh mục văn bản cần sửa đổi trước ngày "
        f"{stage.day(-40):{_DAY}}.",
        f"Bộ Tài chính trình Phương án bố trí kinh phí cho nền tảng dùng chung trước ngày {stage.day(-33):{_DAY}}.",
        f"Bộ Y tế ban hành Hướng dẫn liên thông bệnh án điện tử trước ngày {stage.day(-30):{_DAY}}.",
        "Ghi nhận kết quả bước đầu của các bộ, ngành, địa phương.",
    )  # fmt: skip
    issue_notice(actor=stage.actor(OFFICE, at), at=at, meeting=first, number="957-TB/VPTW-MH", issued_on=localdate(at))
    at = yield -58
    for task in (kept, broken, late):
        stage.taken(at, task)
    at = yield -43
    stage.handed_in(at, kept, "Đã ban hành danh mục 84 văn bản cần sửa đổi.", [
        stage.paper(at, "danh-muc-van-ban", "Danh mục văn bản cần sửa đổi"),
    ])  # fmt: skip
    at = yield -41
    stage.accepted(at, kept)
    second = _planned(stage, at, -26, 2, first)
    at = yield -28
    _words(stage, at, second, 3)
    at = yield -26
    hold_meeting(actor=stage.actor(OFFICE, at), at=at, meeting=second)
    ordered = _concluded(
        stage, at, second,
        f"Bộ Xây dựng công bố Cơ sở dữ liệu quy hoạch đô thị trước ngày {stage.day(-9):{_DAY}}.",
        f"Bộ Nội vụ chủ trì, phối hợp với Bộ Tài chính trình Đề án vị trí việc làm về dữ liệu trước ngày "
        f"{stage.day(-6):{_DAY}}.",
        f"Bộ Khoa học và Công nghệ ban hành Bộ tiêu chí đánh giá nền tảng số trước ngày {stage.day(20):{_DAY}}.",
        "Yêu cầu các cơ quan sai hẹn báo cáo rõ trách nhiệm tại phiên sau.",
    )  # fmt: skip
    issue_notice(actor=stage.actor(OFFICE, at), at=at, meeting=second, number="981-TB/VPTW-MH", issued_on=localdate(at))
    at = yield -24
    for task in ordered:
        stage.taken(at, task)
    at = yield -21
    stage.handed_in(at, late, "Đã ban hành hướng dẫn; chậm do phải lấy ý kiến bổ sung.", [
        stage.paper(at, "huong-dan-benh-an", "Hướng dẫn liên thông bệnh án điện tử"),
    ])  # fmt: skip
    at = yield -18
    stage.accepted(at, late)
    at = yield -12
    stage.handed_in(at, ordered[0], "Đã công bố cơ sở dữ liệu, kèm biên bản nghiệm thu kỹ thuật.", [
        stage.paper(at, "bien-ban-cong-bo", "Biên bản công bố cơ sở dữ liệu"),
    ])  # fmt: skip
    at = yield -10
    stage.accepted(at, ordered[0])
    report_progress(
        actor=stage.focal("BNV", at), at=at, task=ordered[1], progress=60,
        text="Đề án đã lấy ý kiến; còn chờ ý kiến của Bộ Tài chính.",
    )  # fmt: skip
    at = yield -7
    third = Conclusion.objects.get(meeting=second, candidate=ordered[2].candidate_id)
    version = newest_version(third)
    sooner = stage.day(13)
    revise(
        actor=stage.actor(OFFICE, at), at=at, conclusion=third, seen_version=third.version,
        wording=_as_read(
            third,
            text=version.text.replace(f"{stage.day(20):{_DAY}}", f"{sooner:{_DAY}}"),
            # Before a day means the day before it.
            due_on=sooner - timedelta(days=1),
            deadline_raw=f"trước ngày {sooner:{_DAY}}",
        ),
    )  # fmt: skip
    at = yield -5
    following = _planned(stage, at, 3, 3, second)
    at = yield -2
    _words(stage, at, following, 4)
