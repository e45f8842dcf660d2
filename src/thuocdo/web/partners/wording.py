"""States and faults of an exchange in plain words."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

STATES: dict[str, "Promise"] = {
    "live": _("Đang thông suốt"),
    "waiting": _("Đang chờ lượt sau"),
    "broken": _("Chưa nối được"),
    "paused": _("Tạm dừng"),
    "never": _("Chưa trao đổi lần nào"),
}
FAILURES: dict[str, "Promise"] = {
    "unreachable": _("Không gọi được bản cấp trên; kiểm tra đường truyền. Máy tự thử lại."),
    "key_refused": _("Bản cấp trên không nhận khóa; xin khóa mới rồi chạy “thuocdo exchange pair”."),
    "other_version": _("Hai bản khác phiên bản; nâng cấp bản cũ hơn. Mọi báo cáo được giữ lại."),
    "not_understood": _("Bản cấp trên trả lời không đúng; báo người vận hành bản cấp trên."),
    "too_slow": _("Máy nhận trả lời quá chậm."),
    "private_address": _("Địa chỉ dẫn vào mạng nội bộ nên không gửi."),
    "not_https": _("Địa chỉ không dùng https nên không gửi."),
    "unknown_host": _("Không tìm thấy máy nhận theo tên; kiểm tra địa chỉ."),
    "certificate": _("Chứng thư của máy nhận không hợp lệ hoặc đã hết hạn."),
    "not_tried": _("Chưa gửi vì lần gửi trước đó không có trả lời."),
    "address": _("Địa chỉ không đúng."),
}


def state_in_words(state: str) -> "Promise":
    """A state of the exchange."""
    return STATES[state]


def failure_in_words(code: str) -> "Promise | str":
    """A fault; of an answer with a status the status itself."""
    status = code.removeprefix("status_")
    if status != code:
        return _("Máy nhận trả lời mã %(status)s.") % {"status": status}
    return FAILURES.get(code, code)
