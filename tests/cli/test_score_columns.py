"""Further columns through the command: denominators, targets of one's own, groups, states other than missing."""

from pathlib import Path

import pytest

from tests.cli.scoring import scored, table

HEAD = 'id = "thu"\ntitle = "Thử"\nlevels = 2\n[[node]]\ncode = "index"\n'


def column(folder: Path, name: str, code: str) -> list[float | None]:
    return [float(row[code]) if row[code] else None for row in table(folder, name)]


def test_a_denominator_and_its_scale(tmp_path: Path) -> None:
    spec = HEAD + '[[indicator]]\ncode = "a"\nparent = "index"\ndenominator = "people"\nscale = 1000\n'
    out = scored(tmp_path, spec=spec, data="unit,a,people\nu,50,10000\nv,30,3000\nw,20,\nx,4,1000\n")
    assert column(out, "imputed.csv", "a") == [5, 10, None, 4]
    assert column(out, "normalised.csv", "a") == pytest.approx([100 / 6, 100, None, 0])


def test_a_target_of_each_units_own(tmp_path: Path) -> None:
    spec = HEAD + '[[indicator]]\ncode = "a"\nparent = "index"\nnormalise = "ratio"\ntarget = "plan"\n'
    out = scored(tmp_path, spec=spec, data="unit,plan,a\nu,10,5\nv,20,5\nw,4,5\n")
    assert column(out, "scores.csv", "index") == [50, 25, 100]


def test_gaps_are_filled_from_the_group(tmp_path: Path) -> None:
    spec = HEAD + '[impute]\nmethod = "group_mean"\ngroup = "bloc"\n[[indicator]]\ncode = "a"\nparent = "index"\n'
    out = scored(tmp_path, spec=spec, data="unit,a,bloc\nu,1,x\nv,3,x\nw,,x\ny,9,z\nt,,z\n")
    assert column(out, "imputed.csv", "a") == [1, 3, 2, 9, 9]


def test_what_does_not_apply_is_neither_missing_nor_zero(tmp_path: Path) -> None:
    """Weights 1 and 3: the first has the mean, the second its one indicator, the third a zero, the fourth is spared."""
    spec = HEAD + (
        '[normalise]\nmethod = "none"\n[aggregate]\nmethod = "arithmetic"\nmissing = "zero"\n'
        '[[indicator]]\ncode = "a"\nparent = "index"\n[[indicator]]\ncode = "b"\nparent = "index"\nweight = 3\n'
    )
    data = "unit,a,b\nu,40,80\nv,40,không áp dụng\nw,40,\nx,40,not due\n"
    out = scored(tmp_path, spec=spec, data=data)
    assert column(out, "scores.csv", "index") == [70, 40, 10, 40]
    assert column(out, "normalised.csv", "b") == [80, None, None, None]


def test_confidence_in_a_declared_value_lowers_its_points(tmp_path: Path) -> None:
    spec = HEAD + (
        '[confidence]\ndeclared = 0.8\n[normalise]\nmethod = "goalposts"\n'
        '[[indicator]]\ncode = "a"\nparent = "index"\ngoalposts = [0, 100]\n'
    )
    out = scored(tmp_path, spec=spec, data="unit,a,a.provenance\nu,50,system\nv,50,declared\nw,50,\n")
    assert column(out, "scores.csv", "index") == [50, 40, 50]


def test_peer_groups_are_ranked_apart(tmp_path: Path) -> None:
    spec = HEAD + "".join(f'[[peer_group]]\ncode = "{code}"\n' for code in "xz")
    spec += '[[indicator]]\ncode = "a"\nparent = "index"\n'
    out = scored(tmp_path, "--replicates", 8, spec=spec, data="unit,a,peer_group\nu,1,x\nv,3,z\nw,2,x\ny,9,z\n")
    assert column(out, "ranks.csv", "index") == [2, 2, 1, 1]
    assert column(out, "intervals.csv", "top1") == [0, 0, 1, 1]
