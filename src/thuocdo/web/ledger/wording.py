"""What each event is called in plain words, and where its subject can be looked at."""

from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from thuocdo.ledger.events import Event

if TYPE_CHECKING:
    from django.utils.functional import Promise

# The parts of the system that act by themselves, by the name under which they write.
PARTS: dict[str, "Promise"] = {
    "alerts": _("cảnh báo"),
    "approvals": _("phê duyệt"),
    "backcasting": _("chấm lại theo dự thảo"),
    "burden": _("gánh nặng báo cáo"),
    "command": _("lệnh quản trị"),
    "comparing": _("đối chiếu số liệu"),
    "comparison": _("so sánh phương pháp"),
    "derivation": _("tính từ hồ sơ"),
    "extraction": _("đọc văn bản"),
    "feeds": _("nguồn dữ liệu"),
    "findings": _("phát hiện"),
    "form": _("biểu nhập số liệu"),
    "formulas": _("tính theo công thức"),
    "ingest": _("tiếp nhận số liệu"),
    "matching": _("đối chiếu nhiệm vụ"),
    "pack": _("nạp gói dữ liệu"),
    "roles": _("vai trò"),
    "scoring": _("chấm điểm"),
    "simulation": _("tính khoảng hạng"),
    "successions": _("sắp xếp cơ quan"),
}
WORDS: dict[str, "Promise"] = {
    Event.BODY_ESTABLISHED: pgettext_lazy("event", "Lập cơ quan"),
    Event.BODIES_LOADED: pgettext_lazy("event", "Nạp danh mục cơ quan"),
    Event.SECTOR_LINES_DRAWN: pgettext_lazy("event", "Xác lập ngành dọc"),
    Event.BODY_SUCCEEDED: pgettext_lazy("event", "Ghi nhận sắp xếp, sáp nhập cơ quan"),
    Event.HEAD_APPOINTED: pgettext_lazy("event", "Ghi nhận người đứng đầu"),
    Event.ACCOUNT_OPENED: pgettext_lazy("event", "Mở tài khoản"),
    Event.ACCOUNT_DEACTIVATED: pgettext_lazy("event", "Khóa tài khoản"),
    Event.ACCOUNT_REACTIVATED: pgettext_lazy("event", "Mở lại tài khoản"),
    Event.PASSWORD_RENEWED: pgettext_lazy("event", "Cấp lại mật khẩu"),
    Event.EMAIL_CHANGED: pgettext_lazy("event", "Đổi địa chỉ thư điện tử"),
    Event.ROLE_GRANTED: pgettext_lazy("event", "Giao vai trò"),
    Event.ROLE_ENDED: pgettext_lazy("event", "Thôi vai trò"),
    Event.KEY_ISSUED: pgettext_lazy("event", "Cấp khóa cho hệ thống nguồn"),
    Event.KEY_ROTATED: pgettext_lazy("event", "Đổi khóa"),
    Event.KEY_REVOKED: pgettext_lazy("event", "Thu hồi khóa"),
    Event.GROUPS_LOADED: pgettext_lazy("event", "Nạp nhóm cơ quan nhận việc"),
    Event.DOCUMENT_RECEIVED: pgettext_lazy("event", "Tiếp nhận văn bản"),
    Event.DOCUMENT_DESCRIBED: pgettext_lazy("event", "Bổ sung thông tin văn bản"),
    Event.DOCUMENT_WRITTEN: pgettext_lazy("event", "Bắt đầu ghi văn bản trên hệ thống"),
    Event.DOCUMENT_EXTENDED: pgettext_lazy("event", "Ghi thêm một điểm vào văn bản"),
    Event.DOCUMENT_RECOGNISED: pgettext_lazy("event", "Nhận dạng chữ của văn bản"),
    Event.EXTRACTION_FAILED: pgettext_lazy("event", "Không đọc được văn bản"),
    Event.EXTRACTION_REPEATED: pgettext_lazy("event", "Cho máy đọc lại văn bản"),
    Event.ASSIGNMENTS_FOUND: pgettext_lazy("event", "Tìm thấy nhiệm vụ trong văn bản"),
    Event.CANDIDATE_CORRECTED: pgettext_lazy("event", "Sửa nội dung tìm được"),
    Event.CANDIDATE_DECIDED: pgettext_lazy("event", "Quyết định về nội dung tìm được"),
    Event.TASK_CHANGED: pgettext_lazy("event", "Nhiệm vụ thay đổi"),
    Event.TASKS_ASSIGNED: pgettext_lazy("event", "Giao nhiệm vụ cho nhiều cơ quan"),
    Event.MATCHES_FOUND: pgettext_lazy("event", "Tìm thấy nhiệm vụ đã giao trước đó"),
    Event.MATCH_DECIDED: pgettext_lazy("event", "Quyết định về nhiệm vụ trùng hoặc sửa đổi"),
    Event.TASKS_WITHDRAWN: pgettext_lazy("event", "Rút nhiều nhiệm vụ vừa giao"),
    Event.TASKS_INHERITED: pgettext_lazy("event", "Cơ quan kế thừa nhận nhiệm vụ"),
    Event.PROGRAMME_CHANGED: pgettext_lazy("event", "Chương trình công tác thay đổi"),
    Event.SHEET_IMPORTED: pgettext_lazy("event", "Nhập danh sách nhiệm vụ từ tệp"),
    Event.EVIDENCE_ADDED: pgettext_lazy("event", "Nộp minh chứng"),
    Event.FIELD_CHANGED: pgettext_lazy("event", "Trường riêng của cơ quan thay đổi"),
    Event.FIELD_VALUES_RECORDED: pgettext_lazy("event", "Ghi giá trị trường riêng"),
    Event.SAVED_LIST_CHANGED: pgettext_lazy("event", "Danh sách nhiệm vụ đã lưu thay đổi"),
    Event.EVIDENCE_DESCRIBED: pgettext_lazy("event", "Ghi rõ loại minh chứng và sản phẩm"),
    Event.EVIDENCE_COMPARED: pgettext_lazy("event", "Đối chiếu minh chứng, thấy tệp giống nhau"),
    Event.EVIDENCE_ERASED: pgettext_lazy("event", "Xóa dữ liệu cá nhân trong minh chứng"),
    Event.POINT_RECALLED: pgettext_lazy("event", "Rút một điểm đã trả lại"),
    Event.REMARK_MADE: pgettext_lazy("event", "Trao đổi về nhiệm vụ"),
    Event.REMARK_WITHDRAWN: pgettext_lazy("event", "Rút ý kiến trao đổi"),
    Event.INDICATORS_LOADED: pgettext_lazy("event", "Nạp danh mục chỉ số"),
    Event.INDICATOR_DEFINED: pgettext_lazy("event", "Chỉ số riêng của cơ quan thay đổi"),
    Event.MEASUREMENTS_LANDED: pgettext_lazy("event", "Tiếp nhận lô số liệu lớn"),
    Event.MEASUREMENTS_RECORDED: pgettext_lazy("event", "Ghi nhận số liệu"),
    Event.ENTRY_RULES_LOADED: pgettext_lazy("event", "Nạp quy tắc kiểm tra khi nhập số liệu"),
    Event.FIGURES_SUBMITTED: pgettext_lazy("event", "Nộp số liệu của kỳ"),
    Event.FIGURES_RETURNED: pgettext_lazy("event", "Trả lại một số liệu"),
    Event.FIGURES_APPROVED: pgettext_lazy("event", "Duyệt số liệu của kỳ"),
    Event.FIGURES_REOPENED: pgettext_lazy("event", "Rút lại việc duyệt hoặc tiếp nhận số liệu"),
    Event.FIGURES_ACCEPTED: pgettext_lazy("event", "Tiếp nhận số liệu của kỳ"),
    Event.PERIOD_UNLOCKED: pgettext_lazy("event", "Mở lại kỳ đã khóa có thời hạn"),
    Event.FEED_DECLARED: pgettext_lazy("event", "Khai báo nguồn dữ liệu"),
    Event.BATCH_LANDED: pgettext_lazy("event", "Tiếp nhận lô sự kiện"),
    Event.BATCH_REFUSED: pgettext_lazy("event", "Từ chối lô sự kiện"),
    Event.RECOMPUTE_ASKED: pgettext_lazy("event", "Yêu cầu tính lại từ nguồn dữ liệu"),
    Event.PARTITION_COMPACTED: pgettext_lazy("event", "Gộp tệp của một tháng dữ liệu"),
    Event.FEED_SILENT: pgettext_lazy("event", "Nguồn dữ liệu ngừng gửi"),
    Event.FEED_HEARD: pgettext_lazy("event", "Nguồn dữ liệu gửi trở lại"),
    Event.FINDING_RULES_LOADED: pgettext_lazy("event", "Nạp quy tắc tìm sai lệch"),
    Event.FINDINGS_FOUND: pgettext_lazy("event", "Đối chiếu báo cáo với thực tế, có phát hiện thay đổi"),
    Event.FINDING_CHANGED: pgettext_lazy("event", "Xử lý một phát hiện"),
    Event.SAMPLE_DRAWN: pgettext_lazy("event", "Chọn mẫu số liệu để kiểm tra"),
    Event.SAMPLE_CHECKED: pgettext_lazy("event", "Ghi kết quả kiểm tra một số liệu"),
    Event.SAMPLE_CLOSED: pgettext_lazy("event", "Khép đợt kiểm tra mẫu"),
    Event.SCORECARD_LOADED: pgettext_lazy("event", "Nạp phương pháp chấm điểm"),
    Event.DRAFT_CHANGED: pgettext_lazy("event", "Dự thảo phương pháp thay đổi"),
    Event.BACKCAST_ASKED: pgettext_lazy("event", "Yêu cầu tính lại các kỳ trước theo dự thảo"),
    Event.BACKCAST_COMPUTED: pgettext_lazy("event", "Tính lại một kỳ theo dự thảo"),
    Event.SCORES_COMPUTED: pgettext_lazy("event", "Tính điểm, xếp hạng"),
    Event.INTERVALS_COMPUTED: pgettext_lazy("event", "Tính khoảng hạng"),
    Event.LADDER_LOADED: pgettext_lazy("event", "Nạp thang nhắc việc"),
    Event.NOTICES_RAISED: pgettext_lazy("event", "Gửi thông báo"),
    Event.NOTICES_TRANSFERRED: pgettext_lazy("event", "Chuyển thông báo cho người đang giữ vai trò"),
    Event.NOTICES_SETTLED: pgettext_lazy("event", "Khép thông báo đã xong việc"),
    Event.NOTICES_ACKNOWLEDGED: pgettext_lazy("event", "Xác nhận thông báo"),
    Event.PREFERENCE_CHANGED: pgettext_lazy("event", "Đổi cách nhận thông báo"),
    Event.URGING_CHANGED: pgettext_lazy("event", "Phiếu đôn đốc thay đổi"),
    Event.CALENDAR_OPENED: pgettext_lazy("event", "Lập địa chỉ lịch cá nhân"),
    Event.CALENDAR_CLOSED: pgettext_lazy("event", "Thu hồi địa chỉ lịch cá nhân"),
    Event.SERIES_OPENED: pgettext_lazy("event", "Mở chuỗi phiên họp"),
    Event.MEETING_PLANNED: pgettext_lazy("event", "Lên lịch cuộc họp"),
    Event.MEETING_CHANGED: pgettext_lazy("event", "Cuộc họp thay đổi"),
    Event.PACK_FROZEN: pgettext_lazy("event", "Chốt tài liệu họp"),
    Event.COMMITMENT_MADE: pgettext_lazy("event", "Giải trình và cam kết ngày hoàn thành"),
    Event.LINES_PROPOSED: pgettext_lazy("event", "Nhập các dòng kết luận chờ xác nhận"),
    Event.CONCLUSION_CHANGED: pgettext_lazy("event", "Bỏ hoặc khôi phục một dòng kết luận"),
    Event.CONCLUSION_RECORDED: pgettext_lazy("event", "Ghi kết luận cuộc họp"),
    Event.CONCLUSION_REVISED: pgettext_lazy("event", "Sửa lời kết luận"),
    Event.CONCLUSION_SETTLED: pgettext_lazy("event", "Quyết định về nhiệm vụ của kết luận đã sửa"),
    Event.NOTICE_ISSUED: pgettext_lazy("event", "Ban hành thông báo kết luận"),
    Event.DOSSIER_REQUESTED: pgettext_lazy("event", "Đề nghị người đứng đầu ký hồ sơ"),
    Event.DOSSIER_FROZEN: pgettext_lazy("event", "Lập hồ sơ trách nhiệm người đứng đầu"),
    Event.DOSSIER_SIGNED: pgettext_lazy("event", "Ký hồ sơ trách nhiệm người đứng đầu"),
    Event.SYSTEMS_LOADED: pgettext_lazy("event", "Nạp danh mục hệ thống khác"),
    Event.IDENTIFIERS_RECORDED: pgettext_lazy("event", "Ghi mã nhiệm vụ ở hệ thống khác"),
    Event.MAPPING_CHANGED: pgettext_lazy("event", "Cách ghép cột thay đổi"),
    Event.IMPORT_RECEIVED: pgettext_lazy("event", "Nhận tệp danh sách để xem trước"),
    Event.IMPORT_AGREED: pgettext_lazy("event", "Đồng ý ghi danh sách"),
    Event.IMPORT_DISCARDED: pgettext_lazy("event", "Bỏ tệp danh sách, không ghi"),
    Event.LIST_DELIVERED: pgettext_lazy("event", "Xuất danh sách cho hệ thống khác"),
    Event.BURDEN_RATES_LOADED: pgettext_lazy("event", "Nạp định mức phút báo cáo"),
    Event.RECEIVER_CHANGED: pgettext_lazy("event", "Nơi nhận thông báo máy thay đổi"),
    Event.PARENT_CHANGED: pgettext_lazy("event", "Kết nối với bản cấp trên thay đổi"),
    Event.MIRROR_CHANGED: pgettext_lazy("event", "Nhận nhiệm vụ từ bản cấp trên"),
}

ROOMS: dict[str, "Promise"] = {
    "organisations": _("Cơ quan"),
    "accounts": _("Tài khoản"),
    "directives": _("Văn bản"),
    "tasks": _("Nhiệm vụ"),
    "indicators": _("Số liệu"),
    "feeds": _("Nguồn dữ liệu"),
    "evaluations": _("Phát hiện, kiểm tra mẫu"),
    "scorecards": _("Chấm điểm"),
    "alerts": _("Nhắc việc, đôn đốc"),
    "meetings": _("Cuộc họp"),
    "publications": _("Hồ sơ, công bố"),
    "exchanges": _("Trao đổi với hệ thống khác"),
}

# kind of subject: the name of the address that shows it
PLACES = {
    "document": "directive",
    "feed": "feed",
    "body": "body",
    "draft": "method_draft",
    "urging": "urging",
    "meeting": "meeting",
    "finding": "finding",
    "sample": "sample",
    "dossier": "head_dossier",
}


def words_for(event: str) -> str:
    """The event in words; an event of a newer version shows under its own name."""
    return str(WORDS.get(event, event))


def actor_in_words(label: str) -> str:
    """Who acted, without a name: the ledger knows numbers only."""
    kind, _colon, number = label.partition(":")
    match kind:
        case "user":
            return gettext("Người dùng số %(number)s") % {"number": number}
        case "key":
            return gettext("Hệ thống nguồn, khóa số %(number)s") % {"number": number}
        case "system":
            return gettext("Hệ thống (%(part)s)") % {"part": PARTS.get(number, number)}
    return label


def place_of(subject: str) -> str:
    """Address of the page of a subject such as `document:7`; empty when it has none."""
    kind, _colon, key = subject.partition(":")
    if kind not in PLACES or not key:
        return ""
    try:
        return reverse(PLACES[kind], args=[int(key) if key.isdecimal() and kind != "body" else key])
    except NoReverseMatch:
        return ""
