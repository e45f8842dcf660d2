"""What reviewers decided becomes a folder of labelled examples that the rules can be judged on."""

import json
from datetime import date
from pathlib import Path

from click.testing import CliRunner

from tests.directives.samples import found_in, load_sample_groups, receive_notice
from tests.world import NOW, World
from thuocdo.cli.directives import directives
from thuocdo.directives.operations import add_by_hand, correct, mark_confirmed, reject


def run(folder: Path):  # type: ignore[no-untyped-def]
    return CliRunner().invoke(directives, ["examples", str(folder)])


def test_a_reviewed_document_becomes_a_labelled_example(world: World, tmp_path: Path) -> None:
    load_sample_groups(world)
    document, thu = receive_notice(world), world.actor("thu")
    first, second, *others = found_in(world, document)
    correct(actor=thu, at=NOW, candidate=first, deadline_date=date(2026, 10, 20))
    mark_confirmed(actor=thu, at=NOW, candidate=first)
    reject(actor=thu, at=NOW, candidate=second)
    for other in others:
        mark_confirmed(actor=thu, at=NOW, candidate=other)
    start = document.text.index("Kết luận của Thường trực")
    by_hand = add_by_hand(actor=thu, at=NOW, document=document, start=start, end=start + 24)
    mark_confirmed(actor=thu, at=NOW, candidate=by_hand)

    result = run(tmp_path / "examples")
    assert result.exit_code == 0, result.output
    labels = [json.loads(line) for line in (tmp_path / "examples" / "labels.jsonl").read_text("utf-8").splitlines()]
    text = (tmp_path / "examples" / labels[0]["doc"]).read_text("utf-8")
    assert text == document.text
    assert [label["text"] for label in labels] == [text[label["start"] : label["end"]] for label in labels]
    assert len(labels) == 1 + len(others) + 1
    corrected = next(label for label in labels if label["start"] == first.start)
    assert corrected["deadline"]["date"] == "2026-10-20"
    assert all(label["start"] != second.start for label in labels)


def test_a_document_under_review_is_no_example_yet(world: World, tmp_path: Path) -> None:
    load_sample_groups(world)
    found_in(world, receive_notice(world))
    result = run(tmp_path / "examples")
    assert result.exit_code == 0
    assert "Chưa có văn bản nào rà soát xong" in result.output


def test_a_folder_with_files_is_left_alone(world: World, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text("mine")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert "không trống" in result.output
    assert (tmp_path / "labels.jsonl").read_text() == "mine"
