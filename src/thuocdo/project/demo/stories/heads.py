"""Heads who answer: one follows another in mid-quarter, one acts after a vacancy; one signs, one is asked."""

from datetime import date, datetime, timedelta

from thuocdo.organisations.models import Appointment, Body
from thuocdo.organisations.operations import appoint_head
from thuocdo.organisations.queries import head_of
from thuocdo.project.demo.cast import LEAVES, LEFT_ON
from thuocdo.publications.lifecycle import Term, term_of
from thuocdo.publications.operations import freeze_dossier, request_dossier, sign_dossier
from thuocdo.publications.queries import content_of

from .stage import OFFICE, Acts, Stage

HEAD, HEADED = "dungdau", "BTP"
CHANGES = "BKHCN"
# What a head says to a task that was late, in turn.
_EXPLANATIONS = (
    "Hai bộ góp ý chậm 12 ngày; Bộ đã thống nhất quy chế lấy ý kiến qua mạng để không lặp lại.",
    "Tôi giao việc cho đơn vị chưa đủ người; đã bổ sung ba cán bộ và trực tiếp theo dõi hằng tuần.",
    "Bản thảo phải làm lại sau thẩm định; tôi nhận trách nhiệm vì duyệt lần đầu chưa kỹ.",
)


def a_head_changes(stage: Stage) -> Acts:
    """In the middle of the last quarter a ministry gets a new head; another gets an acting one."""
    middle = term_of(stage.days.today).previous().start + timedelta(days=44)
    at = yield (middle - stage.days.today).days
    _appoint(stage, at, CHANGES, "Nguyễn Mới Nhận Mẫu", "Bộ trưởng", middle)
    at = yield LEFT_ON + 17
    _appoint(stage, at, LEAVES, "Trần Quyền Mẫu", "Quyền Bộ trưởng", stage.day(LEFT_ON + 17))


def a_dossier_is_signed(stage: Stage) -> Acts:
    """The Ministry of Justice's head signs for the last quarter; of the half year the office asks, and waits."""
    last = term_of(stage.days.today).previous()
    settled = max((last.end - stage.days.today).days + 8, -60)
    at = yield min(settled, -1)
    appointment = _head(stage.body(HEADED), last)
    office = stage.actor(OFFICE, at)
    request_dossier(
        actor=office, at=at, appointment=appointment, term=last, reply_by=at.date() + timedelta(days=10),
        note="Phục vụ kiểm điểm quý của Ban Chỉ đạo.",
    )  # fmt: skip
    at = yield min(settled + 1, -0.9)
    head = stage.actor(HEAD, at)
    dossier = freeze_dossier(actor=head, at=at, appointment=appointment, term=last)
    late = content_of(dossier).late_rows
    sign_dossier(
        actor=head, at=at, dossier=dossier, accepts=True,
        remark="Tôi đã xem từng nhiệm vụ trong hồ sơ và chịu trách nhiệm về kết quả của Bộ trong quý.",
        explanations={row.key: said for row, said in zip(late, _EXPLANATIONS, strict=False)},
    )  # fmt: skip
    at = yield -0.8
    year = term_of(stage.days.today, "year")
    appointment = _head(stage.body(HEADED), year)
    office = stage.actor(OFFICE, at)
    freeze_dossier(actor=office, at=at, appointment=appointment, term=year)
    request_dossier(
        actor=office, at=at, appointment=appointment, term=year, reply_by=stage.day(9),
        note="Chuẩn bị kiểm điểm cuối năm; đề nghị giải trình từng nhiệm vụ quá hạn.",
    )  # fmt: skip


def _head(body: Body, term: Term) -> Appointment:
    """The head of the body in a term."""
    found = head_of(body, on=term.last_day)
    if found is None:
        raise LookupError(f"{body.code} has no head in {term.label}")
    return found


def _appoint(stage: Stage, at: datetime, code: str, person: str, post: str, day: date) -> None:
    appoint_head(
        actor="system:demo", at=at, body=stage.body(code), person=f"{person} (minh hoạ)", post=post, valid_from=day,
    )  # fmt: skip
