"""Build step: compiles the English catalogue and subsets Be Vietnam Pro to what Vietnamese needs."""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fontTools import subset
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path(__file__).parent / "src" / "thuocdo"
WEIGHTS = ("Regular", "SemiBold")
# Latin with Vietnamese, punctuation, arrows, shapes of the status marks, currency, tabular figures.
RANGES = "U+0020-024F,U+0259,U+02C6-02DD,U+0300-0323,U+1E00-1EFF,U+2000-206F,U+20AB,U+2190-2199,U+2212,U+25A0-25FF"


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the files that are derived from others and therefore not under version control."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for catalogue in (PACKAGE / "locale").rglob("*.po"):
            compile_catalogue(catalogue)
        subset_fonts(PACKAGE / "web" / "static" / "fonts")


def compile_catalogue(path: Path) -> None:
    """Write the `.mo` beside the `.po`, leaving out unfinished entries."""
    with path.open("rb") as source:
        messages = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, messages)
    path.with_suffix(".mo").write_bytes(compiled.getvalue())


def subset_fonts(folder: Path) -> None:
    """Write WOFF2 files of the weights in use, subset to the ranges above, unless they are there."""
    import fontpkg_be_vietnam_pro

    folder.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        target = folder / f"be-vietnam-pro-{weight.lower()}.woff2"
        if target.exists():
            continue
        source = next(Path(fontpkg_be_vietnam_pro.__file__).parent.rglob(f"BeVietnamPro-{weight}.ttf"))
        subset.main(
            [
                str(source),
                f"--unicodes={RANGES}",
                "--layout-features=*",
                "--flavor=woff2",
                f"--output-file={target}",
            ]
        )
