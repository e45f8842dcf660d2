"""Numbers and days as people type them into a field: the comma of Vietnamese, the day before the month."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_DAY = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
# What the column holds: 24 digits, 6 of them after the comma.
MOST = Decimal(10) ** 18


def read_number(text: str) -> Decimal | None:
    """12,5 and 1.234,5 as Vietnamese write them, 12.5 as machines do; None for anything else."""
    bare = text.strip().replace(" ", "").replace("\u00a0", "")
    if _GROUPED.fullmatch(bare):
        bare = bare.replace(".", "")
    try:
        number = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= MOST:
        return None
    return number.quantize(Decimal("0.000001"))


def read_day(text: str) -> date | None:
    """31/12/2026, 31-12-2026, 31.12.2026 or 2026-12-31; None for anything else."""
    bare = text.strip()
    if found := _DAY.fullmatch(bare):
        day, month, year = map(int, found.groups())
    elif found := _ISO.fullmatch(bare):
        year, month, day = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None
