"""Words about evidence: kinds, why a file is not shown, where else it was used, what a returned part is called."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.web.design.figures import day

if TYPE_CHECKING:
    from thuocdo.tasks.queries import Use

KINDS = {
    "product": _("Sản phẩm"),
    "decision": _("Quyết định, văn bản"),
    "minutes": _("Biên bản"),
    "photo": _("Ảnh chụp"),
    "data": _("Số liệu"),
    "other": _("Tài liệu khác"),
}
PARTS = {
    "text": _("Nội dung báo cáo"),
    "file": _("Tệp"),
    "product": _("Sản phẩm"),
    "milestone": _("Mốc"),
    "field": _("Trường thông tin"),
}
_NOT_SHOWN = {
    "busy": _("Máy chủ đang bận xem các tệp khác; tải lại trang sau ít giây."),
    "encrypted_pdf": _("Tệp có mật khẩu nên không xem trước được; đề nghị nộp bản không có mật khẩu."),
    "secret": _("Tệp mang dấu chỉ độ mật nên không được hiển thị; báo ngay cơ quan thường trực để xử lý."),
    "no_such_page": _("Tệp không có trang này."),
    "too_many_pixels": _("Ảnh quá lớn nên không xem trước được; tải tệp về để xem."),
}


def why_not_shown(code: str) -> str:
    """Why there is no preview, and what to do."""
    return str(_NOT_SHOWN.get(code, gettext("Tệp không xem trước được; tải tệp về để xem.")))


def use_in_words(use: "Use") -> SafeString:
    """Where else a file was used, as one sentence that names only a task which the reader may see."""
    if use.is_same:
        told = gettext("Chính tệp này đã dùng ở")
    elif use.is_picture:
        told = gettext("Ảnh gần giống (%(degree)s%%) đã dùng ở") % {"degree": round(100 * use.degree)}
    else:
        told = gettext("Tệp có nội dung gần giống (%(degree)s%%) đã dùng ở") % {"degree": round(100 * use.degree)}
    when = _on(use.at)
    if use.in_same_task:
        return format_html("{} {}{}", told, gettext("kỳ báo cáo khác của chính nhiệm vụ này"), when)
    if use.task is None:
        return format_html("{} {}{}", told, gettext("một nhiệm vụ khác"), when)
    address = reverse("task", args=[use.task.code])
    # One element: set beside a mark, its words must not be parted from each other.
    return format_html(
        '<span>{} {} <a href="{}">{}</a>{}</span>', told, gettext("nhiệm vụ"), address, use.task.code, when
    )


def _on(at: datetime | None) -> str:
    return gettext(", ngày %(day)s") % {"day": day(localdate(at))} if at is not None else ""
