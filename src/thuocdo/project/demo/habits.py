"""Habits of a few invented bodies that monitors look for: round numbers, the last days, one file or text for all.

Each is drawn for every body alike, so that the signs are found by computation and planted on nobody.
"""

from datetime import date
from functools import cache

from thuocdo.engine.calendars import add_working_days, quarter_of

from .traits import chance

ROUNDING, HASTY, RECYCLING, COPYING = 0.05, 0.06, 0.05, 0.05
STEP = 5
NARRATIVE = (
    "Đơn vị đã rà soát toàn bộ quy trình có liên quan, phân công đầu mối theo từng nội dung, lấy ý kiến các bộ phận "
    "chuyên môn, tổ chức tập huấn cho cán bộ trực tiếp thực hiện, và đưa sản phẩm vào chạy thử tại một số địa bàn; "
    "bước đầu được người sử dụng đánh giá tốt, các vướng mắc nhỏ đã được ghi nhận để khắc phục trong thời gian tới."
)


@cache
def rounds(body: str) -> bool:
    """Whether a body tells its figures to the nearest five."""
    return chance("rounds", body).random() < ROUNDING


@cache
def is_hasty(body: str) -> bool:
    """Whether a body hands in when a quarter ends."""
    return chance("hasty", body).random() < HASTY


@cache
def recycles(body: str) -> bool:
    """Whether a body proves all its work by one file."""
    return chance("recycles", body).random() < RECYCLING


@cache
def copies(body: str) -> bool:
    """Whether a body tells the same story of every task."""
    return chance("copies", body).random() < COPYING


def to_the_nearest_five(told: str) -> str:
    """A figure as somebody tells it who does not count."""
    return f"{min(100.0, STEP * round(float(told) / STEP)):.1f}"


def last_days(day: date, body: str) -> date:
    """One of the last three working days of the quarter in which the day lies."""
    end = add_working_days(quarter_of(day).end, -1)
    return end if chance("last", body, day).random() < 1 / 2 else add_working_days(end, -1)
