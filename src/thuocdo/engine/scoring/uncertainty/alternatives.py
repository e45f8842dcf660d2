"""The methods a run may use instead of the scorecard's own, and the scorecard of one such run."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray, ScoringError
from thuocdo.engine.scoring.spec import Aggregation, Imputation, Normalisation, Spec, Treatment, Uncertainty
from thuocdo.engine.scoring.spec.methods import another_normalisation

STEPS: Final = ("impute", "treat", "normalise", "aggregate")
Method = Imputation | Treatment | Normalisation | Aggregation
M = TypeVar("M", bound=Method)


@dataclass(frozen=True)
class Alternatives:
    """The methods drawn from, for each step; the first entry of each is None, the scorecard's own."""

    spec: Spec

    @cached_property
    def impute(self) -> tuple[Imputation | None, ...]:
        """Imputations."""
        return _others(self._varied.impute, self.spec.imputation)

    @cached_property
    def treat(self) -> tuple[Treatment | None, ...]:
        """Treatments of the indicators that follow [treat]."""
        return _others(self._varied.treat, self.spec.treatment)

    @cached_property
    def normalise(self) -> tuple[Normalisation | None, ...]:
        """Normalisations of the indicators that follow [normalise]."""
        own = self.spec.normalisation
        listed = [
            own if one.method == own.method and dict(own.parameters) == {**own.parameters, **one.parameters} else one
            for one in self._varied.normalise
        ]
        return _others(tuple(listed), own)

    @cached_property
    def aggregate(self) -> tuple[Aggregation | None, ...]:
        """Means for every node that states none of its own."""
        aggregating = self.spec.aggregating
        # With a mean for each level there is no single method that an alternative could be equal to.
        own = None if aggregating.by_level else aggregating.default
        return _others(self._varied.aggregate, own)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many methods there are for each of `STEPS`."""
        return len(self.impute), len(self.treat), len(self.normalise), len(self.aggregate)

    @property
    def _varied(self) -> Uncertainty:
        return self.spec.uncertainty or Uncertainty()

    def spec_of(self, choice: tuple[int, int, int, int]) -> Spec:
        """The scorecard with the chosen method of each of `STEPS` in place of its own.

        ScoringError when a normalisation needs a parameter that nobody states.
        """
        impute, treat, normalise, aggregate = choice
        spec = self.spec
        if (imputation := self.impute[impute]) is not None:
            spec = replace(spec, imputation=imputation)
        if (treatment := self.treat[treat]) is not None:
            spec = _with_treatment(spec, treatment)
        if (normalisation := self.normalise[normalise]) is not None:
            spec = _with_normalisation(spec, normalisation)
        if (aggregation := self.aggregate[aggregate]) is not None:
            spec = replace(spec, aggregating=replace(spec.aggregating, default=aggregation, by_level=()))
        return spec


def with_weights(spec: Spec, weights: FloatArray) -> Spec:
    """The scorecard with other relative weights, one per column of a run."""
    by_code = dict(zip(spec.tree.columns, np.asarray(weights, dtype=np.float64).tolist(), strict=True))
    return replace(
        spec,
        weighting="given",
        nodes=tuple(replace(node, weight=by_code[node.code]) for node in spec.nodes),
        indicators=tuple(replace(one, weight=by_code[one.code]) for one in spec.indicators),
    )


def _others(listed: tuple[M, ...], own: M | None) -> tuple[M | None, ...]:
    others: list[M] = []
    for one in listed:
        if one != own and one not in others:
            others.append(one)
    return (None, *others)


def _with_treatment(spec: Spec, treatment: Treatment) -> Spec:
    indicators = tuple(
        replace(one, treatment=treatment) if one.treatment == spec.treatment else one for one in spec.indicators
    )
    return replace(spec, indicators=indicators, treatment=treatment)


def _with_normalisation(spec: Spec, normalisation: Normalisation) -> Spec:
    indicators = []
    for one in spec.indicators:
        if one.normalisation.method == spec.normalisation.method:
            try:
                one = replace(one, normalisation=another_normalisation(one.normalisation, normalisation))
            except KeyError as error:
                raise ScoringError(
                    f"{one.code} cannot be normalised by {normalisation.method} as [uncertainty] asks: give it "
                    f"{error.args[0]}, or take {normalisation.method} out of the list",
                    "uncertainty_parameter",
                ) from error
        indicators.append(one)
    return replace(spec, indicators=tuple(indicators))
