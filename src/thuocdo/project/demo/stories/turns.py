"""Turns of tasks: not our function, another body accepts, opened again, finished without effect."""

from thuocdo.tasks.lifecycle import Effectiveness
from thuocdo.tasks.operations import (
    Outcome,
    ProductPlan,
    decide_dispute,
    dispute,
    judge_effectiveness,
    reopen,
    set_products,
)

from .plan import all_products, one_product_first
from .stage import EVALUATOR, OFFICE, Acts, Stage


def disputes(stage: Stage) -> Acts:
    """One body is rid of a task within the term; of another nobody has decided, and the term is over."""
    at = yield -70
    moved = stage.given(
        at, "Xây dựng bộ dữ liệu tiếng Việt dùng chung để huấn luyện mô hình ngôn ngữ", "BVHTTDL", 55,
        deliverable="Bộ dữ liệu công bố kèm điều kiện sử dụng", target="10 tỷ từ đã làm sạch",
    )  # fmt: skip
    at = yield -68
    dispute(
        actor=stage.focal("BVHTTDL", at), at=at, task=moved, proposed_lead=stage.body("BKHCN"),
        reason="Bộ quản lý di sản và xuất bản, không có hạ tầng tính toán; việc này của Bộ Khoa học và Công nghệ.",
    )  # fmt: skip
    at = yield -64
    task = decide_dispute(
        actor=stage.actor(OFFICE, at), at=at, task=moved, outcome=Outcome.TRANSFER, new_lead=stage.body("BKHCN"),
        note="Chuyển Bộ Khoa học và Công nghệ chủ trì; Bộ Văn hóa, Thể thao và Du lịch cung cấp kho tư liệu.",
    )  # fmt: skip
    at = yield -62
    stage.taken(at, task)
    at = yield -19
    open_still = stage.given(
        at, "Hướng dẫn định danh thửa đất nông nghiệp phục vụ truy xuất nguồn gốc nông sản", "BXD", 34,
        deliverable="Hướng dẫn kỹ thuật", coordinators=[stage.body("BNNMT")],
    )  # fmt: skip
    at = yield -15
    dispute(
        actor=stage.focal("BXD", at), at=at, task=open_still, proposed_lead=stage.body("BNNMT"),
        reason="Đất nông nghiệp do Bộ Nông nghiệp và Môi trường quản lý; Bộ Xây dựng chỉ quản lý quy hoạch đô thị.",
    )  # fmt: skip


def another_body_accepts(stage: Stage) -> Acts:
    """A result with two products that the Office of the Government accepts, one product after the other."""
    at = yield -58
    task = stage.given(
        at, "Chuẩn hóa bộ thủ tục hành chính liên thông đất đai, thuế, xây dựng trên cổng dịch vụ công", "BNV", -6,
        deliverable="Bộ thủ tục liên thông và biểu mẫu điện tử", accepting_body=stage.body("VPCP"),
        coordinators=[stage.body("BNNMT"), stage.body("BTC"), stage.body("BXD")],
    )  # fmt: skip
    set_products(
        actor=stage.actor(OFFICE, at), at=at, task=task,
        products=[ProductPlan("Quy trình liên thông"), ProductPlan("Biểu mẫu điện tử tương tác")],
    )  # fmt: skip
    at = yield -56
    stage.taken(at, task)
    at = yield -13
    one_product_first(stage, at, task)
    at = yield -8
    all_products(stage, at, task)


def reopened(stage: Stage) -> Acts:
    """A result that was accepted turned out unfinished: the task is owed again, by a decision."""
    at = yield -150
    task = stage.given(
        at, "Kết nối hệ thống thông tin đất đai với cổng dịch vụ công quốc gia tại 34 tỉnh, thành phố", "BNNMT", -50,
        deliverable="Hệ thống kết nối thông suốt", target="34/34 tỉnh, thành phố",
    )  # fmt: skip
    at = yield -147
    stage.taken(at, task)
    at = yield -58
    stage.handed_in(
        at, task, "Đã kết nối đủ 34 tỉnh, thành phố; gửi kèm biên bản xác nhận của từng địa phương.",
        [stage.paper(at, "bien-ban-ket-noi-34-tinh", "Biên bản kết nối 34 tỉnh, thành phố", ending="pdf")],
    )  # fmt: skip
    at = yield -55
    stage.accepted(at, task)
    at = yield -26
    reopen(
        actor=stage.actor(OFFICE, at), at=at, task=task, decision_number="59/QĐ-MH",
        reason="Kiểm tra độc lập cho thấy 6 tỉnh chỉ kết nối một chiều, hồ sơ vẫn phải nhập lại bằng tay.",
    )  # fmt: skip


def without_effect(stage: Stage) -> Acts:
    """Finished in time, judged a while later as not effective, with the reason."""
    at = yield -140
    task = stage.given(
        at, "Lắp đặt ki-ốt tra cứu thủ tục hành chính tại nhà văn hóa các thôn, khu phố", "06862", -70,
        deliverable="12 ki-ốt hoạt động", target="Ít nhất 50 lượt dùng mỗi ki-ốt mỗi tháng",
    )  # fmt: skip
    at = yield -138
    stage.taken(at, task)
    at = yield -76
    stage.handed_in(
        at, task, "Đã lắp đặt và bàn giao đủ 12 ki-ốt; gửi kèm biên bản bàn giao.",
        [stage.paper(at, "bien-ban-ban-giao-ki-ot", "Biên bản bàn giao 12 ki-ốt tra cứu")],
    )  # fmt: skip
    at = yield -73
    stage.accepted(at, task, "Đủ số lượng, hoạt động tại thời điểm kiểm tra.")
    at = yield -22
    judge_effectiveness(
        actor=stage.actor(EVALUATOR, at), at=at, task=task, effectiveness=Effectiveness.NOT_EFFECTIVE,
        note="Sau hai tháng chỉ có 3/12 ki-ốt có người dùng, trung bình 6 lượt mỗi tháng; người dân vẫn đến bộ phận "
        "một cửa vì ki-ốt không in được giấy hẹn. Mục tiêu 50 lượt không đạt.",
    )  # fmt: skip
