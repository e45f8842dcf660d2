"""Reads of the room: findings, samples with their error rate, inflation of bodies, the rules in force."""

from thuocdo.evaluations.lifecycle import OPENISH, Kind, Outcome, State

from .findings import (
    asked_last_by,
    compared_pairs,
    counts_by_state,
    finding_by_id,
    findings_visible_to,
    for_findings_list,
    names_of,
    open_findings,
    possible_acts,
    possible_owners,
    sizes_of,
    steps_of,
)
from .frame import frame_of
from .inflation import inflation_by_body
from .rules import rules_on
from .samples import error_rate_of, outcome_counts, sample_by_id, samples, unit_by_id, units_of

__all__ = [
    "OPENISH",
    "Kind",
    "Outcome",
    "State",
    "asked_last_by",
    "compared_pairs",
    "counts_by_state",
    "error_rate_of",
    "finding_by_id",
    "findings_visible_to",
    "for_findings_list",
    "frame_of",
    "inflation_by_body",
    "names_of",
    "open_findings",
    "outcome_counts",
    "possible_acts",
    "possible_owners",
    "rules_on",
    "sample_by_id",
    "samples",
    "sizes_of",
    "steps_of",
    "unit_by_id",
    "units_of",
]
