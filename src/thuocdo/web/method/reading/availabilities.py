"""How many of the values that should be there are there, and what stands out about them."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from thuocdo.engine.scoring.structure import Structure


@dataclass(frozen=True, slots=True)
class Availability:
    """How many of the values that should be there are there, and what stands out about them."""

    title: str
    share: float
    bodies: int
    remarks: list[str]


def availabilities_of(found: "Structure", titles: dict[str, str]) -> list[Availability]:
    """Every indicator, those first of which most is missing."""
    remarks = {
        "outliers": gettext("có giá trị ngoại lai"),
        "missing": gettext("thiếu nhiều số liệu"),
        "zeros": gettext("quá nửa bằng 0"),
        "repeated": gettext("nhiều giá trị lặp lại"),
        "constant": gettext("mọi cơ quan như nhau"),
    }
    rows = [
        Availability(
            title=titles[one.code],
            share=0.0 if math.isnan(one.available) else one.available * 100,
            bodies=one.units,
            remarks=[remarks[flag] for flag in one.flags],
        )
        for one in found.summaries
    ]
    return sorted(rows, key=lambda row: (row.share, row.title))
