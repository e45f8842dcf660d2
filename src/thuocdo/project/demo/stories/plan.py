"""A platform with products, milestones and what it waits for; rhythms; more time asked for; programmes in versions."""

from datetime import datetime
from decimal import Decimal

from thuocdo.tasks.lifecycle import Rhythm
from thuocdo.tasks.models import Dependency, Milestone, Product, Task
from thuocdo.tasks.operations import (
    BudgetLine,
    MilestonePlan,
    ProductPlan,
    add_dependency,
    add_milestone,
    approve_result,
    approve_version,
    fulfil_dependency,
    grant_extension,
    judge_product,
    move_milestone,
    new_version,
    open_programme,
    put_in_charge,
    put_into_programme,
    refuse_extension,
    report_progress,
    request_extension,
    set_budget,
    set_products,
    submit,
)

from .stage import OFFICE, VERIFIER, Acts, Stage

PLATFORM = "Xây dựng nền tảng tra cứu văn bản quy phạm pháp luật dùng chung có cấu trúc máy đọc được"
BILLION = Decimal(1_000_000_000)


def a_platform(stage: Stage) -> Acts:
    """Two products, five milestones of which one was moved, three things waited for, money from two lines."""
    at = yield -92
    awaited = stage.given(
        at, "Ban hành tiêu chuẩn kết nối, xác thực cho các nền tảng dùng chung cấp quốc gia", "BCA", 21,
        deliverable="Tiêu chuẩn kết nối kèm tài liệu kỹ thuật", coordinators=[stage.body("BKHCN")],
    )  # fmt: skip
    task = stage.given(
        at, PLATFORM, "BTP", 48,
        deliverable="Nền tảng vận hành chính thức và kho văn bản có cấu trúc",
        target="100% văn bản đang có hiệu lực tra cứu được theo điều, khoản",
        coordinators=[stage.body("BKHCN"), stage.body("VPCP"), stage.body("BTC")],
        weight=Decimal(2),
    )  # fmt: skip
    at = yield -90
    stage.taken(at, task)
    stage.taken(at, awaited)
    put_in_charge(
        actor=stage.focal("BTP", at), at=at, task=task,
        person=stage.cast.person("botuphap"), post="Tổ trưởng tổ dự án nền tảng văn bản",
    )  # fmt: skip
    at = yield -88
    products, milestones, decision = _planned(stage, at, task, awaited)
    at = yield -66
    focal = stage.focal("BTP", at)
    report_progress(
        actor=focal, at=at, task=task, progress=20, milestones=milestones[:1],
        text="Hồ sơ thiết kế đã được phê duyệt; chọn xong phương án cấu trúc hóa văn bản theo điều, khoản, điểm.",
        files=[stage.paper(at, "quyet-dinh-phe-duyet-thiet-ke", "Quyết định phê duyệt thiết kế", ending="pdf")],
    )  # fmt: skip
    at = yield -52
    fulfil_dependency(
        actor=stage.focal("BTP", at), at=at, dependency=decision, number="1204/QĐ-MH", on=stage.day(-54)
    )  # fmt: skip
    at = yield -40
    report_progress(
        actor=stage.focal("BTP", at), at=at, task=task, progress=45, milestones=milestones[1:2], products=products[1:],
        text="Đã cấu trúc hóa 12.400 văn bản; tỷ lệ lỗi khi kiểm tra ngẫu nhiên là 0,7%.",
        files=[stage.paper(at, "bang-ke-van-ban-dot-1", "Bảng kê văn bản đã cấu trúc hóa, đợt 1", ending="txt")],
    )  # fmt: skip
    at = yield -33
    move_milestone(
        actor=stage.actor(OFFICE, at), at=at, milestone=milestones[2], new_due_on=stage.day(9),
        decision_number="57/QĐ-MH",
        reason="Phòng kiểm thử an toàn thông tin chỉ nhận lịch sau khi tiêu chuẩn kết nối có bản dự thảo cuối.",
    )  # fmt: skip
    at = yield -12
    report_progress(
        actor=stage.focal("BTP", at), at=at, task=task, progress=65, products=products[:1],
        text="Phần mềm đã chạy thử nội bộ; đang chờ tiêu chuẩn kết nối của Bộ Công an để kiểm thử an toàn thông tin.",
        files=[stage.paper(at, "bien-ban-chay-thu-noi-bo", "Biên bản chạy thử nội bộ")],
    )  # fmt: skip


def _planned(
    stage: Stage, at: datetime, task: Task, awaited: Task
) -> tuple[list[Product], list[Milestone], Dependency]:
    """The plan as the body writes it down with the standing office."""
    focal, office = stage.focal("BTP", at), stage.actor(OFFICE, at)
    products = set_products(
        actor=office, at=at, task=task,
        products=[
            ProductPlan("Phần mềm nền tảng đã kiểm thử an toàn thông tin", Decimal(1), "hệ thống"),
            ProductPlan("Kho văn bản đang có hiệu lực, có cấu trúc", Decimal(31_500), "văn bản"),
        ],
    )  # fmt: skip
    milestones = [
        add_milestone(actor=focal, at=at, task=task, milestone=MilestonePlan(title, stage.day(due)))
        for title, due in (
            ("Phê duyệt hồ sơ thiết kế", -64),
            ("Cấu trúc hóa xong 10.000 văn bản đầu tiên", -38),
            ("Kiểm thử an toàn thông tin đạt yêu cầu", -17),
            ("Vận hành thử tại ba bộ", 28),
            ("Cấu trúc hóa xong toàn bộ văn bản", 41),
        )
    ]
    add_dependency(actor=focal, at=at, task=task, waits_for=awaited)
    add_dependency(
        actor=focal, at=at, task=task, kind=Dependency.Kind.LEGAL_DOCUMENT, owner=stage.body("BKHCN"),
        title="Nghị định về kết nối, chia sẻ dữ liệu bắt buộc (văn bản minh hoạ)", expected_on=stage.day(14),
    )  # fmt: skip
    decision = add_dependency(
        actor=focal, at=at, task=task, kind=Dependency.Kind.DECISION, owner=stage.body("BTC"),
        title="Quyết định bổ sung dự toán năm cho nền tảng dùng chung", expected_on=stage.day(-50),
    )  # fmt: skip
    year = stage.days.today.year
    set_budget(
        actor=focal, at=at, task=task,
        lines=[
            BudgetLine("MH-KHCN-0571", year, 42 * BILLION, "Chi khoa học, công nghệ và chuyển đổi số"),
            BudgetLine("MH-KHCN-0571", year + 1, 18 * BILLION, "Chi khoa học, công nghệ và chuyển đổi số"),
            BudgetLine("MH-TX-0112", year, Decimal(6_350_000_000), "Chi thường xuyên, nhập và kiểm tra văn bản"),
        ],
    )  # fmt: skip
    return products, milestones, decision


def rhythms(stage: Stage) -> Acts:
    """A weekly report of a commune with a week that was missed, and a quarterly one of a ministry."""
    at = yield -48
    weekly = stage.given(
        at, "Báo cáo tuần về hồ sơ trực tuyến và vướng mắc của người dân khi nộp hồ sơ", "06862", None,
        rhythm=Rhythm.WEEK, deadline_raw="hằng tuần", deliverable="Báo cáo tuần theo mẫu",
    )  # fmt: skip
    quarterly = stage.given(
        at, "Báo cáo quý tình hình nợ văn bản quy định chi tiết và biện pháp xử lý", "BTP", None,
        rhythm=Rhythm.QUARTER, deadline_raw="hằng quý", deliverable="Báo cáo quý kèm danh mục văn bản còn nợ",
    )  # fmt: skip
    at = yield -47
    stage.taken(at, weekly)
    stage.taken(at, quarterly)
    for week, days in enumerate((-44, -37, -30, -23), start=1):
        at = yield days
        stage.handed_in(
            at, weekly, f"Tuần {week}: {118 + 7 * week} hồ sơ trực tuyến, {9 - week} hồ sơ phải hỗ trợ tại chỗ.",
            [stage.paper(at, f"bao-cao-tuan-{week}", f"Báo cáo tuần thứ {week}", f"Số hồ sơ: {118 + 7 * week}.")],
        )  # fmt: skip
        at = yield days + 1
        stage.accepted(at, weekly, "Đã nhận báo cáo tuần.")
    # From here on the commune has fallen silent: the weeks since are missed.
    at = yield -20
    stage.handed_in(
        at, quarterly, "Còn nợ 4 văn bản, giảm 3 so với quý trước; nêu rõ đơn vị và ngày trình từng văn bản.",
        [stage.paper(at, "bao-cao-quy-no-van-ban", "Báo cáo quý về nợ văn bản quy định chi tiết")],
    )  # fmt: skip
    at = yield -18
    stage.accepted(at, quarterly)


def more_time(stage: Stage) -> Acts:
    """Four bodies ask for more time: granted as objective though late, refused, granted shorter, still waiting."""
    at = yield -80
    storm = stage.given(
        at, "Hoàn thành số hóa sổ hộ tịch lưu tại kho của các xã vùng ngập", "46", -20,
        deliverable="Cơ sở dữ liệu hộ tịch đã đối soát", target="100% sổ hộ tịch",
    )  # fmt: skip
    refused = stage.given(
        at, "Công bố danh mục dữ liệu mở đợt hai của ngành tài chính", "BTC", -9,
        deliverable="Danh mục dữ liệu mở trên cổng dữ liệu quốc gia",
    )  # fmt: skip
    waiting = stage.given(
        at, "Rà soát, đề xuất cắt giảm thủ tục hành chính trong lĩnh vực công chứng", "BTP", 5,
        deliverable="Báo cáo rà soát kèm phương án cắt giảm", target="Cắt giảm ít nhất 30% thời gian giải quyết",
    )  # fmt: skip
    at = yield -77
    for task in (storm, refused, waiting):
        stage.taken(at, task)
    at = yield -17
    late = request_extension(
        actor=stage.focal("46", at), at=at, task=storm, wanted_on=stage.day(24), claims_objective=True,
        reason="Mưa lũ làm ngập kho lưu trữ của chín xã từ tuần trước hạn; tài liệu đang sấy khô, chưa quét được.",
    )  # fmt: skip
    at = yield -14
    grant_extension(
        actor=stage.actor(OFFICE, at), at=at, request=late, decision_number="61/QĐ-MH", is_objective=True,
        answer="Thiên tai được xác nhận tại báo cáo của tỉnh; chấp nhận nguyên nhân khách quan.",
    )  # fmt: skip
    at = yield -13
    asked = request_extension(
        actor=stage.focal("BTC", at), at=at, task=refused, wanted_on=stage.day(30),
        reason="Cần thêm thời gian xin ý kiến các đơn vị về phạm vi công bố.",
    )  # fmt: skip
    at = yield -11
    refuse_extension(
        actor=stage.actor(OFFICE, at), at=at, request=asked,
        answer="Phạm vi đã thống nhất từ đợt một; việc xin ý kiến nội bộ không phải lý do lùi hạn.",
    )  # fmt: skip
    at = yield -4
    request_extension(
        actor=stage.focal("BTP", at), at=at, task=waiting, wanted_on=stage.day(26),
        reason="Hai tổ chức xã hội nghề nghiệp đề nghị khảo sát thêm 12 phòng công chứng, dự kiến xong trong 3 tuần.",
    )  # fmt: skip


def programmes(stage: Stage) -> Acts:
    """The programme of the year is in its second version; the one of the communes has a draft of its second."""
    at = yield -200
    office = stage.actor(OFFICE, at)
    by_title = {task.title: task for task in Task.objects.filter(assigned_by__code="VPTW").order_by("-pk")}
    known = sorted(by_title.values(), key=lambda task: task.pk)
    year = open_programme(
        actor=office, at=at, code="CT57-NAM", body=stage.body("TW"), due_on=stage.day(-185),
        title="Chương trình công tác năm về khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số",
    )  # fmt: skip
    put_into_programme(actor=office, at=at, version=year, tasks=known[:2], is_core=True)
    put_into_programme(actor=office, at=at, version=year, tasks=known[2:8])
    at = yield -190
    approve_version(
        actor=stage.actor(OFFICE, at), at=at, version=year, decision_number="12/QĐ-MH", approved_on=stage.day(-191)
    )  # fmt: skip
    at = yield -86
    office = stage.actor(OFFICE, at)
    second = new_version(
        actor=office, at=at, programme=year.programme, note="Bổ sung nền tảng dùng chung và hai nhiệm vụ trọng tâm."
    )  # fmt: skip
    put_into_programme(
        actor=office, at=at, version=second, is_core=True, tasks=Task.objects.filter(title__startswith=PLATFORM[:40])
    )  # fmt: skip
    put_into_programme(actor=office, at=at, version=second, tasks=_since(stage, -160), is_core=True)
    put_into_programme(actor=office, at=at, version=second, tasks=known[1:2])
    at = yield -82
    approve_version(
        actor=stage.actor(OFFICE, at), at=at, version=second, decision_number="49/QĐ-MH", approved_on=stage.day(-83)
    )  # fmt: skip
    at = yield -60
    office = stage.actor(OFFICE, at)
    commune = open_programme(
        actor=office, at=at, code="CT57-XA", body=stage.body("TW"), due_on=stage.day(-50),
        title="Chương trình đưa dịch vụ công trực tuyến về xã, phường, đặc khu",
    )  # fmt: skip
    below = list(Task.objects.filter(lead__kind__in=["commune", "ward"], assigned_by__code="VPTW").order_by("pk")[:12])
    put_into_programme(actor=office, at=at, version=commune, tasks=below[:3], is_core=True)
    put_into_programme(actor=office, at=at, version=commune, tasks=below[3:9])
    at = yield -55
    approve_version(
        actor=stage.actor(OFFICE, at), at=at, version=commune, decision_number="53/QĐ-MH", approved_on=stage.day(-56)
    )  # fmt: skip
    at = yield -3
    draft = new_version(
        actor=stage.actor(OFFICE, at), at=at, programme=commune.programme, note="Đưa thêm các xã vùng cao, biên giới."
    )  # fmt: skip
    put_into_programme(actor=stage.actor(OFFICE, at), at=at, version=draft, tasks=below[9:])


def _since(stage: Stage, offset: float) -> list[Task]:
    """Two tasks of different titles that were given after a day."""
    given = Task.objects.filter(assigned_by__code="VPTW", assigned_on__gte=stage.day(offset)).order_by("-pk")
    return sorted({task.title: task for task in given}.values(), key=lambda task: task.pk)[:2]


def one_product_first(stage: Stage, at: datetime, task: Task) -> None:
    """Hand in a result of several products; the verifier accepts the first of them."""
    products = list(task.products.order_by("position"))
    for product in products:
        name = f"san-pham-{product.position}"
        report_progress(
            actor=stage.focal(task.lead.code, at), at=at, task=task, progress=90, products=[product],
            text=f"Hoàn thành sản phẩm “{product.name}”.", files=[stage.paper(at, name, product.name)],
        )  # fmt: skip
    submit(actor=stage.focal(task.lead.code, at), at=at, task=task, text="Trình đủ các sản phẩm của nhiệm vụ.")
    judge_product(actor=stage.actor(VERIFIER, at), at=at, product=products[0], is_accepted=True, note="Đạt.")


def all_products(stage: Stage, at: datetime, task: Task) -> None:
    """The verifier accepts what is left of the products, and with it the task."""
    left = list(task.products.filter(is_accepted=False))
    approve_result(actor=stage.actor(VERIFIER, at), at=at, task=task, products=left, note="Đủ sản phẩm, đạt yêu cầu.")
