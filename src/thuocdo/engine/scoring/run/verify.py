"""Verification: is a folder, byte for byte, what its recipe and its kept inputs give when computed again?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.scoring.pipeline import ENGINE_VERSION
from thuocdo.engine.scoring.run.recipe import DATA, RECIPE, SPEC, Options, RecipeError, is_intact, read_recipe

# Computes a run's files anew, the recipe among them, from scorecard, table and options.
Recompute = Callable[[bytes, bytes, Options], Mapping[str, bytes]]


class Fault(StrEnum):
    """What is wrong with one file of a run."""

    MISSING = "missing"
    ADDED = "added"
    CHANGED = "changed"
    OTHER_RESULT = "other_result"
    OTHER_ENGINE = "other_engine"
    NOT_COMPUTED = "not_computed"


class Unreadable(ValueError):
    """A folder that cannot be verified: `code` says what it lacks, the message gives the detail."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as the recipe has it, and in what way."""

    file: str
    fault: Fault
    detail: str = ""


def verify_run(files: Mapping[str, bytes], recompute: Recompute) -> tuple[Difference, ...]:
    """Every file that differs, empty when the run is equal; `Unreadable` without a usable recipe or its inputs.

    First the kept files are held against the digests of the recipe, which costs nothing and names what was
    changed; only an untouched folder is computed again.
    """
    if RECIPE not in files:
        raise Unreadable("no_recipe")
    try:
        recipe = read_recipe(files[RECIPE])
    except RecipeError as error:
        raise Unreadable("recipe_invalid", str(error)) from error
    for name in (SPEC, DATA):
        if name not in files:
            raise Unreadable("input_missing", name)
    found = [] if is_intact(files[RECIPE], recipe) else [Difference(RECIPE, Fault.CHANGED)]
    for name, stated in recipe.files.items():
        if name not in files:
            found.append(Difference(name, Fault.MISSING))
        elif digest_of_bytes(files[name]) != stated:
            found.append(Difference(name, Fault.CHANGED))
    found += [Difference(name, Fault.ADDED) for name in files if name not in recipe.files and name != RECIPE]
    if not found and recipe.engine != ENGINE_VERSION:
        found.append(Difference(RECIPE, Fault.OTHER_ENGINE, f"{recipe.engine} → {ENGINE_VERSION}"))
    if not found:
        found += _compared(files, recompute(files[SPEC], files[DATA], recipe.options))
    return tuple(sorted(found, key=lambda one: one.file))


def _compared(files: Mapping[str, bytes], again: Mapping[str, bytes]) -> list[Difference]:
    """The results that come out otherwise. The recipe is compared without its libraries, which are information."""
    found = [
        Difference(name, Fault.OTHER_RESULT) for name in again if name != RECIPE and files.get(name) != again[name]
    ]
    found += [Difference(name, Fault.NOT_COMPUTED) for name in files if name not in again]
    kept, new = read_recipe(files[RECIPE]), read_recipe(again[RECIPE])
    if not found and (kept.outputs, kept.screened, kept.options) != (new.outputs, new.screened, new.options):
        found.append(Difference(RECIPE, Fault.OTHER_RESULT))
    return found
