"""Computing a run: a scorecard and its data in, everything the files and the report tell out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.scoring.contribute import is_additive
from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.pipeline import Outcome, compute
from thuocdo.engine.scoring.run.data import Data, read_data
from thuocdo.engine.scoring.run.recipe import Options
from thuocdo.engine.scoring.run.tables import interval_table, long_table, result_tables, sensitivity_table
from thuocdo.engine.scoring.spec import Problem, Spec, SpecError, Uncertainty, load_spec
from thuocdo.engine.scoring.spec.vocabulary import PROVENANCES

if TYPE_CHECKING:
    from thuocdo.engine.scoring.sensitivity import Removal, Sensitivity
    from thuocdo.engine.scoring.structure import Structure
    from thuocdo.engine.scoring.uncertainty import Simulation

# What varies where a scorecard does not say: its weights, by a quarter.
DEFAULT_UNCERTAINTY: Final = Uncertainty(weights=0.25)
# Correlations between fewer units mean nothing.
FEWEST_UNITS: Final = 5
# Samples of a sensitivity analysis; it scores as often as there are samples, times the factors and two.
SAMPLES: Final = 1_024

# Told which stage is being worked on and what share of it is done.
Tell = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Results:
    """One run with what was asked of it; the digests are those of the two inputs as bytes.

    `contributions` (units × indicators) add up to the index where `is_additive`; `varied` is the scorecard with
    what an analysis of uncertainty varies, which is the default where the file does not say.
    """

    spec: Spec
    spec_digest: str
    data_digest: str
    options: Options
    data: Data
    outcome: Outcome
    contributions: FloatArray
    is_additive: bool
    varied: Spec
    structure: "Structure | None"
    simulation: "Simulation | None"
    sensitivity: "Sensitivity | None"
    removals: "tuple[Removal, ...]"


def silence(stage: str, share: float) -> None:
    """Tell nobody."""


def read_spec(content: bytes) -> Spec:
    """The scorecard of a file; `SpecError` also where it is no UTF-8 text."""
    try:
        return load_spec(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SpecError([Problem(line, "file", "is not UTF-8 text", "save the file in UTF-8")]) from error


def compute_results(spec: bytes, data: bytes, options: Options, *, jobs: int = 1, tell: Tell = silence) -> Results:
    """Score the bytes of a table by the bytes of a scorecard file.

    Raises `SpecError`, `DataError` or `ScoringError`. The results do not depend on `jobs`.
    """
    tell("read", 0.0)
    card = read_spec(spec)
    table = read_data(data, card)
    tell("score", 0.0)
    outcome = compute(card, table.matrix)
    if not outcome.units:
        raise ScoringError(
            "No unit has enough values: fill in the data, or lower unit_availability in [screen]", "no_units_left"
        )
    if not is_additive(card):
        tell("explain", 0.0)
    contributions = outcome.contributions
    varied = card if card.uncertainty is not None else replace(card, uncertainty=DEFAULT_UNCERTAINTY)
    structure = _structure(outcome)
    simulation = sensitivity = None
    removals: tuple[Removal, ...] = ()
    errors = _errors(varied, table)
    # What these need takes longer to load than a small table to score, so it is loaded when asked for.
    if options.replicates:
        tell("replicates", 0.0)
        from thuocdo.engine.scoring.uncertainty import simulate

        simulation = simulate(
            varied, table.matrix, replicates=options.replicates, seed=options.seed, jobs=jobs, errors=errors
        )
    if options.sensitivity:
        tell("sensitivity", 0.0)
        from thuocdo.engine.scoring.sensitivity import analyse_sensitivity, remove_each

        try:
            sensitivity = analyse_sensitivity(
                varied, table.matrix, samples=SAMPLES, seed=options.seed, jobs=jobs, errors=errors
            )
        except ScoringError as error:
            # Such a scorecard can be scored all the same; the analysis then has no factor to name.
            if error.code != "nothing_varies":
                raise
        removals = remove_each(card, table.matrix) if len(card.indicators) > 1 else ()
    return Results(
        spec=card,
        spec_digest=digest_of_bytes(spec),
        data_digest=digest_of_bytes(data),
        options=options,
        data=table,
        outcome=outcome,
        contributions=contributions,
        is_additive=is_additive(card),
        varied=varied,
        structure=structure,
        simulation=simulation,
        sensitivity=sensitivity,
        removals=removals,
    )


def _structure(outcome: Outcome) -> "Structure | None":
    """The structure of the index, where there are units enough to speak of any."""
    if np.count_nonzero(~np.isnan(outcome.scores[:, -1])) < FEWEST_UNITS:
        return None
    from thuocdo.engine.scoring.structure import analyse

    return analyse(outcome)


def _errors(spec: Spec, table: Data) -> FloatArray | None:
    """The standard deviation of each cell's measurement error by its provenance, in normalised points."""
    stated = {} if spec.uncertainty is None else dict(spec.uncertainty.error)
    if table.provenance is None or not stated:
        return None
    # What a value was derived from is not in the table; the weakest it can be is what a body says of itself.
    stated.setdefault("derived", stated.get("declared", 0.0))
    errors = np.zeros(table.provenance.shape)
    for word in PROVENANCES:
        errors[table.provenance == word] = stated.get(word, 0.0)
    return errors


def table_files(results: Results) -> Mapping[str, bytes]:
    """The tables of a run by file name; those that were not asked for are absent."""
    outcome = results.outcome
    codes = [indicator.code for indicator in results.spec.indicators]
    files = {
        **result_tables(outcome),
        "contributions.csv": long_table(outcome.units, codes, "points", results.contributions),
    }
    if results.simulation is not None:
        files["intervals.csv"] = interval_table(results.simulation)
    if results.options.sensitivity:
        files["sensitivity.csv"] = sensitivity_table(results.sensitivity)
    return files
