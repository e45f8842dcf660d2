"""The pages on the method: every example is run, and no word of the scorecard file goes without a heading."""

import csv
import math
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from thuocdo.engine.scoring import Matrix, Outcome, compute, load_spec
from thuocdo.engine.scoring.spec.vocabulary import AGGREGATIONS, NORMALISATIONS

PAGES = Path(__file__).parents[2] / "docs" / "method"
FENCE = re.compile(r"^```(toml spec|csv \w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
Table = list[dict[str, str]]


@dataclass
class Example:
    """A scorecard, its data and the tables that the page promises."""

    page: str
    line: int
    spec: str
    data: Table = field(default_factory=list)
    promised: list[tuple[str, Table]] = field(default_factory=list)


def examples() -> Iterator[Example]:
    for page in sorted(PAGES.glob("*.md")):
        text, current = page.read_text(encoding="utf-8"), None
        for found in FENCE.finditer(text):
            kind, body = found[1], found[2]
            if kind == "toml spec":
                current = Example(page.name, text[: found.start()].count("\n") + 1, body)
                yield current
            elif current is not None:
                rows = list(csv.DictReader(StringIO(body)))
                if kind == "csv data":
                    current.data = rows
                else:
                    current.promised.append((kind.removeprefix("csv "), rows))


def whole(example: Example) -> str:
    """The scorecard with what the page leaves out: its name, and the plain tree of one node."""
    text, stated = example.spec, tomllib.loads(example.spec)
    head = "" if "id" in stated else 'id = "example"\n'
    if "node" not in stated:
        text += '\n[[node]]\ncode = "index"\n'
    if "indicator" not in stated:
        codes = [code for code in example.data[0] if code not in ("unit", "peer_group")]
        text += "".join(f'\n[[indicator]]\ncode = "{code}"\nparent = "index"\n' for code in codes)
    return head + text


def scored(example: Example) -> Outcome:
    spec = load_spec(whole(example))
    codes = [one.code for one in spec.indicators]
    values = [[float(row[code]) if row[code] else math.nan for code in codes] for row in example.data]
    further = [name for name in example.data[0] if name not in ("unit", *codes)]
    return compute(
        spec,
        Matrix(
            units=tuple(row["unit"] for row in example.data),
            indicators=tuple(codes),
            values=np.array(values, dtype=np.float64),
            columns={name: np.array([row[name] for row in example.data]) for name in further},
        ),
    )


def cell(outcome: Outcome, table: str, unit: str, column: str) -> float | str:
    """One cell of a table of results, as a number or a word."""
    row = outcome.units.index(unit)
    if table == "classes":
        return outcome.classes[row] or "" if column == "class" else float(outcome.rounded_of(column)[row])
    if table in ("scores", "ranks", "rounded"):
        source = {"scores": outcome.scores_of, "ranks": outcome.ranks_of, "rounded": outcome.rounded_of}[table]
        return float(source(column)[row])
    block = {
        "imputed": outcome.imputed_values,
        "treated": outcome.treated_values,
        "normalised": outcome.normalised,
    }[table]
    return float(block[row, [one.code for one in outcome.spec.indicators].index(column)])


def agrees(promised: str, found: float | str) -> bool:
    """Whether a number is the promised one at the digits shown; an empty cell promises no value."""
    if isinstance(found, str):
        return promised == found
    if not promised:
        return math.isnan(found)
    decimals = len(promised.partition(".")[2])
    return abs(found - float(promised)) <= (0.5 * 10**-decimals if decimals else 0) + 1e-9


def name_of(example: Example) -> str:
    return f"{example.page}:{example.line}"


ALL = list(examples())


@pytest.mark.parametrize("example", ALL, ids=name_of)
def test_an_example_gives_what_its_page_says(example: Example) -> None:
    assert example.data, "an example needs data"
    assert example.promised, "an example promises some table"
    outcome = scored(example)
    wrong = []
    for table, rows in example.promised:
        for row in rows:
            if table == "treatment":
                record = next(one for one in outcome.treatments if one.indicator == row["indicator"])
                found = {key: str(getattr(record, key)) for key in row}
                promised = {key: value.capitalize() if key == "passed" else value for key, value in row.items()}
                wrong += [] if found == promised else [(table, found)]
                continue
            for column, promised_cell in row.items():
                if column != "unit":
                    value = cell(outcome, table, row["unit"], column)
                    wrong += [] if agrees(promised_cell, value) else [(table, row["unit"], column, value)]
    assert wrong == []


def test_units_left_out_are_left_out() -> None:
    example = next(one for one in ALL if "[screen]" in one.spec)
    promised = {row["unit"] for row in example.promised[0][1]}
    assert set(scored(example).units) == promised


def headings(page: str) -> set[str]:
    return set(re.findall(r"^#+ `(\w+)`$", (PAGES / page).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "words"), [("normalise.md", set(NORMALISATIONS)), ("aggregate.md", set(AGGREGATIONS))]
)
def test_every_method_has_its_heading_and_no_other(page: str, words: set[str]) -> None:
    assert headings(page) == words


def test_every_link_between_the_pages_leads_somewhere() -> None:
    for page in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([\w./-]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
