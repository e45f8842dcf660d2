"""Judging findings by labels: what matches, what counts as right, and the figures that follow."""

import pytest

from thuocdo.engine.extraction.evaluation import (
    LabelError,
    Labelled,
    Tally,
    compare,
    figures_in,
    labelled,
    token_overlap,
)


def label(start: int, end: int, **changes: object) -> Labelled:
    record: dict[str, object] = {
        "doc": "x.txt",
        "start": start,
        "end": end,
        "lead": ["Bộ A"],
        "coordinating": [],
        "action": "rà soát danh mục",
        "deliverable": None,
        "deadline": {"raw": None, "date": None, "kind": "none"},
        "target": None,
        "addressee_kind": "named",
    }
    return labelled(record | changes)


def f1(labels: list[Labelled], found: list[Labelled]) -> float | int | None:
    return compare(labels, found).figures()["f1"]


def test_half_of_the_longer_span_is_enough_and_less_is_not() -> None:
    assert f1([label(0, 100)], [label(0, 50)]) == 1
    assert f1([label(0, 100)], [label(0, 49)]) == 0
    assert f1([label(0, 100)], [label(0, 201)]) == 0
    assert f1([label(0, 100)], [label(100, 200)]) == 0


def test_pairs_are_one_to_one_and_the_better_one_wins() -> None:
    figures = compare([label(0, 100)], [label(0, 60), label(0, 95)]).figures()
    assert figures["precision"] == 0.5
    assert figures["recall"] == 1
    assert compare([label(0, 100), label(100, 200)], [label(0, 200)]).figures()["recall"] == 0.5


def test_nothing_asked_and_nothing_found_is_right() -> None:
    assert f1([], []) == 1
    assert f1([], [label(0, 9)]) == 0
    assert Tally().figures()["deadline_date_accuracy"] is None


def test_names_compare_without_case_spaces_and_composition() -> None:
    decomposed = "BO\u0323\u0302  A\n"
    assert compare([label(0, 9)], [label(0, 9, lead=[decomposed])]).figures()["lead_f1"] == 1
    assert compare([label(0, 9)], [label(0, 9, lead=["Bộ B"])]).figures()["lead_exact_set"] == 0
    half = compare([label(0, 9, coordinating=["B", "C"])], [label(0, 9, coordinating=["B", "D"])]).figures()
    assert half["coordinating_f1"] == 0.5


def test_a_wrong_product_fails_all_fields_but_not_the_core() -> None:
    figures = compare([label(0, 9, deliverable="kế hoạch")], [label(0, 9)]).figures()
    assert figures["core_fields_right"] == 1
    assert figures["all_fields_right"] == 0


def test_a_missed_label_counts_where_all_labels_are_asked() -> None:
    figures = compare([label(0, 9), label(20, 29)], [label(0, 9)]).figures()
    assert figures["all_fields_right"] == 1
    assert figures["all_right_of_gold"] == 0.5


def test_figures_of_targets() -> None:
    assert figures_in("đạt 100 % nghị định") == figures_in("100% nghị định")
    assert figures_in("1.500 ha") == figures_in("1500 ha")
    assert figures_in("05 mô hình") == figures_in("5 mô hình")
    assert figures_in("100%") != figures_in("100")


def test_words_shared_by_two_texts() -> None:
    assert token_overlap("", "") == 1
    assert token_overlap("báo cáo", "") == 0
    assert token_overlap("a b c d", "a b") == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    "change", [{"start": -1}, {"start": 9, "end": 9}, {"start": "0"}, {"deadline": {"kind": "soon"}}, {"doc": None}]
)
def test_a_label_outside_the_scheme_is_refused(change: dict[str, object]) -> None:
    record = {"doc": "x.txt", "start": 0, "end": 5} | change
    with pytest.raises(LabelError):
        labelled(record, 3)
