"""Roles in plain words, and what each may do."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from thuocdo.accounts.queries import Role

if TYPE_CHECKING:
    from django.utils.functional import Promise

ROLES: Mapping[str, "str | Promise"] = {
    Role.STANDING_OFFICE: _("Cơ quan thường trực"),
    Role.FOCAL_POINT: _("Đầu mối báo cáo"),
    Role.HEAD: _("Người đứng đầu"),
    Role.VERIFIER: _("Người thẩm định kết quả"),
    Role.EVALUATOR: _("Người đánh giá độc lập"),
    Role.INSPECTOR: _("Thanh tra"),
    Role.PUBLISHER: _("Người công bố"),
    Role.ADMINISTRATOR: _("Quản trị hệ thống"),
}
DUTIES: Mapping[str, "str | Promise"] = {
    Role.STANDING_OFFICE: _("nhận văn bản, giao việc, gia hạn, duyệt kết quả của cơ quan khác"),
    Role.FOCAL_POINT: _("nhận việc, báo cáo, nộp kết quả, khai số liệu của cơ quan mình"),
    Role.HEAD: _("xem và chịu trách nhiệm về việc của cơ quan mình, nộp kết quả"),
    Role.VERIFIER: _("duyệt hoặc trả lại kết quả của cơ quan khác"),
    Role.EVALUATOR: _("ghi số liệu độc lập, đánh giá hiệu quả của cơ quan khác"),
    Role.INSPECTOR: _("xem mọi cơ quan trong cả nước, không ghi gì; chỉ quản trị toàn quốc giao được"),
    Role.PUBLISHER: _("công bố kết quả"),
    Role.ADMINISTRATOR: _("quản lý tài khoản, cơ quan, phương pháp trong phạm vi được giao"),
}


def role_title(role: str) -> str:
    """The role in words; one of a newer version shows under its own name."""
    return str(ROLES.get(role, role))


# What a key may do, in the order of the form.
SCOPE_WORDS: Mapping[str, "str | Promise"] = {
    "figures:write": _("gửi số liệu"),
    "figures:read": _("đọc số liệu"),
    "tasks:read": _("đọc nhiệm vụ và văn bản"),
    "tasks:report": _("nhận việc, báo cáo, nộp kết quả"),
    "tasks:assign": _("giao nhiệm vụ, gia hạn, hủy (cần người giữ khóa)"),
    "tasks:judge": _("duyệt, trả lại kết quả (cần người giữ khóa)"),
}
