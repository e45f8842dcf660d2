"""The working days that packs exchange by decision ("nghỉ thứ Sáu, làm bù thứ Bảy"), for every arithmetic of days."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from thuocdo.engine import calendars


@cache
def swapped_days() -> Mapping[date, bool]:
    """The swaps of every pack that comes with the program; they are national, so all of them hold everywhere."""
    found: dict[date, bool] = {}
    for pack in sorted(files("thuocdo").joinpath("packs").iterdir(), key=lambda place: place.name):
        calendar = pack.joinpath("calendar.toml")
        if calendar.is_file():
            found |= calendars.swapped_days(tomllib.loads(calendar.read_text(encoding="utf-8")))
    return MappingProxyType(found)
