"""How the points of a part came about, in steps that a person can recompute with a pencil."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from thuocdo.engine.scoring import Spec
from thuocdo.scorecards.queries import DrillDown, Standing
from thuocdo.web.design.figures import number, points
from thuocdo.web.design.marks import PROVENANCES
from thuocdo.web.rankings.norms import norm_in_words

from .card import gap_in_words, value_in_words

if TYPE_CHECKING:
    from thuocdo.engine.scoring.spec.model import Indicator


@dataclass(frozen=True, slots=True)
class Step:
    """One step from the value to the points: what is done, and what comes out."""

    words: str
    result: str


def steps_of(spec: Spec, standing: Standing, found: DrillDown, *, shows_value: bool) -> list[Step]:
    """From the value in force to the points of the index."""
    code = found.indicator.code
    one = next((row for row in spec.indicators if row.code == code), None)
    if one is None:
        return []
    own = standing.parts.get(code, {})
    if own.get("gap"):
        rest = [] if own["gap"] == "not_applicable" else _points(spec, standing, one)
        return [Step(gettext("Giá trị được tính"), gap_in_words(own["gap"])), *rest]
    steps = []
    value, provenance = own.get("value"), own.get("provenance", "")
    if shows_value and value is not None:
        steps.append(Step(gettext("Giá trị được tính"), value_in_words(found.indicator, value)))
    steps.append(Step(_on_the_scale(one), _normalised(one, value, own.get("score"), spec, provenance, found)))
    factor = factor_of(spec, provenance, found)
    if provenance:
        word = str(PROVENANCES[provenance].word)
        steps.append(
            Step(
                gettext("Nhân hệ số tin cậy của nguồn “%(source)s”: %(factor)s")
                % {"source": word, "factor": number(factor)},
                gettext("%(score)s điểm") % {"score": points(own.get("score"))},
            )
        )
    return [*steps, *_points(spec, standing, one)]


def factor_of(spec: Spec, provenance: str, found: DrillDown) -> float:
    """The confidence with which the value counts."""
    if not provenance:
        return 1.0
    weakest = found.measurement.weakest_input if found.measurement is not None else "declared"
    return spec.confidence.factor(provenance, weakest)


def _on_the_scale(one: "Indicator") -> str:
    return gettext("Đặt lên thang điểm: %(rule)s") % {"rule": norm_in_words(one)}


def _normalised(
    one: "Indicator", value: float | None, score: float | None, spec: Spec, provenance: str, found: DrillDown
) -> str:
    """The score before the confidence factor; taken back from the score that the run kept."""
    if score is None or value is None:
        return ""
    factor = factor_of(spec, provenance, found)
    return gettext("%(score)s điểm") % {"score": points(score / factor if factor else score)}


def _points(spec: Spec, standing: Standing, one: "Indicator") -> list[Step]:
    own = standing.parts.get(one.code, {})
    if own.get("points") is None or own.get("of") is None:
        return []
    by_method = standing.run.points.get(one.code)
    steps = []
    if by_method is not None and own["of"] - by_method > 0.005:
        steps.append(
            Step(
                gettext("Trọng số: %(own)s điểm, vì phần không áp dụng chia lại cho các phần còn lại (gốc %(method)s)")
                % {"own": points(own["of"]), "method": points(by_method)},
                "",
            )
        )
    steps.append(
        Step(
            gettext("Nhân trọng số %(of)s/100") % {"of": points(own["of"])},
            gettext("%(points)s điểm trong điểm chung") % {"points": points(own["points"])},
        )
    )
    return steps
