"""The pages on the method: every example is run, and every method has its heading."""

import math
import re

import numpy as np
import pytest

from tests.docs.case import Case
from tests.docs.examples import PAGES, Example, examples
from tests.docs.promises import PROMISES
from thuocdo.cli.score.report.names import METHODS
from thuocdo.engine.scoring.spec.vocabulary import AGGREGATIONS, NORMALISATIONS, TREATMENTS, WEIGHTINGS
from thuocdo.engine.scoring.weight import allocate_budget, compare_pairs

IMPUTATIONS = {"none", "constant", "mean", "median", "group_mean", "group_median", "row_mean", "last_known"}
TRANSFORMS = {"log", "log_shift_one", "log_mirrored", "box_cox", "none"}
ALL = examples()


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


@pytest.mark.parametrize("example", ALL, ids=name_of)
def test_an_example_gives_what_its_page_says(example: Example) -> None:
    assert example.data, "an example needs data"
    assert example.promised, "an example promises some table"
    case, wrong = Case(example), []
    for table, rows in example.promised:
        promise = PROMISES[table]
        for row in rows:
            found = promise.of(case, row)
            wrong += [
                (table, dict(row), column, found[column])
                for column, cell in row.items()
                if column not in promise.names and not agrees(cell, found[column])
            ]
    assert wrong == []


def test_units_left_out_are_left_out() -> None:
    example = next(one for one in ALL if "unit_availability" in one.spec)
    assert set(Case(example).outcome.units) == {row["unit"] for row in example.promised[0][1]}


def headings(page: str, under: str = "") -> set[str]:
    """The words of the headings that are one word of code, below a heading of the page or anywhere."""
    text = (PAGES / page).read_text(encoding="utf-8")
    if under:
        text = text.split(f"\n## {under}\n", 1)[1].split("\n## ", 1)[0]
    return set(re.findall(r"^#+ `(\w+)`$", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "under", "words"),
    [
        ("normalise.md", "", set(NORMALISATIONS)),
        ("aggregate.md", "", set(AGGREGATIONS)),
        ("weigh.md", "", set(WEIGHTINGS)),
        ("impute.md", "`[impute]`", IMPUTATIONS),
        ("treat.md", "Methods", set(TREATMENTS)),
        ("treat.md", "Transforms", TRANSFORMS),
    ],
)
def test_every_method_has_its_heading_and_no_other(page: str, under: str, words: set[str]) -> None:
    assert headings(page, under) == words


@pytest.mark.parametrize("word", sorted({*NORMALISATIONS, *AGGREGATIONS, *WEIGHTINGS, *TREATMENTS, *IMPUTATIONS}))
def test_the_glossary_calls_every_method_as_the_report_does(word: str) -> None:
    glossary = (PAGES.parent / "glossary.md").read_text(encoding="utf-8")
    assert f"`{word}` {METHODS[word][0]}" in glossary


def test_weights_from_people_come_out_as_the_page_says() -> None:
    compared = compare_pairs(np.array([[1, 2, 4], [1 / 2, 1, 2], [1 / 4, 1 / 2, 1]]))
    assert compared.weights == pytest.approx([4 / 7, 2 / 7, 1 / 7])
    assert compared.consistency_ratio == pytest.approx(0, abs=1e-9)
    allocated = allocate_budget(np.array([[50, 50], [70, 30]]))
    assert allocated.weights == pytest.approx([0.6, 0.4])
    assert allocated.spread * 100 == pytest.approx(14.1, abs=0.05)


def test_every_link_between_the_pages_leads_somewhere() -> None:
    for page in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([\w./-]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_page_stands_in_the_table_of_pages() -> None:
    listed = set(re.findall(r"^\| \[([\w-]+\.md)\]", (PAGES / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert listed == {page.name for page in PAGES.glob("*.md")} - {"README.md"}
