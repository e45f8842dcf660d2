"""`GET /indicators`: the dictionary, so that a source system knows what it may send and in which unit."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Schema
from pydantic import ConfigDict

from thuocdo.indicators import queries

from .problems import Problem

router = Router(tags=["indicators"])


class IndicatorOut(Schema):
    """One entry of the dictionary, in the caller's language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "service_on_time",
                    "version": 1,
                    "title": "Hồ sơ giải quyết đúng hạn",
                    "definition": "Tỷ lệ hồ sơ được giải quyết trong hạn.",
                    "unit": "%",
                    "direction": 1,
                    "comparator": ">=",
                    "lower": "0",
                    "upper": "100",
                    "target": "95",
                    "frequency": "month",
                    "provenance_expected": "system",
                    "sampled": False,
                    "owner": "VPCP",
                    "applies_to": ["provinces"],
                }
            ]
        }
    )

    code: str
    version: int
    title: str
    definition: str
    unit: str
    direction: int
    comparator: str
    lower: str | None
    upper: str | None
    target: str | None
    frequency: str
    provenance_expected: str
    # Whether a sample tells the values, so that `sample_size` says how sure they are.
    sampled: bool
    owner: str | None
    applies_to: list[str]


@router.get(
    "/indicators", response={200: list[IndicatorOut], (401, 429, 503): Problem}, summary="The dictionary of indicators"
)
def get_indicators(request: HttpRequest, peer_group: str = "") -> list[dict[str, Any]]:
    """Every indicator that is not restricted; `peer_group` keeps those that apply to its bodies."""
    english = (get_language() or "vi").startswith("en")
    return [
        {
            "code": one.code,
            "version": one.version,
            "title": one.title_en if english else one.title,
            "definition": one.definition_en if english else one.definition,
            "unit": one.unit_en if english else one.unit,
            "direction": one.direction,
            "comparator": one.comparator,
            "lower": _text(one.lower),
            "upper": _text(one.upper),
            "target": _text(one.target),
            "frequency": one.frequency,
            "provenance_expected": one.provenance_expected,
            "sampled": bool(one.is_sampled),
            "owner": one.owner.code if one.owner else None,
            "applies_to": one.applies_to,
        }
        for one in queries.indicators(peer_group=peer_group)
        if one.openness != queries.Openness.RESTRICTED
    ]


def _text(value: Any) -> str | None:
    """A decimal without trailing zeros, as rows write it."""
    return None if value is None else queries.written(value)
