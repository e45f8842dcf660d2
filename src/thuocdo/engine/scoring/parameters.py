"""What one run took from its data, frozen so that it can be exported and given to runs of other data.

With frozen parameters a unit's score changes only when its own values do: means, goalposts found in the data,
treatment cut-offs and transforms stay those of the run they were learnt from. Copeland's rule alone compares
the units of the run itself.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from thuocdo.engine.scoring.impute import StandIns, learn_stand_ins
from thuocdo.engine.scoring.matrix import Cells, FloatArray, ScoringError
from thuocdo.engine.scoring.normalise import Learnt, learn_normalisation
from thuocdo.engine.scoring.spec import Spec
from thuocdo.engine.scoring.treat import Curve

# What a parameter belongs to: the same words of the scorecard must stand behind it when it is used again.
_Methods = Mapping[str, tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of one run, by indicator code; `methods` says how each indicator was handled.

    `weights`, by column, are those that were derived from the data; where every unit has its own (benefit of
    the doubt), or they are given, there are none.
    """

    methods: _Methods
    stand_ins: StandIns
    curves: Mapping[str, Curve]
    statistics: Learnt
    weights: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def learn(
        cls,
        spec: Spec,
        cells: Cells,
        prepared: FloatArray,
        treated: FloatArray,
        curves: Mapping[str, Curve],
        weights: FloatArray | None,
    ) -> "Parameters":
        """From the values before imputation and after treatment (indicators × units) and the derived weights."""
        return cls(
            methods=_methods(spec),
            stand_ins=learn_stand_ins(spec, cells, prepared),
            curves=dict(curves),
            statistics=learn_normalisation(spec, cells, treated),
            weights=(
                {}
                if weights is None or weights.ndim > 1
                else dict(zip(spec.tree.columns, weights.tolist(), strict=True))
            ),
        )

    def check(self, spec: Spec) -> None:
        """ScoringError when a scorecard imputes, treats or normalises otherwise than where these come from."""
        if self.weights and set(self.weights) != set(spec.tree.columns):
            raise ScoringError(
                "The frozen weights are those of another tree: freeze a run of this scorecard", "parameters_mismatch"
            )
        changed = [code for code, methods in _methods(spec).items() if self.methods.get(code) != methods]
        if changed:
            raise ScoringError(
                f"The frozen parameters do not fit {', '.join(changed)}: the scorecard imputes, treats or normalises "
                "otherwise now; freeze a run of this scorecard",
                "parameters_mismatch",
            )

    def with_weights_given(self) -> "Parameters":
        """The same for a scorecard that differs in nothing but in giving its weights."""
        methods = {
            code: (f"{imputation.rpartition(' ')[0]} given", treatment, normalisation)
            for code, (imputation, treatment, normalisation) in self.methods.items()
        }
        return replace(self, methods=methods, weights={})

    def exported(self) -> dict[str, Any]:
        """The same as texts, numbers, lists and dictionaries, for JSON; "nan" and "inf" are texts there."""
        return {
            "methods": {code: list(methods) for code, methods in self.methods.items()},
            "stand_ins": _plain(asdict(self.stand_ins)),
            "curves": {code: _plain(asdict(curve)) for code, curve in self.curves.items()},
            "statistics": _plain(self.statistics),
            "weights": dict(self.weights),
        }

    @classmethod
    def imported(cls, plain: Mapping[str, Any]) -> "Parameters":
        """What `exported` gave; ScoringError when it is something else."""
        try:
            return cls(
                methods={code: (one[0], one[1], one[2]) for code, one in plain["methods"].items()},
                stand_ins=StandIns(**_numbers(plain["stand_ins"])),
                curves={
                    code: Curve(**{**_numbers({**curve, "transform": 0}), "transform": str(curve["transform"])})
                    for code, curve in plain["curves"].items()
                },
                statistics=_numbers(plain["statistics"]),
                weights=_numbers(plain["weights"]),
            )
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise ScoringError(
                f"These are not the frozen parameters of a run ({error!r}): export them again", "parameters_unreadable"
            ) from error


def _methods(spec: Spec) -> _Methods:
    imputation = f"{spec.imputation.method} {spec.imputation.group} {spec.weighting}"
    return {
        one.code: (imputation, one.treatment.method, f"{one.normalisation.method} {one.direction} {one.transform}")
        for one in spec.indicators
    }


def _plain(value: Any) -> Any:
    """Numbers as JSON knows them: what is not finite becomes a text."""
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return repr(value) if isinstance(value, float) and not math.isfinite(value) else value


def _numbers(value: Any) -> Any:
    """The way back: every leaf is a number, every list a tuple."""
    if isinstance(value, Mapping):
        return {key: _numbers(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return tuple(_numbers(one) for one in value)
    return float(value)
