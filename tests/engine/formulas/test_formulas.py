"""Formulas of indicators: what may be written, which units fit, what comes out when something is missing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuocdo.engine.formulas import (
    FormulaProblem,
    Missing,
    NotApplicable,
    Reading,
    compute,
    in_order,
    read_formula,
    read_unit,
)

UNITS = {
    code: read_unit(text)
    for code, text in {
        "received": "hồ sơ",
        "online": "nghìn hồ sơ",
        "share": "%",
        "other_share": "tỷ lệ từ 0 đến 1",
        "people": "người",
        "spent": "tỷ đồng",
        "planned": "triệu đồng",
    }.items()
}


def value_of(text: str, unit: str, **readings: Reading) -> Reading:
    formula = read_formula(text, UNITS, result=read_unit(unit))
    return compute(
        formula,
        lambda figure: readings[f"{figure.when}_{figure.code}" if figure.when else figure.code],
        UNITS,
        result=read_unit(unit),
    )


def problem_of(text: str, unit: str = "%") -> FormulaProblem:
    with pytest.raises(FormulaProblem) as caught:
        read_formula(text, UNITS, result=read_unit(unit))
    return caught.value


def test_a_share_is_a_quotient_whatever_the_units_are_written_in() -> None:
    readings = {"online": Decimal("1.5"), "received": Decimal(2000)}
    assert value_of("online / received", "%", **readings) == 75
    assert value_of("online / received", "tỷ lệ từ 0 đến 1", **readings) == Decimal("0.75")
    assert value_of("spent / planned", "%", spent=Decimal(3), planned=Decimal(4000)) == 75


def test_a_figure_per_thousand_people_has_that_unit() -> None:
    per = "hồ sơ trên 1.000 người"
    assert value_of("received / people", per, received=Decimal(42), people=Decimal(8400)) == 5
    assert problem_of("received / people").code == "unit_of_result"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mean(share, other_share)", Decimal(45)),
        ("max(share, 0)", Decimal(40)),
        ("1 - share", Decimal(60)),
        ("share if share > other_share else other_share", Decimal(50)),
        ("previous(share) - share", Decimal(-30)),
        ("abs(-share)", Decimal(40)),
        ("sum(share, other_share, 0.01)", Decimal(91)),
    ],
)
def test_what_a_formula_may_say(text: str, expected: Decimal) -> None:
    readings = {"share": Decimal(40), "other_share": Decimal("0.5"), "previous_share": Decimal(10)}
    assert value_of(text, "%", **readings) == expected


def test_missing_stays_missing_and_nothing_of_nothing_does_not_apply() -> None:
    assert value_of("online / received", "%", online=Missing, received=Decimal(5)) is Missing
    assert value_of("online / received", "%", online=Missing, received=NotApplicable) is NotApplicable
    assert value_of("online / received", "%", online=Decimal(0), received=Decimal(0)) is NotApplicable
    choice = "share if received > 0 else other_share"
    assert value_of(choice, "%", share=Decimal(1), other_share=Missing, received=Missing) is Missing
    # What is not chosen need not be known.
    assert value_of(choice, "%", share=Decimal(7), other_share=Missing, received=Decimal(1)) == 7


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("received +", "syntax"),
        ("received ** 2", "not_allowed"),
        ("__import__('os')", "unknown_function"),
        ("received.real", "not_allowed"),
        ("(lambda: 1)()", "unknown_function"),
        ("[received]", "not_allowed"),
        ("'received'", "not_allowed"),
        ("1e999", "not_allowed"),
        ("True", "not_allowed"),
        ("nobody / received", "unknown_indicator"),
        ("median(received)", "unknown_function"),
        ("abs(received, online)", "wrong_arguments"),
        ("sum(*received)", "wrong_arguments"),
        ("previous(received + online)", "not_a_name"),
        ("received + people", "units_differ"),
        ("share if received > people else share", "units_differ"),
        ("received", "unit_of_result"),
        ("100 * online / received", "percent_factor"),
        ("online / received * 100", "percent_factor"),
        ("received < online < people", "not_allowed"),
        ("(" * 300 + "received" + ")" * 300, "syntax"),
        ("-" * 990 + "1", "too_long"),
        ("received + " * 200 + "received", "too_long"),
    ],
)
def test_what_it_may_not_say_is_refused_with_a_reason(text: str, code: str) -> None:
    assert problem_of(text).code == code


def test_the_place_of_a_mistake_is_told() -> None:
    problem = problem_of("received / nobody")
    assert problem.at == len("received / ")
    assert problem.values == {"name": "nobody"}


def test_a_value_beyond_all_digits_is_refused() -> None:
    with pytest.raises(FormulaProblem) as caught:
        value_of("people * 1000000000 * 1000000000", "người", people=Decimal(10) ** 20)
    assert caught.value.code == "too_large"


def test_formulas_come_in_the_order_in_which_they_need_each_other() -> None:
    units = {code: read_unit("hồ sơ") for code in "abcd"}
    texts = {"c": "a + b", "b": "a + previous(c)", "d": "c"}
    assert in_order({code: read_formula(text, units) for code, text in texts.items()}) == ["b", "c", "d"]
    with pytest.raises(FormulaProblem) as caught:
        in_order({code: read_formula(text, units) for code, text in {"a": "b", "b": "a"}.items()})
    assert caught.value.code == "cycle"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("%", "số"),
        ("Tỷ đồng", "đồng"),
        ("ngày làm việc mỗi nhiệm vụ", "ngày làm việc / nhiệm vụ"),
        ("hồ sơ/1.000 dân", "hồ sơ / dân"),
        ("nghìn tỷ đồng", "đồng"),
    ],
)
def test_units_are_read_as_people_write_them(text: str, shown: str) -> None:
    assert str(read_unit(text)) == shown


def test_scales_of_units_are_those_of_their_words() -> None:
    assert read_unit("nghìn tỷ đồng").scale == Decimal(10) ** 12
    assert read_unit("hồ sơ/1.000 dân").scale == Decimal("0.001")


_amounts = st.decimals(-1000, 1000, places=3, allow_nan=False)
_trees = st.recursive(
    st.sampled_from(["p", "q"]) | st.integers(-9, 9).map(str),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=8,
)


@given(_trees, _amounts, _amounts)
def test_arithmetic_agrees_with_fractions(text: str, p: Decimal, q: Decimal) -> None:
    units = {"p": read_unit("lần"), "q": read_unit("lần")}
    formula = read_formula(text, units)
    try:
        expected = eval(text, {"__builtins__": {}}, _Fractions(p=Fraction(p), q=Fraction(q)))  # noqa: S307
    except ZeroDivisionError:
        expected = None
    found = compute(formula, lambda figure: {"p": p, "q": q}[figure.code], units, result=read_unit("lần"))
    if expected is None:
        assert found is NotApplicable
    else:
        assert isinstance(found, Decimal)
        # Literals divided by literals are floats in the reference, exact here.
        assert abs(float(found) - float(expected)) <= 1e-6 * max(1.0, abs(float(expected)))


class _Fractions(dict[str, Fraction]):
    """The names of the reference's arithmetic."""
