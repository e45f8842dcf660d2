"""Evidence: one photo for two results, one thing returned and answered, a list of names erased, remarks that name."""

from datetime import datetime

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import machine
from thuocdo.project.demo.people import COMMUNE, PROVINCE
from thuocdo.tasks.files import Upload, open_file
from thuocdo.tasks.models import Evidence, Task
from thuocdo.tasks.operations import (
    Answer,
    Point,
    add_evidence,
    add_redacted,
    answer_points,
    compare_evidence,
    describe_evidence,
    erase_evidence,
    remark,
    return_points,
)
from thuocdo.tasks.previewing import prints_of

from .photos import photo
from .stage import OFFICE, VERIFIER, Acts, Stage

FIRST_TEXT = (
    "Đã bố trí đủ máy quét và máy lấy số tại 5 bộ phận một cửa.\n"
    "Thời gian chờ trung bình giảm từ 27 phút xuống 18 phút.\n"
    "Người dân được hướng dẫn tại chỗ trong giờ hành chính."
)
SECOND_TEXT = (
    "Đã bố trí đủ máy quét và máy lấy số tại 5 bộ phận một cửa.\n"
    "Thời gian chờ trung bình giảm từ 27 phút xuống 19 phút (đo 1.204 lượt, từ ngày 1 đến ngày 20).\n"
    "Người dân được hướng dẫn tại chỗ trong giờ hành chính và sáng thứ Bảy."
)


def one_photo_for_two_results(stage: Stage) -> Acts:
    """A commune proves its counter by the province's photo; the verifier returns photo and text, both are answered."""
    at = yield -49
    ours = stage.given(
        at, "Trang bị máy quét, máy lấy số tại bộ phận một cửa của năm xã, phường điểm", PROVINCE, -1,
        deliverable="Năm bộ phận một cửa đủ thiết bị", target="Thời gian chờ không quá 20 phút",
    )  # fmt: skip
    theirs = stage.given(
        at, "Cải tạo quầy tiếp nhận hồ sơ cho người cao tuổi, người khuyết tật", COMMUNE, -3,
        deliverable="Quầy tiếp nhận đã cải tạo",
    )  # fmt: skip
    at = yield -46
    stage.taken(at, ours)
    stage.taken(at, theirs)
    at = yield -14
    stage.handed_in(
        at, ours, FIRST_TEXT,
        [
            Upload("bo-phan-mot-cua.jpg", photo("counter")),
            stage.paper(at, "bien-ban-ban-giao-thiet-bi", "Biên bản bàn giao thiết bị", ending="pdf"),
        ],
    )  # fmt: skip
    first = Evidence.objects.get(report__task=ours, name="bo-phan-mot-cua.jpg")
    describe_evidence(actor=stage.focal(PROVINCE, at), at=at, evidence=first, kind=Evidence.Kind.PHOTO)
    _compared(at, first)
    at = yield -12
    stage.handed_in(
        at, theirs, "Đã cải tạo quầy: hạ mặt bàn, thêm lối xe lăn và ghế chờ; gửi kèm ảnh hiện trạng.",
        [Upload("quay-tiep-nhan.jpg", photo("counter", width=820, quality=71))],
    )  # fmt: skip
    second = Evidence.objects.get(report__task=theirs, name="quay-tiep-nhan.jpg")
    describe_evidence(actor=stage.focal(COMMUNE, at), at=at, evidence=second, kind=Evidence.Kind.PHOTO)
    _compared(at, second)
    at = yield -10
    return_points(
        actor=stage.actor(VERIFIER, at), at=at, task=ours,
        points=[
            Point("file", "Ảnh giống ảnh của xã Tiên Yên; gửi ảnh chụp tại từng bộ phận, có ngày chụp.", first.pk),
            Point("text", "Nêu rõ thời gian chờ đo bao nhiêu lượt, trong thời gian nào."),
        ],
        note="Các phần khác đạt yêu cầu.",
    )  # fmt: skip
    at = yield -9
    _named(
        stage,
        at,
        ours,
        VERIFIER,
        "Đề nghị @tinh cho biết ảnh do ai chụp và chụp ngày nào, để đối chiếu với xã Tiên Yên.",
    )
    at = yield -8
    _named(
        stage, at, ours, "tinh",
        "Ảnh do tổ khảo sát chụp chung cho hai nơi; tỉnh sẽ gửi ảnh riêng. Nhờ @thamdinh xem giúp phần số liệu.",
    )  # fmt: skip
    at = yield -6
    text, file = (ours.returned_points.get(part=part) for part in ("text", "file"))
    answer_points(
        actor=stage.focal(PROVINCE, at), at=at, task=ours,
        answers={
            text.pk: Answer(text=SECOND_TEXT),
            file.pk: Answer(
                text="Ảnh chụp riêng tại phường Hồng Gai.", files=[Upload("mot-cua-chup-lai.jpg", photo("again"))]
            ),
        },
    )  # fmt: skip


def a_list_of_names_is_erased(stage: Stage) -> Acts:
    """A commune hands in a list with names and numbers of citizens; it is erased, a redacted one takes its place."""
    at = yield -37
    task = stage.given(
        at, "Hướng dẫn 200 người cao tuổi sử dụng dịch vụ công trực tuyến", COMMUNE, 6,
        deliverable="Báo cáo kèm danh sách lớp", target="200 người tự nộp được hồ sơ",
    )  # fmt: skip
    at = yield -35
    stage.taken(at, task)
    at = yield -11
    stage.handed_in(
        at, task, "Đã mở 8 lớp cho 206 người; 171 người tự nộp được hồ sơ sau lớp học.",
        [stage.paper(at, "bao-cao-lop-hoc", "Báo cáo kết quả 8 lớp hướng dẫn")],
    )  # fmt: skip
    (names,) = add_evidence(
        actor=stage.focal(COMMUNE, at), at=at, task=task, kind=Evidence.Kind.DATA,
        files=[
            stage.paper(
                at, "danh-sach-hoc-vien", "Danh sách học viên",
                "1. Nguyễn Văn Mẫu, 000000000001, thôn Một (tên và số hư cấu).",
                "2. Trần Thị Mẫu, 000000000002, thôn Hai (tên và số hư cấu).", ending="txt",
            )
        ],
    )  # fmt: skip
    at = yield -9
    erase_evidence(
        actor=stage.actor(OFFICE, at), at=at, evidence=names,
        reason="Danh sách có họ tên và số căn cước của người dân, không cần cho việc nghiệm thu.",
    )  # fmt: skip
    at = yield -7
    add_redacted(
        actor=stage.focal(COMMUNE, at), at=at, evidence=Evidence.objects.get(pk=names.pk),
        file=stage.paper(
            at, "danh-sach-hoc-vien-da-che", "Danh sách học viên, đã che dữ liệu cá nhân",
            "Thôn Một: 27 người. Thôn Hai: 31 người. Thôn Ba: 24 người.", ending="txt",
        ),
    )  # fmt: skip
    at = yield -2
    _named(
        stage, at, task, OFFICE,
        "Nhờ @danhgia chọn ngẫu nhiên 20 người để gọi lại sau khi nghiệm thu; @thanhtra nắm việc danh sách đã xóa.",
    )  # fmt: skip


def _named(stage: Stage, at: datetime, task: Task, username: str, text: str) -> None:
    remark(actor=stage.actor(username, at), at=at, task=task, text=text)


def _compared(at: datetime, file: Evidence) -> None:
    """What the machine does after every upload, done here at once for the two photos that are alike."""
    with open_file(file.file) as kept:
        prints = prints_of(kept.read(), file.media_type)
    compare_evidence(
        actor=machine("comparing", localdate(at)), at=at, task=file.report.task, digest=file.digest, prints=prints
    )
