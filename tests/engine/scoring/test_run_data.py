"""The table of values: what counts as a number, as missing, as not applicable; and what further columns mean."""

import math
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.scoring.cases import scorecard
from thuocdo.engine.scoring.matrix import LARGEST
from thuocdo.engine.scoring.run.cells import number_of
from thuocdo.engine.scoring.run.data import read_data
from thuocdo.engine.scoring.run.tables import wide_table


def read(text: str, tables: str = "", extra: str = ""):
    return read_data(text.encode(), scorecard({"a": extra, "b": ""}, tables=tables))


finite = st.floats(min_value=-LARGEST, max_value=LARGEST) | st.just(math.nan)


@given(st.lists(finite, min_size=1, max_size=8))
def test_what_was_written_reads_back_as_the_same_floats(numbers):
    units = [f'u "{place}", x' for place in range(len(numbers))]
    values = np.array([[number, 1.0] for number in numbers])
    read_back = read(wide_table(units, ["a", "b"], values).decode(), '[aggregate]\nmissing = "zero"').matrix
    assert read_back.units == tuple(units)
    assert np.array_equal(read_back.values, values, equal_nan=True)


@given(st.text(max_size=6))
def test_nothing_but_plain_decimal_numbers_is_a_number(text):
    number = number_of(text)
    if number is not None and not math.isnan(number):
        assert float(Decimal(text.strip())) == number
        assert text.strip().isascii()
        assert "_" not in text


def test_cells_may_say_that_they_do_not_apply_or_are_not_due():
    matrix = read("unit,a,b\nu,không áp dụng,1\nv,2,Not applicable\nw,chưa đến hạn,3\n").matrix
    assert matrix.not_applicable.tolist() == [[True, False], [False, True], [False, False]]
    assert matrix.in_grace.tolist() == [[False, False], [False, False], [True, False]]
    assert np.isnan(matrix.values).tolist() == [[True, False], [False, True], [True, False]]


def test_columns_of_provenance_give_the_confidence_of_the_scorecard():
    data = read("unit,a,b,a.provenance\nu,1,1,declared\nv,2,2,system\nw,3,3,\n", "[confidence]\ndeclared = 0.5")
    assert data.matrix.confidence.tolist() == [[0.5, 1.0], [1.0, 1.0], [1.0, 1.0]]
    assert data.provenance.tolist() == [["declared", ""], ["system", ""], ["", ""]]


def test_an_indicator_may_be_the_denominator_of_another_and_empty_is_missing_there_too():
    matrix = read("unit,a,b,people\nu,1,10,\nv,2,20,3\n", extra='denominator = "b"').matrix
    assert matrix.columns["b"].tolist() == [10.0, 20.0]
    matrix = read("unit,a,b,people\nu,1,10,\nv,2,20,3\n", extra='denominator = "people"').matrix
    assert np.isnan(matrix.columns["people"][0])


def test_blank_lines_spaces_and_unnamed_columns_disturb_nobody():
    matrix = read('unit, a ,b,,\n\nu, 1 , 2,x,\n\n"v",3,4,,y\n').matrix
    assert matrix.units == ("u", "v")
    assert matrix.values.tolist() == [[1, 2], [3, 4]]


def test_columns_that_only_an_analysis_reads_are_taken_where_they_are():
    tables = '[uncertainty]\nimpute = [{ method = "group_mean", group = "bloc" }]'
    assert read("unit,a,b,bloc\nu,1,2,x\nv,3,4,\n", tables).matrix.columns["bloc"].tolist() == ["x", ""]
    assert read("unit,a,b\nu,1,2\nv,3,4\n", tables).matrix.columns == {}
    unused = '[impute]\nmethod = "mean"\ngroup = "bloc"'
    assert read("unit,a,b\nu,1,2\nv,3,4\n", unused).matrix.columns == {}
