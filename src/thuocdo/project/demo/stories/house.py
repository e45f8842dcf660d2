"""Inside the houses: a task down to a department and a person, a province's own tasks and fields, a merged commune."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from thuocdo.organisations.models import Kind
from thuocdo.organisations.operations import BodyDescription, record_successions
from thuocdo.project.demo.days import Days
from thuocdo.project.demo.people import COMMUNE, PROVINCE, WARD
from thuocdo.tasks.models import Field, Task
from thuocdo.tasks.operations import (
    TaskDescription,
    accept_assignment,
    approve_result,
    assign,
    assign_collective,
    divide,
    report_progress,
    submit,
)
from thuocdo.tasks.operations.fields import define_field, fill_field

from .plan import PLATFORM
from .stage import Acts, Stage

DIGITAL, GENERAL, SCIENCE = "MH-BTP-CDS", "MH-BTP-TH", "MH-22-KHCN"
MERGED, HEIRS = "MH-DONGMAU", ((COMMUNE, Decimal("0.6")), ("06838", Decimal("0.4")))
MERGED_ON = -24


def houses(days: Days) -> list[BodyDescription]:
    """Two departments of a ministry, one of a province, and a commune that is merged in the course of the year."""

    def described(code: str, bloc: str, kind: Kind, name: str, name_en: str, superior: str) -> BodyDescription:
        return BodyDescription(
            code=code, bloc=bloc, kind=kind, name=name, name_en=name_en, valid_from=days.first, superior=superior,
            valid_to=days.working_day(MERGED_ON) if code == MERGED else None,
        )  # fmt: skip

    return [
        described(
            DIGITAL, "government", Kind.DEPARTMENT,
            "Cục Chuyển đổi số, Bộ Tư pháp (minh hoạ)", "Digital Transformation Department (illustration)", "BTP",
        ),
        described(
            GENERAL, "government", Kind.DEPARTMENT,
            "Vụ Tổng hợp, Bộ Tư pháp (minh hoạ)", "General Affairs Department (illustration)", "BTP",
        ),
        described(
            SCIENCE, "local", Kind.DEPARTMENT,
            "Sở Khoa học và Công nghệ Quảng Ninh (minh hoạ)", "Department of Science and Technology (illustration)",
            PROVINCE,
        ),
        described(MERGED, "local", Kind.COMMUNE, "Xã Đồng Mẫu (minh hoạ)", "Dong Mau Commune (illustration)", PROVINCE),
    ]  # fmt: skip


def a_task_down_to_a_person(stage: Stage) -> Acts:
    """The platform is divided: two departments, and in one of them a part for a single person."""
    at = yield -84
    whole = Task.objects.get(title=PLATFORM)
    focal = stage.focal("BTP", at)
    software = divide(
        actor=focal, at=at, task=whole,
        part=TaskDescription(
            title="Phát triển phần mềm tra cứu và dịch vụ kết nối", lead=stage.body(DIGITAL), due_on=stage.day(30),
            deliverable="Phần mềm và tài liệu kỹ thuật", responsible_post="Cục trưởng",
        ),
    )  # fmt: skip
    texts = divide(
        actor=focal, at=at, task=whole,
        part=TaskDescription(
            title="Cấu trúc hóa kho văn bản đang có hiệu lực", lead=stage.body(GENERAL), due_on=stage.day(40),
            deliverable="31.500 văn bản có cấu trúc", responsible_post="Vụ trưởng",
        ),
    )  # fmt: skip
    rules = divide(
        actor=focal, at=at, task=whole,
        part=TaskDescription(
            title="Soạn quy tắc đánh dấu điều, khoản, điểm trong văn bản", lead=stage.body(GENERAL),
            due_on=stage.day(-60), deliverable="Bộ quy tắc đánh dấu",
        ),
    )  # fmt: skip
    at = yield -82
    for part in (software, texts, rules):
        stage.taken(at, part)
    at = yield -80
    divide(
        actor=stage.focal(DIGITAL, at), at=at, task=software,
        part=TaskDescription(
            title="Thiết kế giao diện tra cứu cho người dân, thử với 20 người dùng", lead=stage.body(DIGITAL),
            due_on=stage.day(-8), responsible=stage.cast.person(f"dm.{DIGITAL.lower()}"),
            responsible_post="Chuyên viên thiết kế", deliverable="Bản thiết kế kèm kết quả thử",
        ),
    )  # fmt: skip
    at = yield -65
    submit(
        actor=stage.focal(GENERAL, at), at=at, task=rules,
        text="Bộ quy tắc đã được hội đồng chuyên môn của Bộ thống nhất.",
        files=[stage.paper(at, "bo-quy-tac-danh-dau", "Bộ quy tắc đánh dấu văn bản")],
    )  # fmt: skip
    at = yield -63
    approve_result(actor=stage.focal("BTP", at), at=at, task=rules, note="Đồng ý đưa vào dùng.")
    at = yield -30
    report_progress(
        actor=stage.focal(DIGITAL, at), at=at, task=software, progress=60,
        text="Xong phần tra cứu theo điều, khoản; đang làm dịch vụ kết nối.",
    )  # fmt: skip
    report_progress(
        actor=stage.focal(GENERAL, at), at=at, task=texts, progress=45, text="Đã cấu trúc hóa 14.100/31.500 văn bản."
    )  # fmt: skip


def an_office_of_its_own(stage: Stage) -> Acts:
    """The province gives tasks of its own to those below and asks for fields of its own."""
    at = yield -74
    tinh = stage.actor("tinh", at)
    group = assign_collective(
        actor=stage.cast.standing_office(PROVINCE, tinh.on), at=at,
        bodies=[stage.body(code) for code in (WARD, COMMUNE, "06838", "06895", "06994")],
        task=TaskDescription(
            title="Phủ sóng di động và wifi công cộng tại nhà văn hóa thôn, khu phố", lead=stage.body(COMMUNE),
            due_on=stage.day(-12), deliverable="Danh sách thôn, khu phố đã phủ sóng", is_local=True, programme="QN-SO",
        ),
    )  # fmt: skip
    own = assign(
        actor=tinh, at=at,
        task=TaskDescription(
            title="Vận hành trung tâm hỗ trợ chuyển đổi số cho doanh nghiệp nhỏ của tỉnh", lead=stage.body(SCIENCE),
            due_on=stage.day(36), deliverable="Trung tâm hoạt động, 200 doanh nghiệp được hỗ trợ", is_local=True,
            responsible_post="Phó Giám đốc Sở", programme="QN-SO",
        ),
    )  # fmt: skip
    tasks = [*Task.objects.filter(collective=group).select_related("lead").order_by("pk"), own]
    at = yield -71
    for task in tasks[:-1]:
        if task.lead.code != COMMUNE:
            accept_assignment(actor=stage.focal(task.lead.code, at), at=at, task=task)
    stage.taken(at, own)
    at = yield -69
    fields = list(_fields(stage, at))
    at = yield -45
    _fill(stage, at, fields, tasks)
    for number, task in enumerate(tasks[:-1]):
        if task.lead.code != COMMUNE:
            report_progress(
                actor=stage.focal(task.lead.code, at), at=at, task=task, progress=40 + 8 * number,
                text=f"Đã phủ sóng {5 + number}/{9 + number} nhà văn hóa; còn các thôn vùng lõm sóng.",
            )  # fmt: skip
    at = yield -15
    done = next(task for task in tasks if task.lead.code == WARD)
    stage.handed_in(
        at, done, "Toàn bộ khu phố đã có wifi công cộng; gửi kèm danh sách.",
        [stage.paper(at, "danh-sach-khu-pho", "Danh sách khu phố đã phủ sóng", ending="txt")],
    )  # fmt: skip
    at = yield -13
    approve_result(actor=stage.actor("tinh", at), at=at, task=done, note="Đạt.")


def _fields(stage: Stage, at: datetime) -> Iterator[Field]:
    office = stage.cast.standing_office(PROVINCE, stage.days.today)
    body = stage.body(PROVINCE)
    for label, kind, unit, choices in (
        ("Nguồn vốn", Field.Type.CHOICE, "", ("Ngân sách tỉnh", "Ngân sách xã", "Nhà mạng", "Xã hội hóa")),
        ("Số thôn, khu phố đã phủ sóng", Field.Type.NUMBER, "thôn, khu phố", ()),
        ("Ngày ra quân", Field.Type.DATE, "", ()),
        ("Đã có tổ hỗ trợ số cộng đồng", Field.Type.YES_NO, "", ()),
        ("Đầu mối liên hệ tại cơ sở", Field.Type.TEXT, "", ()),
    ):  # fmt: skip
        yield define_field(actor=office, at=at, body=body, label=label, kind=kind, unit=unit, choices=choices)


def _fill(stage: Stage, at: datetime, fields: Sequence[Field], tasks: Sequence[Task]) -> None:
    """Values as the province's focal point collects them; the last field is filled for one task only."""
    source, number, day, has_team, contact = fields
    tinh = stage.actor("tinh", at)
    for position, task in enumerate(tasks):
        typed = (
            (source, source.choices[position % len(source.choices)]),
            (number, str(5 + 2 * position)),
            (day, f"{stage.day(-60 + position):%d/%m/%Y}"),
            (has_team, "0" if position == 1 else "1"),
        )
        for field, value in typed:
            fill_field(actor=tinh, at=at, field=field, tasks=[task], typed=value)
    fill_field(actor=tinh, at=at, field=contact, tasks=[tasks[0]], typed="Bộ phận một cửa phường")


def a_merger(stage: Stage) -> Acts:
    """A commune with open tasks goes over into two others: which of them owes what waits for a decision."""
    at = yield -57
    tasks = [
        stage.given(
            at, "Số hóa sổ địa chính còn lưu bản giấy của xã", MERGED, 15, deliverable="Sổ địa chính số đã đối soát"
        ),
        stage.given(
            at, "Bố trí điểm hỗ trợ nộp hồ sơ trực tuyến tại chợ và trạm y tế", MERGED, -4,
            deliverable="Hai điểm hỗ trợ hoạt động ít nhất 5 buổi mỗi tuần",
        ),
    ]  # fmt: skip
    at = yield -55
    for task in tasks:
        stage.taken(at, task)
    at = yield -35
    report_progress(
        actor=stage.focal(MERGED, at), at=at, task=tasks[0], progress=35, text="Đã quét 5/14 tập sổ; còn khâu đối soát."
    )  # fmt: skip
    at = yield MERGED_ON + 0.4
    record_successions(
        actor="system:demo", at=at, on=stage.day(MERGED_ON),
        pairs=[(stage.body(MERGED), stage.body(heir), share) for heir, share in HEIRS],
    )  # fmt: skip
