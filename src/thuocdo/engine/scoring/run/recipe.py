"""The recipe of a run: what regenerates its files, with a digest of each, as JSON that has one spelling only."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from thuocdo.engine.canonical import digest, digest_of_bytes

RECIPE: Final = "recipe.json"
SPEC: Final = "spec.toml"
DATA: Final = "data.csv"
FORMAT: Final = "thuocdo-score-1"


class RecipeError(ValueError):
    """A recipe that is none: the message says why, in English."""

    code = "recipe_invalid"


@dataclass(frozen=True, slots=True)
class Options:
    """What may be asked of a run besides its inputs. The seed counts only where something is drawn."""

    replicates: int = 0
    seed: int = 0
    sensitivity: bool = False
    language: str = "vi"

    @property
    def draws(self) -> bool:
        """Whether anything of the run depends on the seed."""
        return self.replicates > 0 or self.sensitivity


@dataclass(frozen=True, slots=True)
class Recipe:
    """Digests of inputs and outputs by file name, the engine's version, the options, the units screened out."""

    engine: str
    options: Options
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    screened: tuple[str, ...]
    libraries: Mapping[str, str]

    @property
    def files(self) -> Mapping[str, str]:
        """Every file of the run but the recipe, with its digest."""
        return {**self.inputs, **self.outputs}


def make_recipe(
    engine: str,
    options: Options,
    inputs: Mapping[str, bytes],
    outputs: Mapping[str, bytes],
    screened: tuple[str, ...],
) -> Recipe:
    """The recipe of a run from the bytes of its files."""
    return Recipe(
        engine=engine,
        options=options,
        inputs={name: digest_of_bytes(content) for name, content in inputs.items()},
        outputs={name: digest_of_bytes(content) for name, content in outputs.items()},
        screened=screened,
        libraries={"numpy": np.__version__, "python": platform.python_version()},
    )


def write_recipe(recipe: Recipe) -> bytes:
    """The recipe as JSON: keys in order, two spaces, and a digest of everything else in it."""
    options = recipe.options
    told: dict[str, Any] = {
        "format": FORMAT,
        "engine": recipe.engine,
        "seed": options.seed if options.draws else None,
        "options": {
            "language": options.language,
            "replicates": options.replicates,
            "sensitivity": options.sensitivity,
        },
        "inputs": dict(recipe.inputs),
        "outputs": dict(recipe.outputs),
        "screened": list(recipe.screened),
        "libraries": dict(recipe.libraries),
    }
    told["digest"] = digest(told)
    return (json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def read_recipe(content: bytes) -> Recipe:
    """The recipe a file states; `RecipeError` when it is no recipe of ours at all. Changes are not looked for."""
    try:
        told = json.loads(content.decode())
    except ValueError as error:
        raise RecipeError(f"is not JSON ({error})") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise RecipeError(f"is not a recipe of format {FORMAT}")
    options = told.get("options")
    if not isinstance(options, dict):
        raise RecipeError("has no options")
    recipe = Recipe(
        engine=_typed(told, "engine", str),
        options=Options(
            replicates=_typed(options, "replicates", int),
            seed=0 if told.get("seed") is None else _typed(told, "seed", int),
            sensitivity=_typed(options, "sensitivity", bool),
            language=_typed(options, "language", str),
        ),
        inputs=_texts(told, "inputs"),
        outputs=_texts(told, "outputs"),
        screened=tuple(_typed(told, "screened", list)),
        libraries=_texts(told, "libraries"),
    )
    if set(recipe.inputs) != {SPEC, DATA}:
        raise RecipeError(f"names other inputs than {SPEC} and {DATA}")
    return recipe


def is_intact(content: bytes, recipe: Recipe) -> bool:
    """Whether a file is, byte for byte, what was written for its recipe; its own digest catches every other value."""
    return write_recipe(recipe) == content


def _typed(told: Mapping[str, Any], key: str, kind: type[Any]) -> Any:
    value = told.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RecipeError(f"has no usable {key}")
    return value


def _texts(told: Mapping[str, Any], key: str) -> dict[str, str]:
    texts = _typed(told, key, dict)
    if not all(isinstance(value, str) for value in texts.values()):
        raise RecipeError(f"has no usable {key}")
    return dict(texts)
