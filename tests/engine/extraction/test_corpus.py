"""The figures on the labelled directives of tests/extraction_corpus do not fall.

The floors lie a little under what was measured. `held` is the third that nobody looks into while writing rules; when
this test fails on it, mend the rule that changed, not the documents.
"""

import json
from pathlib import Path

import pytest

from thuocdo.cli.scheme import as_record
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.evaluation import Tally, compare, labelled

CORPUS = Path(__file__).parents[2] / "extraction_corpus"
FLOORS = {
    "train": {
        "f1": 0.97,
        "lead_f1": 0.97,
        "coordinating_f1": 0.97,
        "deadline_date_accuracy_where_gold_has_a_date": 0.97,
        "deadline_kind_accuracy": 0.97,
        "all_right_of_gold": 0.90,
    },
    "held": {
        "f1": 0.94,
        "lead_f1": 0.95,
        "coordinating_f1": 0.95,
        "deadline_date_accuracy_where_gold_has_a_date": 0.96,
        "deadline_kind_accuracy": 0.96,
        "all_right_of_gold": 0.79,
    },
    "exam": {
        "f1": 0.98,
        "lead_f1": 0.98,
        "coordinating_f1": 0.98,
        "deadline_date_accuracy_where_gold_has_a_date": 0.98,
        "deadline_kind_accuracy": 0.98,
        "all_right_of_gold": 0.93,
    },
    "exam_aside": {
        "f1": 0.98,
        "lead_f1": 0.98,
        "coordinating_f1": 0.98,
        "deadline_date_accuracy_where_gold_has_a_date": 0.98,
        "deadline_kind_accuracy": 0.97,
        "all_right_of_gold": 0.95,
    },
    "exam_second": {
        "f1": 0.98,
        "lead_f1": 0.98,
        "coordinating_f1": 0.98,
        "deadline_date_accuracy_where_gold_has_a_date": 0.98,
        "deadline_kind_accuracy": 0.98,
        "all_right_of_gold": 0.93,
    },
}


def texts(part: str) -> dict[str, str]:
    return {path.name: path.read_bytes().decode("utf-8") for path in sorted((CORPUS / part).glob("*.txt"))}


def labels(part: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (CORPUS / part / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("part", FLOORS)
def test_the_figures_hold(part: str) -> None:
    overall = Tally()
    wanted = [labelled(record) for record in labels(part)]
    for name, text in texts(part).items():
        found = [labelled(as_record(name, assignment)) for assignment in find_assignments(text)]
        overall.add(compare([label for label in wanted if label.document == name], found))
    figures = overall.figures()
    low = {name: figures[name] for name, floor in FLOORS[part].items() if (figures[name] or 0) < floor}
    assert not low


@pytest.mark.parametrize("part", FLOORS)
def test_labels_say_what_stands_in_the_text(part: str) -> None:
    documents = texts(part)
    genres = json.loads((CORPUS / part / "genres.json").read_text(encoding="utf-8"))
    assert set(genres) == set(documents)
    for record in labels(part):
        text = documents[str(record["doc"])]
        span = text[int(str(record["start"])) : int(str(record["end"]))]
        assert span == record["text"]
        assert str(record["action"]) in span
        assert record["deliverable"] is None or str(record["deliverable"]) in span
        assert record["target"] is None or str(record["target"]) in span


@pytest.mark.parametrize("part", FLOORS)
def test_every_finding_is_cut_from_its_text_and_carries_its_reasons(part: str) -> None:
    for text in texts(part).values():
        for found in find_assignments(text):
            span = text[found.start : found.end]
            assert found.action in span
            assert found.deliverable is None or found.deliverable in text
            assert 0 < found.confidence < 1
            assert found.reasons
