"""The words of a scorecard file: methods, their parameters with defaults, provenances."""

from collections.abc import Mapping
from typing import Final, Literal

Ties = Literal["min", "dense", "average"]
Parameter = float | bool | str | tuple[float, ...] | tuple[tuple[float, float], ...]


class _Required:
    """Marks a parameter that has no default."""


REQUIRED: Final = _Required()
OPTIONAL: Final = None

# Every normalisation with its parameters and their defaults. The first block follows the OECD/JRC handbook;
# the second holds achievement functions, which give 0 to `scale` points from the value's own meaning.
NORMALISATIONS: Final[Mapping[str, Mapping[str, Parameter | _Required | None]]] = {
    "min_max": {"lower": 0.0, "upper": 100.0},
    "z_score": {"mean": 0.0, "sd": 1.0},
    "goalposts": {"goalposts": REQUIRED, "scale": 100.0, "truncate": True},
    "scaled": {"lower": 0.0, "upper": 100.0, "scale": 100.0},
    "distance_to_target": {"target": REQUIRED, "cap": False},
    "distance_to_reference": {"reference": REQUIRED, "cap": False},
    "distance_to_maximum": {},
    "rank": {"ties": "min"},
    "borda": {"ties": "min"},
    "percentile_rank": {"ties": "min"},
    "fraction_of_maximum": {},
    "none": {},
    "target_path": {
        "baseline": REQUIRED,
        "target": OPTIONAL,
        "elapsed": OPTIONAL,
        "expected": OPTIONAL,
        "scale": 100.0,
    },
    "bands": {"bands": REQUIRED},
    "ratio": {"target": REQUIRED, "scale": 100.0},
    "inverse_ratio": {"target": REQUIRED, "scale": 100.0},
    "range": {"lower": REQUIRED, "upper": REQUIRED, "margin": 0.0, "scale": 100.0},
    "yes_no": {"scale": 100.0},
}
# Parameters that an indicator may state directly, beside `normalise`.
INDICATOR_PARAMETERS: Final = (
    "goalposts",
    "target",
    "lower",
    "upper",
    "baseline",
    "elapsed",
    "expected",
    "bands",
    "margin",
    "reference",
    "mean",
    "sd",
    "truncate",
    "cap",
    "ties",
)
# Parameters that may name a column of the data instead of a number: each unit then has its own.
PER_UNIT_PARAMETERS: Final = ("target", "baseline", "elapsed", "expected")
# Parameters given on the scale of the data, to which an indicator's transform applies as well.
DATA_SCALE_PARAMETERS: Final[Mapping[str, tuple[str, ...]]] = {
    "goalposts": ("goalposts",),
    "distance_to_target": ("target",),
    "target_path": ("baseline", "target", "expected"),
    "bands": ("bands",),
    "ratio": ("target",),
    "inverse_ratio": ("target",),
    "range": ("lower", "upper"),
}
AGGREGATIONS: Final = (
    "arithmetic",
    "geometric",
    "harmonic",
    "generalised",
    "copeland",
    "median",
    "minimum",
)
# Weights: stated in the file, or derived from the normalised values of the run.
WEIGHTINGS: Final = ("given", "equal", "effect", "pca", "benefit_of_doubt", "critic", "entropy")
TREATMENTS: Final = ("none", "two_stage", "manual")
PROVENANCES: Final = ("system", "independent", "cross_checked", "derived", "declared")
