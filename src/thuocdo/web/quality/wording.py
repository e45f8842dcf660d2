"""The six qualities in words: what each asks, what counts against it, what mends it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

# In the order of the formula "đúng, đủ, sạch, sống, thống nhất, dùng chung"; by the word of the address.
TITLES: Mapping[str, "str | Promise"] = {
    "accuracy": _("Đúng"),
    "completeness": _("Đủ"),
    "cleanliness": _("Sạch"),
    "liveness": _("Sống"),
    "consistency": _("Thống nhất"),
    "sharing": _("Dùng chung"),
}
ASKS: Mapping[str, "str | Promise"] = {
    "accuracy": _("Số tự khai có khớp với nguồn mạnh hơn không?"),
    "completeness": _("Số phải có đã có chưa?"),
    "cleanliness": _("Dòng gửi đến có hợp lệ, không trùng, trong khoảng cho phép không?"),
    "liveness": _("Số mới nhất có còn trong hạn cập nhật không?"),
    "consistency": _("Các nguồn ngang nhau có khớp, các phần có cộng thành tổng không?"),
    "sharing": _("Số có do máy gửi qua giao diện lập trình không?"),
}
REASONS: Mapping[str, "str | Promise"] = {
    "differs": _("lệch nguồn mạnh hơn"),
    "denied": _("khai “không áp dụng” trong khi nguồn khác đo được"),
    "missing": _("chưa có số"),
    "withdrawn": _("số đã rút, chưa ghi lại"),
    "repeated": _("gửi lại nguyên số cũ"),
    "out_of_range": _("ngoài khoảng hợp lệ của định nghĩa hiện hành"),
    "refused": _("dòng bị từ chối khi nhận"),
    "never": _("chưa từng có số"),
    "stale": _("quá hạn cập nhật"),
    "contradicts": _("hai nguồn ngang nhau nói khác nhau"),
    "parts": _("các phần không cộng thành tổng"),
    "levels": _("số các đơn vị bên dưới không cộng thành số của cơ quan"),
    "not_served": _("chưa gửi bằng máy"),
    "not_reused": _("chưa có cơ quan nào dùng lại"),
}
REMEDIES: Mapping[str, "str | Promise"] = {
    "differs": _("Đối chiếu hai số, khai lại số đúng hoặc nêu vì sao lệch."),
    "denied": _("Khai lại bằng số, hoặc đề nghị sửa phạm vi áp dụng của chỉ số."),
    "missing": _("Nhập số của kỳ, hoặc ghi “không áp dụng”."),
    "withdrawn": _("Ghi lại số của kỳ."),
    "repeated": _("Chỉ gửi số mới hoặc số đã sửa."),
    "out_of_range": _("Kiểm tra đơn vị tính rồi ghi lại."),
    "refused": _("Mở biên nhận của lô, sửa các dòng bị từ chối rồi gửi lại."),
    "never": _("Nhập số đầu tiên, hoặc nối hệ thống nguồn."),
    "stale": _("Nhập số của kỳ mới nhất."),
    "contradicts": _("Xác định nguồn nào đúng rồi ghi lại ở nguồn kia."),
    "parts": _("Đối chiếu tổng với từng phần rồi ghi lại số sai."),
    "levels": _("Đối chiếu với các đơn vị bên dưới rồi ghi lại số sai."),
    "not_served": _("Nối hệ thống nguồn để máy gửi số."),
    "not_reused": _("Mời cơ quan khác dùng số qua giao diện lập trình."),
}
# Where the figure of the period is typed anew; for the others there is nothing to type.
TYPED = frozenset(
    ("missing", "withdrawn", "never", "stale", "differs", "denied", "out_of_range", "contradicts", "parts")
)
