"""How the parts of a pack, promises and decisions are called on the pages of meetings."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.web.design.figures import day

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from thuocdo.meetings.models import Meeting

SECTIONS: dict[str, "Promise"] = {
    "overdue": _("Nhiệm vụ mới quá hạn"),
    "promises": _("Lời hứa tại các phiên trước"),
    "wanted": _("Việc cần quyết định"),
    "moved": _("Nhiệm vụ có diễn biến"),
    "resolved": _("Quá hạn đã giải quyết"),
}
# What the address calls each part: ?muc=qua-han.
WORDS = {
    "qua-han": "overdue",
    "loi-hua": "promises",
    "can-quyet-dinh": "wanted",
    "dien-bien": "moved",
    "da-giai-quyet": "resolved",
}
PLACES = {section: word for word, section in WORDS.items()}
MARKS: dict[str, "Promise"] = {
    "overdue": _("Quá hạn"),
    "due_soon": _("Sắp đến hạn"),
    "on_time": _("Trong hạn"),
    "no_deadline": _("Không có thời hạn"),
    "suspended": _("Tạm dừng"),
    "done": _("Hoàn thành đúng hạn"),
    "done_late": _("Hoàn thành muộn"),
}
KINDS: dict[str, "Promise"] = {
    "dispute": _("Kiến nghị giao lại"),
    "extension": _("Đề nghị gia hạn"),
    "approval": _("Kết quả chờ phê duyệt"),
    "decision": _("Nhiệm vụ chờ quyết định"),
    "finding": _("Phát hiện sai lệch số liệu"),
}
# What the meeting may decide on the spot for each kind.
VERDICT_OF = {"dispute": "uphold", "extension": "extend", "approval": "approve"}


def session_words(meeting: "Meeting") -> str:
    """How one speaks of a meeting in passing: phiên 3 (14/09/2026)."""
    words = {"number": meeting.session, "day": day(meeting.held_on)}
    if meeting.session:
        return gettext("phiên %(number)s (%(day)s)") % words
    return gettext("họp ngày %(day)s") % words
