"""In which order formulas are computed, since one may be over the result of another; circles are refused."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from .problems import FormulaProblem
from .reading import Formula


def in_order(formulas: Mapping[str, Formula]) -> list[str]:
    """The codes of the formulas such that each comes after those it is over, alphabetical where order is free.

    A formula over an earlier period of itself is a chain in time, not a circle. Raises FormulaProblem "cycle".
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for code in sorted(formulas):
        now = {figure.code for figure in formulas[code].figures if figure.when in ("", "year_to_date")}
        sorter.add(code, *sorted(now & formulas.keys()))
    try:
        return list(sorter.static_order())
    except CycleError as error:
        raise FormulaProblem("cycle", path=" → ".join(error.args[1])) from error
