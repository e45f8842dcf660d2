"""Which columns of a table besides unit and indicators a scorecard reads, and as what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from thuocdo.engine.scoring.spec import Normalisation, Spec, Uncertainty
from thuocdo.engine.scoring.spec.vocabulary import NORMALISATIONS, PER_UNIT_PARAMETERS

PEER_GROUP: Final = "peer_group"


@dataclass(frozen=True)
class Columns:
    """Further columns of the table by name, each with what it is for: read as numbers, or as labels.

    Only those that the scorecard's own run reads are `needed`; the others are taken where they are.
    """

    numbers: Mapping[str, str]
    labels: Mapping[str, str]
    needed: frozenset[str]


def further_columns(spec: Spec) -> Columns:
    """The further columns a scorecard names, for its own run or for the runs of an analysis."""
    numbers: dict[str, str] = {}
    labels: dict[str, str] = {}
    needed: set[str] = set()
    for indicator in spec.indicators:
        if indicator.denominator is not None:
            numbers.setdefault(indicator.denominator, f"denominator {indicator.code}")
            needed.add(indicator.denominator)
        _note_parameters(indicator.normalisation, indicator.code, numbers, needed)
    varied = spec.uncertainty or Uncertainty()
    for normalisation in varied.normalise:
        _note_parameters(normalisation, "uncertainty", numbers, set())
    for imputation in (spec.imputation, *varied.impute):
        if isinstance(imputation.group, str):
            labels.setdefault(imputation.group, "impute group")
    if isinstance(spec.imputation.group, str) and spec.imputation.method in ("group_mean", "group_median"):
        needed.add(spec.imputation.group)
    if spec.peer_groups:
        labels.setdefault(PEER_GROUP, "peer_group")
        needed.add(PEER_GROUP)
    return Columns(numbers, {name: use for name, use in labels.items() if name not in numbers}, frozenset(needed))


def _note_parameters(normalisation: Normalisation, use: str, numbers: dict[str, str], needed: set[str]) -> None:
    """Note the columns in which every unit has a parameter of its own."""
    for key in PER_UNIT_PARAMETERS:
        value = normalisation.parameters.get(key)
        if isinstance(value, str):
            numbers.setdefault(value, f"{key} {use}")
            if key in NORMALISATIONS[normalisation.method]:
                needed.add(value)
