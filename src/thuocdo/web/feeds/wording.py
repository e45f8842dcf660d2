"""Sentences about feeds: how one fares, how far its newest event lies back, what came of a batch."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.translation import get_language, gettext, ngettext

from thuocdo.feeds.queries import Batch, FeedState, Health
from thuocdo.web.design.figures import number

# What the frame has shapes and colours for, by how a feed or a batch fares.
SENDING, SILENT, NEVER = "on-time", "overdue", "quiet"


def opening(found: Sequence[Health]) -> str:
    """One sentence on all feeds: how much came in a day, what failed, who is silent."""
    if not found:
        return gettext("Chưa khai báo nguồn dữ liệu nào.")
    events = sum(one.day.accepted for one in found)
    failed = sum(one.day.rejected for one in found)
    silent = [one for one in found if one.is_silent]
    first = ngettext(
        "%(feeds)s nguồn dữ liệu; 24 giờ qua nhận %(events)s sự kiện, %(failed)s dòng lỗi.",
        "%(feeds)s nguồn dữ liệu; 24 giờ qua nhận %(events)s sự kiện, %(failed)s dòng lỗi.",
        len(found),
    ) % {"feeds": number(len(found)), "events": number(events), "failed": number(failed)}
    if silent:
        names = ", ".join(name_of(one) for one in silent)
        return f"{first} {gettext('Đã ngừng gửi quá thời gian cho phép: %(names)s.') % {'names': names}}"
    return f"{first} {gettext('Không nguồn nào ngừng gửi quá thời gian cho phép.')}"


def name_of(health: Health) -> str:
    """The name of the feed in the reader's language."""
    return in_language(health.feed)


def in_language(feed: FeedState) -> str:
    """The feed's name in the reader's language."""
    return feed.name_en if (get_language() or "vi").startswith("en") else feed.name


def state_of(health: Health) -> tuple[str, str, str]:
    """Shape, tone and word for how a feed fares."""
    if not health.has_spoken:
        return "m-not-started", NEVER, gettext("Chưa gửi lần nào")
    if health.has_ended:
        return "m-done", NEVER, gettext("Đã kết thúc")
    if health.is_silent:
        return "m-overdue", SILENT, gettext("Ngừng gửi")
    return "m-on-time", SENDING, gettext("Đang gửi")


def state_of_batch(batch: Batch) -> tuple[str, str, str]:
    """Shape, tone and word for what became of a batch."""
    if batch.state == Batch.State.REFUSED:
        return "m-overdue", SILENT, gettext("Từ chối")
    if batch.is_computed:
        return "m-done", "done", gettext("Đã tính số liệu")
    return "m-submitted", SENDING, gettext("Đã lưu, chờ tính")


def door_of(batch: Batch) -> str:
    """Through which door a batch came."""
    words = {
        Batch.Door.API: gettext("giao diện lập trình"),
        Batch.Door.FOLDER: gettext("thư mục theo dõi"),
        Batch.Door.COMMAND: gettext("lệnh"),
    }
    return words[Batch.Door(batch.door)]


def span(time: timedelta | None) -> str:
    """A span of time in its two largest units; a dash for none."""
    if time is None:
        return "–"
    minutes = int(time.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        gettext("%(days)s ngày") % {"days": number(days)} if days else "",
        gettext("%(hours)s giờ") % {"hours": hours} if hours else "",
        gettext("%(minutes)s phút") % {"minutes": minutes} if minutes and not days else "",
    ]
    return " ".join(part for part in parts if part) or gettext("dưới 1 phút")
