"""Whether the parts below a node measure one thing, told by Cronbach's alpha and what stands beside it."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext

from thuocdo.web.design.figures import number

from .figures import figure, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from thuocdo.engine.scoring.structure import Structure

# Alpha from which parts are said to measure one thing.
CONSISTENT = 0.7
PASSABLE = 0.6


@dataclass(frozen=True, slots=True)
class Consistency:
    """Whether the children of a node measure one thing."""

    title: str
    children: int
    alpha: str
    word: str
    # The child without which alpha would be higher, and how high.
    without: str
    first_component: str
    kmo: str


def consistencies_of(found: "Structure", titles: dict[str, str]) -> list[Consistency]:
    """Every node with several children."""
    rows = []
    for family in found.families:
        if len(family.children) < 2:
            continue
        rows.append(
            Consistency(
                title=titles[family.node],
                children=len(family.children),
                alpha=figure(family.alpha),
                word=_consistency(family.alpha),
                without=_better_without(family.children, family.alpha, family.alpha_without, titles),
                first_component=share(float(family.explained[0])),
                kmo=figure(family.kmo),
            )
        )
    return rows


def _consistency(alpha: float) -> str:
    if math.isnan(alpha):
        return gettext("không tính được")
    if alpha >= CONSISTENT:
        return gettext("nhất quán")
    return gettext("tạm được") if alpha >= PASSABLE else gettext("chưa nhất quán")


def _better_without(
    children: tuple[str, ...], alpha: float, without: "NDArray[np.float64]", titles: dict[str, str]
) -> str:
    """The child that lowers alpha most, by a hundredth at least; empty where none does."""
    if math.isnan(alpha) or np.isnan(without).all():
        return ""
    place = int(np.nanargmax(without))
    if without[place] < alpha + 0.01:
        return ""
    return gettext("%(title)s (còn lại: %(alpha)s)") % {
        "title": titles[children[place]],
        "alpha": number(float(without[place]), 2),
    }
