"""What the cells of a row say: percent, deadline, and which of them a person changed since the list was made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext

from thuocdo.engine.extraction.intervals import Interval, read_interval
from thuocdo.engine.spelling import name_key
from thuocdo.tasks.files.layouts import STAMPED, cell_mark, meaning

_PERCENT = re.compile(r"(\d{1,3})(?:[.,]\d+)?\s*%?(?:\s*[–-]\s*\D.*)?", re.DOTALL)
_STATUS = re.compile(
    r"(?:chưa|đang|đã)?\s*(?:thực hiện|triển khai|hoàn thành|hủy)|trong hạn|đúng hạn|quá hạn|sắp đến hạn|muộn|tạm dừng"
    r"|không có thời hạn|chờ phê duyệt kết quả|thường xuyên"
)


class CellWrong(ValueError):
    """A cell that cannot be understood; the message says how to write it."""


def percent(text: str, *, status: str = "") -> int | None:
    """The percent that a progress cell states; None when it says no more than the status that holds anyway.

    Raises CellWrong, also for a status that the task does not have: status follows from reports and dates.
    """
    if found := _PERCENT.fullmatch(text.strip()):
        value = int(found[1])
        if value <= 100:
            return value
        raise CellWrong(gettext("Tiến độ phải từ 0 đến 100 phần trăm; nhập lại tiến độ."))
    words = name_key(text)
    if "hoàn thành" in words and "chưa hoàn thành" not in words and "hoàn thành" not in status:
        raise CellWrong(
            gettext(
                "“Hoàn thành” chỉ được ghi khi kết quả nộp kèm minh chứng được phê duyệt; ở đây ghi số phần trăm, "
                "rồi nộp kết quả trên trang nhiệm vụ."
            )
        )
    if all(word in status or not status for word in _STATUS.findall(words)) and _STATUS.search(words):
        return None
    raise CellWrong(gettext("Ghi tiến độ bằng số phần trăm từ 0 đến 100; tình trạng do hệ thống tính từ báo cáo."))


@lru_cache(maxsize=4_096)
def _read(text: str) -> Interval | None:
    # A list of twenty thousand rows has a few dozen deadlines.
    return read_interval(text)


def interval(text: str) -> Interval | None:
    """The interval that a deadline cell means, None for an empty one; raises CellWrong."""
    if not text:
        return None
    found = _read(text)
    if found is None:
        raise CellWrong(
            gettext(
                "Không hiểu thời hạn này; ghi như 31/12/2026, 6/2026, Quý II/2026, 2026, 2026 và những năm tiếp theo, "
                "Hằng năm hoặc Thường xuyên."
            )
        )
    return found


@lru_cache(maxsize=4_096)
def deadline_meanings(text: str) -> tuple[str, ...]:
    """The forms in which the cell of a deadline may be compared: as written, and by its last day."""
    found = _read(text) if text else None
    written = name_key(text)
    return (found.last.isoformat(), written) if found and found.last else (written,)


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell beside the task: whether it differs, whether a person changed it, whether the task moved meanwhile."""

    differs: bool
    touched: bool
    moved: bool


def compare(code: str, name: str, mine: tuple[str, ...], theirs: str, base: Mapping[str, str] | None) -> Compared:
    """One cell against the task; without a stamp every difference counts as the person's, for nobody can tell."""
    if theirs in mine:
        return Compared(differs=False, touched=False, moved=False)
    if base is None:
        return Compared(differs=True, touched=True, moved=False)
    touched = all(cell_mark(code, name, one) != base[name] for one in mine)
    return Compared(differs=True, touched=touched, moved=cell_mark(code, name, theirs) != base[name])


def base_of(stamp: str) -> Mapping[str, str] | None:
    """The marks that a row carried when the list was made, by field; None when there is no such stamp."""
    parts = stamp.strip().split(".")
    return dict(zip(STAMPED, parts, strict=True)) if len(parts) == len(STAMPED) else None


def meanings(name: str, text: str) -> tuple[str, ...]:
    """The forms in which a cell is compared with what the task says."""
    return deadline_meanings(text) if name == "deadline" else (meaning(text),)
