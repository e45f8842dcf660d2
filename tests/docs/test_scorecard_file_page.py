"""The page on the scorecard file names exactly the keys that the reader of scorecard files asks for."""

import re
import tomllib
from collections import defaultdict
from typing import Any

import pytest

from tests.docs.examples import PAGES
from thuocdo.engine.scoring import dump_spec, load_spec
from thuocdo.engine.scoring.spec.problems import Table
from thuocdo.engine.scoring.spec.vocabulary import AGGREGATIONS, NORMALISATIONS, PROVENANCES, TREATMENTS, WEIGHTINGS

# Where a table inside another one is explained: the heading under which its keys stand.
SAME = {
    "indicator.normalise": "normalise",
    "uncertainty.normalise": "normalise",
    "indicator.treat": "treat",
    "uncertainty.treat": "treat",
    "uncertainty.impute": "impute",
    "aggregate.method": "rule",
    "aggregate.by_level": "rule",
    "node.aggregate": "rule",
    "uncertainty.aggregate": "rule",
    "denominate.one": "denominate",
    "weights": "weigh",
}
GIVEN = {
    "goalposts": "[1, 2]",
    "target": "2",
    "baseline": "1",
    "expected": "2",
    "bands": "[[0, 0], [1, 100]]",
    "lower": "0",
    "upper": "1",
    "reference": '"Huế"',
}

MAXIMAL = """
id = "maximal"
title = { vi = "Tất cả", en = "Everything" }
levels = 2
weights_sum = 18
valid_from = 2026-01-01
valid_to = 2027-01-01
approved_by = "Quyết định số 01/QĐ-VD"
note = "…"
[rounding]
decimals = 2
[denominate]
one = { denominator = "population", scale = 1000 }
[screen]
unit_availability = 0.5
[impute]
method = "constant"
value = 0
[treat]
method = "two_stage"
[normalise]
method = "min_max"
[weigh]
method = "given"
[aggregate]
method = { method = "generalised", power = 2 }
by_level = [{ method = "generalised", power = 2 }]
[confidence]
declared = 0.8
[uncertainty]
weights = "dirichlet"
concentration = 100
weight_levels = [1]
normalise = [{ method = "z_score", mean = 50 }, { method = "scaled" }]
aggregate = [{ method = "generalised", power = -1 }]
treat = [{ method = "manual", lowest = 0 }]
impute = [{ method = "mean" }]
error = { declared = 5 }
[[class]]
code = "good"
from = 80
title = { vi = "Tốt" }
[[cap]]
node = "index"
below = 50
class_at_most = "good"
[[peer_group]]
code = "ministry"
title = { vi = "Bộ" }
[[node]]
code = "index"
title = { vi = "Chỉ số" }
aggregate = { method = "generalised", power = 2 }
"""


def maximal() -> str:
    """A scorecard with every table and every method of normalisation."""
    text = MAXIMAL
    for place, method in enumerate(NORMALISATIONS):
        code = "one" if place == 0 else method
        text += f'\n[[indicator]]\ncode = "{code}"\nparent = "index"\ntreat = {{ method = "none" }}\n'
        text += f'title = {{ vi = "Chỉ số" }}\nnormalise = {{ method = "{method}" }}\n'
        stated = [key for key in NORMALISATIONS[method] if key in GIVEN]
        text += "".join(f"{key} = {GIVEN[key]}\n" for key in stated)
    return text


def keys_asked_for(monkeypatch: pytest.MonkeyPatch, text: str) -> dict[str, set[str]]:
    """By table, the keys that reading a file asks for, whether they are there or not."""
    found: dict[str, set[str]] = defaultdict(set)
    ask, has = Table.raw, Table.has

    def note(table: Table, key: str) -> None:
        found[".".join(str(part) for part in table.path if not isinstance(part, int))].add(key)

    def raw(table: Table, key: str) -> Any:
        note(table, key)
        return ask(table, key)

    def noted_has(table: Table, key: str) -> bool:
        note(table, key)
        return has(table, key)

    monkeypatch.setattr(Table, "raw", raw)
    monkeypatch.setattr(Table, "has", noted_has)
    load_spec(text)
    monkeypatch.undo()
    return found


def keys_on_the_page() -> dict[str, set[str]]:
    """By table, the words of code in the first cells below its heading; "" is the top of the file."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in (PAGES / "scorecard-file.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        tables = re.findall(r"`\[+(\w+)\]+`", heading) or [
            "title" if "title" in heading else "rule" if "rule" in heading else ""
        ]
        for line in body.splitlines():
            if line.startswith("| `"):
                found[tables[0]].update(re.findall(r"`(\w+)`", line.split("|")[1]))
        found[""].update(tables if tables[0] not in ("", "title", "rule") else ())
    return found


def test_the_page_names_the_keys_of_the_reader_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    text = maximal()
    asked: dict[str, set[str]] = defaultdict(set)
    for table, keys in keys_asked_for(monkeypatch, text).items():
        asked["title" if table.endswith("title") else SAME.get(table, table)] |= keys
    # Below [denominate] an indicator's own code is a key, and the file has it in capitals.
    asked["denominate"] -= {one["code"] for one in tomllib.loads(text)["indicator"]}
    asked["error"] = asked.pop("uncertainty.error")
    on_page = keys_on_the_page()
    assert asked.pop("error") == set(PROVENANCES)
    assert {table: on_page[table] for table in asked} == dict(asked)
    assert set(on_page) == set(asked)


def test_a_written_file_has_no_key_that_the_page_does_not_name() -> None:
    on_page = keys_on_the_page()
    for table, content in tomllib.loads(dump_spec(load_spec(maximal()))).items():
        for one in content if isinstance(content, list) else [content]:
            if isinstance(one, dict) and table != "title":
                assert set(one) <= on_page[SAME.get(table, table)], table


def test_every_method_is_named_on_the_page() -> None:
    text = (PAGES / "scorecard-file.md").read_text(encoding="utf-8")
    for word in (*NORMALISATIONS, *AGGREGATIONS, *WEIGHTINGS, *TREATMENTS, *PROVENANCES):
        assert f'`"{word}"`' in text or f"`{word}`" in text, word


PLAIN = """
id = "plain"
[uncertainty]
[[node]]
code = "index"
[[indicator]]
code = "a"
parent = "index"
"""


def defaults_on_the_page() -> dict[tuple[str, str], Any]:
    """By table and key the default in the last cell, where it is written as a value of TOML."""
    found: dict[tuple[str, str], Any] = {}
    for part in (PAGES / "scorecard-file.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        tables = re.findall(r"`\[+(\w+)\]+`", heading)
        for line in body.splitlines() if tables else ():
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            keys = re.findall(r"`(\w+)`", cells[0])
            values = re.findall(r"(?:^|, )(?:`([^`]+)`|(-?[\d.]+|true|false)(?=$|, |;))", cells[-1])
            if line.startswith("| `") and len(values) in (1, len(keys)):
                written = [code or bare for code, bare in values] * (1 if len(values) == len(keys) else len(keys))
                for key, value in zip(keys, written, strict=True):
                    if value.startswith(('"', "[")) or value in ("true", "false") or value[-1].isdigit():
                        found[tables[0], key] = tomllib.loads(f"value = {value}")["value"]
    return found


def test_the_defaults_on_the_page_are_those_of_the_reader() -> None:
    stated = defaults_on_the_page()
    written = tomllib.loads(dump_spec(load_spec(PLAIN)))
    compared = 0
    for table, content in written.items():
        one = content[-1] if isinstance(content, list) else content
        for key, value in one.items() if isinstance(one, dict) else ():
            place = (SAME.get(table, table), key)
            if place in stated:
                assert stated[place] == value, place
                compared += 1
    for method, parameters in NORMALISATIONS.items():
        for key, value in parameters.items():
            if isinstance(value, float | bool | str) and ("normalise", key) in stated:
                assert stated["normalise", key] == value, (method, key)
                compared += 1
    assert compared > 30
