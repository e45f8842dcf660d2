"""What notices say in plain words; pages and mail say the same."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from .lifecycle import OF_LADDER, Kind, UrgingState

if TYPE_CHECKING:
    from thuocdo.alerts.models import Notice, Urging


def day(value: date | None) -> str:
    """A date as people write it."""
    return date_format(value, "d/m/Y") if value else gettext("không nêu thời hạn")


def moment(value: datetime | None) -> str:
    """A time to the minute as people write it."""
    return date_format(localtime(value), "H:i d/m/Y") if value else "–"


def title_of(notice: "Notice", *, in_mail: bool = False) -> str:
    """What the notice is about; the words of a restricted task never leave the application."""
    if notice.urging is not None:
        return urging_title(notice.urging)
    if notice.finding is not None:
        return findings_title(notice)
    task = notice.task
    if task is None:
        return ""
    if in_mail and task.secrecy == "restricted":
        return gettext("Một nhiệm vụ hạn chế")
    return Truncator(capfirst(task.title)).chars(160)


def urging_title(urging: "Urging") -> str:
    """A note by its number, or as the draft that it is."""
    if urging.number is None:
        return gettext("Dự thảo phiếu đôn đốc")
    return gettext("Phiếu đôn đốc số %(number)s/%(year)s") % {"number": urging.number, "year": urging.year}


def findings_title(notice: "Notice") -> str:
    """New findings by their number and body, one by its kind; a task of which one tells is never named."""
    finding = notice.finding
    if finding is None:
        return ""
    if notice.findings > 1:
        words = {"number": notice.findings, "body": finding.body.name}
        if notice.lead_id is None:
            return gettext("%(number)s phát hiện mới ở nhiều cơ quan") % words
        return (
            ngettext("%(number)s phát hiện mới ở %(body)s", "%(number)s phát hiện mới ở %(body)s", notice.findings)
            % words
        )
    return f"{finding.get_kind_display()} – {finding.body.name}"


def said(notice: "Notice", today: date) -> str:
    """The notice in one sentence without its title, as it stands today."""
    if notice.urging is not None:
        return _of_urging(notice)
    if notice.finding is not None:
        return _of_finding(notice)
    if notice.kind in OF_LADDER:
        return days_to(notice.due_on, today)
    due = day(notice.due_on)
    match notice.kind:
        case Kind.ASSIGNED if notice.step == "put_in_charge":
            return gettext("Bạn được giao phụ trách; hạn %(due)s") % {"due": due}
        case Kind.ASSIGNED:
            return gettext("Được giao, hạn %(due)s; nhận việc hoặc kiến nghị giao lại") % {"due": due}
        case Kind.RETURNED:
            return gettext("Kết quả bị trả lại; xem lý do, bổ sung rồi trình lại")
        case Kind.WAITING:
            if notice.step == "dispute":
                return gettext("Có kiến nghị giao lại; giữ nguyên, chuyển cơ quan khác hoặc rút nhiệm vụ")
            if notice.step == "request_extension":
                return gettext("Có đề nghị gia hạn; chấp nhận hoặc không chấp nhận")
            return gettext("Có kết quả chờ phê duyệt; phê duyệt hoặc trả lại")
        case Kind.MENTIONED:
            return gettext("Có người nhắc tên bạn trong trao đổi")
    return _decided(notice.step, due)


def _decided(step: str, due: str) -> str:
    match step:
        case "inherit":
            return gettext("Nhiệm vụ được chuyển sang do sắp xếp cơ quan; hạn %(due)s") % {"due": due}
        case "transfer" | "reassign":
            return gettext("Đã chuyển cho cơ quan khác chủ trì")
        case "uphold":
            return gettext("Kiến nghị không được chấp nhận; nhiệm vụ vẫn do cơ quan bạn chủ trì")
        case "withdraw" | "cancel":
            return gettext("Nhiệm vụ đã được rút")
        case "amend":
            return gettext("Nhiệm vụ được văn bản mới sửa đổi; hạn %(due)s") % {"due": due}
        case "extend" | "grant_extension":
            return gettext("Thời hạn được gia hạn đến %(due)s") % {"due": due}
        case "refuse_extension":
            return gettext("Đề nghị gia hạn không được chấp nhận; hạn vẫn là %(due)s") % {"due": due}
        case "suspend":
            return gettext("Nhiệm vụ tạm dừng, thời hạn ngừng tính")
        case "resume":
            return gettext("Nhiệm vụ tiếp tục, thời hạn mới %(due)s") % {"due": due}
        case "approve_result":
            return gettext("Kết quả được phê duyệt")
        case "judge_effectiveness":
            return gettext("Có đánh giá hiệu quả")
        case "reopen":
            return gettext("Nhiệm vụ được mở lại; hạn %(due)s") % {"due": due}
    return gettext("Nhiệm vụ có thay đổi")


def _of_urging(notice: "Notice") -> str:
    urging = notice.urging
    if urging is None:
        return ""
    if urging.state == UrgingState.ANSWERED:
        return gettext("%(body)s đã trả lời") % {"body": urging.addressee.name}
    words = {"body": urging.issuer.name, "day": day(urging.reply_by)}
    return gettext("%(body)s đôn đốc; trả lời chậm nhất ngày %(day)s") % words


def _of_finding(notice: "Notice") -> str:
    match notice.step:
        case "found":
            return gettext("Xem và trả lời; phát hiện là câu hỏi, chưa phải kết luận")
        case "found_elsewhere":
            return gettext("Xem, giao người của cơ quan trả lời hoặc kết luận")
        case "assign" | "ask" | "resume" if notice.due_on:
            words = {"day": day(notice.due_on)}
            if notice.step == "assign":
                return gettext("Đang xác minh; trả lời chậm nhất ngày %(day)s") % words
            if notice.step == "ask":
                return gettext("Câu trả lời chưa đủ, cần nói rõ thêm; hạn trả lời %(day)s") % words
            return gettext("Kết luận được rút lại, đang xác minh lại; hạn trả lời %(day)s") % words
        case "ask":
            return gettext("Câu trả lời chưa đủ, cần nói rõ thêm")
        case "resume":
            return gettext("Kết luận được rút lại, đang xác minh lại")
        case "answer":
            return gettext("Cơ quan đã trả lời; kết luận hoặc hỏi thêm")
        case "confirm":
            return gettext("Kết luận: có sai lệch")
        case "refute":
            return gettext("Kết luận: không có sai lệch")
    return gettext("Phát hiện có thay đổi")


def days_to(due_on: date | None, today: date) -> str:
    """How far the deadline is, in calendar days, with its date."""
    if due_on is None:
        return ""
    left = (due_on - today).days
    words = {"due": day(due_on), "days": abs(left)}
    if left == 0:
        return gettext("Hôm nay (%(due)s) là hạn cuối") % words
    if left > 0:
        return ngettext("Còn %(days)s ngày, hạn %(due)s", "Còn %(days)s ngày, hạn %(due)s", left) % words
    return ngettext("Quá hạn %(days)s ngày, hạn %(due)s", "Quá hạn %(days)s ngày, hạn %(due)s", -left) % words


def asked(notice: "Notice", asks: Mapping[str, Mapping[str, str]]) -> str:
    """What the ladder asks on the notice's rung, in the reader's language; empty for other notices."""
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    return asks.get(notice.rung, {}).get(language, "")
