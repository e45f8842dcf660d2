"""Folders of results: written whole or not at all, and read again without surprises."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from thuocdo.engine.scoring.run.recipe import RECIPE, RecipeError, read_recipe

KNOWN = frozenset(
    {
        "contributions.csv",
        "data.csv",
        "imputed.csv",
        "intervals.csv",
        "normalised.csv",
        "ranks.csv",
        "recipe.json",
        "report.html",
        "scores.csv",
        "sensitivity.csv",
        "spec.toml",
        "treated.csv",
        "treatment.csv",
    }
)


class FolderRefused(ValueError):
    """A folder that must not be written to; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_target(folder: Path) -> None:
    """`FolderRefused` unless the folder is absent, empty, or holds an earlier run and nothing else."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise FolderRefused("out_not_folder")
    names = {path.name for path in folder.iterdir()}
    if not names:
        return
    if names - KNOWN or RECIPE not in names:
        raise FolderRefused("out_not_ours")
    try:
        read_recipe((folder / RECIPE).read_bytes())
    except RecipeError as error:
        raise FolderRefused("out_not_ours") from error


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files beside the folder and put them in its place at once; an earlier run there is replaced."""
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".new", dir=folder.parent))
    try:
        for name, content in files.items():
            (made / name).write_bytes(content)
        # mkdtemp keeps others out; results are to be as readable as any new folder.
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o777 & ~mask)
        if folder.exists():
            _exchange(made, folder)
        else:
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _exchange(made: Path, folder: Path) -> None:
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".old", dir=folder.parent))
    try:
        folder.rename(old)
        try:
            made.rename(folder)
        except BaseException:
            old.rename(folder)
            raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def read_folder(folder: Path) -> dict[str, bytes]:
    """The files of a run by name. What does not belong to one is named, but not read. OSError as it comes."""
    return {
        path.name: path.read_bytes() if path.name in KNOWN and path.is_file() else b""
        for path in sorted(folder.iterdir())
    }
