"""Reading and writing the table [uncertainty]: what varies between the runs behind a rank interval."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from thuocdo.engine.scoring.spec.methods import (
    read_aggregation,
    read_imputation,
    read_treatment,
    stated_parameters,
)
from thuocdo.engine.scoring.spec.model import (
    Aggregation,
    Imputation,
    Normalisation,
    Treatment,
    Uncertainty,
)
from thuocdo.engine.scoring.spec.problems import Table
from thuocdo.engine.scoring.spec.vocabulary import AGGREGATIONS, NORMALISATIONS, PROVENANCES, TREATMENTS

T = TypeVar("T")
_IMPUTATIONS = ("none", "constant", "mean", "median", "group_mean", "group_median", "row_mean", "last_known")


def read_uncertainty(
    table: Table, imputation: Imputation, treatment: Treatment, power: float | None = None
) -> Uncertainty:
    """The table [uncertainty]; alternatives are words, or tables of a method and its parameters.

    What an alternative does not state it takes from [impute], [treat] or [aggregate] (its `power`); parameters of
    a normalisation come from the indicators, as for the scorecard's own method.
    """
    weights, concentration = _weights(table)
    error = table.table("error")
    uncertainty = Uncertainty(
        weights=weights,
        concentration=concentration,
        weight_levels=_levels(table),
        normalise=_methods(table, "normalise", tuple(NORMALISATIONS), _normalisation),
        aggregate=_methods(
            table,
            "aggregate",
            AGGREGATIONS,
            lambda one: read_aggregation(table, "aggregate", one.data, Aggregation("arithmetic", power)),
        ),
        treat=_methods(table, "treat", TREATMENTS, lambda one: read_treatment(one, treatment)),
        impute=_methods(table, "impute", _IMPUTATIONS, lambda one: _imputation(one, imputation)),
        error={
            provenance: error.number(provenance, 0.0, lowest=0) for provenance in PROVENANCES if error.has(provenance)
        },
    )
    error.close()
    table.close()
    return uncertainty


def write_uncertainty(
    uncertainty: Uncertainty, *, treatment: Callable[[Treatment], Any], aggregation: Callable[[Aggregation], Any]
) -> Mapping[str, Any]:
    """The keys of [uncertainty], from which an equal one is read."""
    return {
        "weights": uncertainty.weights if uncertainty.concentration is None else "dirichlet",
        "concentration": uncertainty.concentration,
        "weight_levels": list(uncertainty.weight_levels) or None,
        "normalise": [{"method": one.method, **one.parameters} for one in uncertainty.normalise] or None,
        "aggregate": [aggregation(one) for one in uncertainty.aggregate] or None,
        "treat": [treatment(one) for one in uncertainty.treat] or None,
        "impute": [{"method": one.method, "value": one.value, "group": one.group} for one in uncertainty.impute]
        or None,
        "error": dict(uncertainty.error) or None,
    }


def _weights(table: Table) -> tuple[float, float | None]:
    if table.raw("weights") != "dirichlet":
        if table.has("concentration"):
            table.problem("concentration", "belongs to Dirichlet's law", 'write weights = "dirichlet", or leave it out')
        return table.number("weights", 0.0, lowest=0, highest=1), None
    concentration = table.number("concentration", 0.0, lowest=0)
    if concentration <= 0:
        table.problem("concentration", "is missing or not positive", "write concentration = 100; more is narrower")
        return 0.0, 1.0
    return 0.0, concentration


def _levels(table: Table) -> tuple[int, ...]:
    value = table.raw("weight_levels")
    levels = [] if value is None else value
    if not isinstance(levels, list) or any(
        isinstance(level, bool) or not isinstance(level, int) or level < 1 for level in levels
    ):
        table.problem("weight_levels", f"{value!r} is not a list of levels", "write weight_levels = [1, 2]")
        return ()
    return tuple(levels)


def _methods(table: Table, key: str, known: tuple[str, ...], read: Callable[[Table], T]) -> tuple[T, ...]:
    """The entries of a list of methods; each one a word or a table with `method`."""
    value = table.raw(key)
    entries = [value] if isinstance(value, str) else value or []
    if not isinstance(entries, list):
        table.problem(key, f"{value!r} is not a list of methods", f'write {key} = ["…", "…"]')
        return ()
    found: list[T] = []
    for entry in entries:
        stated = entry if isinstance(entry, dict) else {"method": entry}
        if stated.get("method") not in known:
            table.problem(key, f"{stated.get('method')!r} is not known", f"use {', '.join(known)}")
        else:
            found.append(read(Table(table.problems, stated, (*table.path, key))))
    return tuple(found)


def _normalisation(table: Table) -> Normalisation:
    method = table.text("method")
    normalisation = Normalisation(method, stated_parameters(table, method))
    table.close()
    return normalisation


def _imputation(table: Table, default: Imputation) -> Imputation:
    stated = dict(table.data)
    if str(stated["method"]).startswith("group_") and isinstance(default.group, str):
        stated.setdefault("group", default.group)
    if stated["method"] == "constant" and default.value is not None:
        stated.setdefault("value", default.value)
    return read_imputation(Table(table.problems, stated, table.path))
