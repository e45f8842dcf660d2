"""Build step: compiles the English catalogue, subsets Be Vietnam Pro and gives it tabular figures."""

from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from fontTools import subset
from fontTools.otlLib.builder import buildSingleSubstSubtable
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
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
        subset_fonts(PACKAGE / "web" / "static" / "fonts", PACKAGE / "web" / "charts" / "fonts")


def compile_catalogue(path: Path) -> None:
    """Write the `.mo` beside the `.po`, leaving out unfinished entries."""
    with path.open("rb") as source:
        messages = read_po(source)
    compiled = BytesIO()
    write_mo(compiled, messages)
    path.with_suffix(".mo").write_bytes(compiled.getvalue())


def subset_fonts(pages: Path, charts: Path) -> None:
    """Write each weight in use, subset to the ranges above: WOFF2 for browsers, TTF for the chart maker."""
    import fontpkg_be_vietnam_pro

    for folder in (pages, charts):
        folder.mkdir(parents=True, exist_ok=True)
    for weight in WEIGHTS:
        source = next(Path(fontpkg_be_vietnam_pro.__file__).parent.rglob(f"BeVietnamPro-{weight}.ttf"))
        for target in (
            pages / f"be-vietnam-pro-{weight.lower()}.woff2",
            charts / f"BeVietnamPro-{weight}.ttf",
        ):
            if not target.exists():
                subset_font(source, target)


def subset_font(source: Path, target: Path) -> None:
    """Write one font file; its suffix decides the format."""
    widened = BytesIO()
    with TTFont(source) as font:
        add_tabular_figures(font)
        font.save(widened)
    # Read again, so that the subsetter counts the new glyphs.
    font = TTFont(widened)
    options = subset.Options()
    options.layout_features = ["*"]
    options.hinting = False
    options.flavor = "woff2" if target.suffix == ".woff2" else None
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(RANGES))
    cutter.subset(font)
    subset.save_font(font, target, options)


def add_tabular_figures(font: TTFont) -> None:
    """Give the font the OpenType feature `tnum`, which it lacks: figures of one width, centred in it.

    Be Vietnam Pro draws its figures proportionally (a 1 takes 385 units, a 4 takes 710), so that columns of
    figures would not stand under each other whatever the style sheet asks for.
    """
    glyphs, metrics, names = font.getGlyphSet(), font["hmtx"].metrics, font.getBestCmap()
    figures = [names[ord(figure)] for figure in "0123456789"]
    width = round(sum(sorted(metrics[figure][0] for figure in figures)[-6:]) / 6)
    replaced = {}
    for figure in figures:
        bounds = BoundsPen(glyphs)
        glyphs[figure].draw(bounds)
        left, _, right, _ = bounds.bounds
        shift = round((width - (right - left)) / 2 - left)
        pen = TTGlyphPen(None)
        glyphs[figure].draw(TransformPen(pen, (1, 0, 0, 1, shift, 0)))
        replaced[figure] = f"{figure}.tnum"
        font["glyf"][replaced[figure]] = pen.glyph()
        metrics[replaced[figure]] = (width, round(left + shift))
    font.setGlyphOrder(font["glyf"].glyphOrder)
    _add_substitution(font["GSUB"].table, "tnum", replaced)


def _add_substitution(table: Any, tag: str, replaced: dict[str, str]) -> None:
    """Append one lookup and one feature, and offer it to every script and language of the font."""
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag = 1, 0
    lookup.SubTable = [buildSingleSubstSubtable(replaced)]
    lookup.SubTableCount = 1
    table.LookupList.Lookup.append(lookup)
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, otTables.Feature()
    record.Feature.FeatureParams = None
    record.Feature.LookupListIndex = [len(table.LookupList.Lookup) - 1]
    table.FeatureList.FeatureRecord.append(record)
    for script in table.ScriptList.ScriptRecord:
        languages = [script.Script.DefaultLangSys, *(row.LangSys for row in script.Script.LangSysRecord)]
        for language in languages:
            language.FeatureIndex.append(len(table.FeatureList.FeatureRecord) - 1)
