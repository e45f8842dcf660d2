"""What the review says in words: why a stretch was taken for an assignment, how sure that is, how a name was read."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.directives.queries import Place

# From here on the rules are fairly sure, and quite sure.
FAIR, SURE = 0.7, 0.85
FAIR_PERCENT, SURE_PERCENT = round(FAIR * 100), round(SURE * 100)

REASONS: dict[str, Promise] = {
    "directive": _("có lời giao việc (giao, yêu cầu, đề nghị)"),
    "modal": _("nêu cơ quan kèm “phải”, “cần” hoặc “có trách nhiệm”"),
    "addressee": _("nêu cơ quan rồi đến việc phải làm"),
    "row": _("là một dòng trong bảng giao việc"),
    "passive": _("nêu kết quả phải đạt, không nêu người làm trước"),
    "weak": _("chỉ là lời nhấn mạnh hoặc lưu ý, có thể không phải giao việc"),
    "bare": _("chỉ nêu việc, không có lời giao"),
    "open": _("việc phải làm đoán theo vị trí trong câu, động từ chưa có trong danh mục"),
    "misread": _("văn bản quét có lỗi nhận dạng chữ"),
    "long_name": _("tên cơ quan dài bất thường, nên xem lại chỗ ngắt"),
    "deadline_unclear": _("có thời hạn nhưng chưa tính được ngày"),
    "amends": _("sửa đổi một nhiệm vụ đã giao"),
    "lead_inherited": _("cơ quan chủ trì lấy từ câu hoặc đề mục phía trên"),
    "deadline_of_heading": _("thời hạn lấy từ đề mục phía trên"),
    "addressee_named": _("nêu đích danh cơ quan"),
    "addressee_generic": _("giao cho một nhóm cơ quan"),
    "addressee_none": _("không nêu cơ quan thực hiện"),
}

MANNERS: dict[str, Promise] = {
    "post": _("theo chức danh"),
    "local": _("theo địa phương"),
    "group": _("nhóm cơ quan"),
    "part_of_group": _("một phần của nhóm"),
    "former_name": _("theo tên cũ"),
    "successor": _("cơ quan kế thừa"),
    "other_time": _("tồn tại vào thời gian khác"),
}


def place_in_words(place: Place | None) -> str:
    """Where a stretch stands in the file: "trang 3, đoạn 12"."""
    if place is None:
        return ""
    if place.page is None:
        return gettext("đoạn %(paragraph)s") % {"paragraph": place.paragraph}
    return gettext("trang %(page)s, đoạn %(paragraph)s") % {"page": place.page, "paragraph": place.paragraph}


def reasons_in_words(codes: Iterable[str]) -> str:
    """The reasons as one phrase; codes that say nothing to people are left out."""
    return "; ".join(str(REASONS[code]) for code in codes if code in REASONS)


def sureness(confidence: float) -> str:
    """How sure the rules are, in words."""
    if confidence >= SURE:
        return gettext("độ chắc chắn cao")
    return gettext("độ chắc chắn vừa") if confidence >= FAIR else gettext("độ chắc chắn thấp, cần đọc kỹ")
