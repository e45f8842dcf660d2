"""`--replicates`: rank intervals, the same for one process and two, and what is drawn where nothing is said."""

from pathlib import Path

import pytest

from tests.cli.scoring import DATA, SPEC, run, scored, table, written


def test_intervals_hold_the_rank_and_shares_grow(tmp_path: Path) -> None:
    out = scored(tmp_path, "--replicates", 200, "--seed", 7)
    rows = table(out, "intervals.csv")
    assert list(rows[0]) == ["unit", "rank", "q05", "median", "q95", "top1", "top3", "top10"]
    assert [row["rank"] for row in rows] == [row["index"] for row in table(out, "ranks.csv")]
    for row in rows:
        rank, low, median, high, *tops = (float(cell) for cell in list(row.values())[1:])
        assert 1 <= low <= rank <= high <= 7
        assert low <= median <= high
        assert tops == sorted(tops)
        assert tops[-1] == 1
    assert sum(float(row["top1"]) for row in rows) >= 1
    assert any(row["q05"] != row["q95"] for row in rows)


def crowded() -> str:
    """Forty units that are close to each other."""
    rows = (f"u{place},{50 + place * 7 % 13},{place * 11 % 17},{40 + place * 5 % 19},x" for place in range(40))
    return "\n".join([DATA.splitlines()[0], *rows])


def test_jobs_change_no_byte_and_the_seed_does(tmp_path: Path) -> None:
    kept = {}
    for name, options in {"one": (5, 1), "two": (5, 2), "other": (6, 1)}.items():
        (tmp_path / name).mkdir()
        out = scored(tmp_path / name, "--replicates", 300, "--seed", options[0], "--jobs", options[1], data=crowded())
        kept[name] = {path.name: path.read_bytes() for path in out.iterdir()}
    assert kept["one"] == kept["two"]
    assert kept["one"]["intervals.csv"] != kept["other"]["intervals.csv"]
    assert run("--verify", tmp_path / "one" / "out", "--jobs", 2).exit_code == 0


def test_without_a_table_on_uncertainty_weights_vary_by_a_quarter(tmp_path: Path) -> None:
    plain = SPEC[: SPEC.index("[uncertainty]")] + SPEC[SPEC.index("[[node]]") :]
    stated = plain.replace("[[node]]", "[uncertainty]\nweights = 0.25\n[[node]]", 1)
    tables = []
    for name, spec in {"plain": plain, "stated": stated}.items():
        (tmp_path / name).mkdir()
        tables.append(table(scored(tmp_path / name, "--replicates", 64, spec=spec), "intervals.csv"))
    assert tables[0] == tables[1]


def test_a_unit_without_an_index_has_empty_cells(tmp_path: Path) -> None:
    spec = SPEC.replace('"mean"', '"none"')
    out = scored(tmp_path, "--replicates", 16, spec=spec, data=DATA + "Xã H,,,,xã\n")
    assert list(table(out, "intervals.csv")[-1].values())[:5] == ["Xã H", "", "", "", ""]


def test_errors_of_measurement_are_drawn_by_provenance(tmp_path: Path) -> None:
    """With weights that stand still only the declared values move."""
    spec = SPEC.replace('weights = 0.25\nnormalise = ["min_max", "percentile_rank"]', "error = { declared = 20 }")
    lines = DATA.splitlines()
    moved = {}
    for word in ("system", "declared"):
        data = "\n".join([lines[0] + ",on_time.provenance", *(f"{line},{word}" for line in lines[1:])])
        (tmp_path / word).mkdir()
        rows = table(scored(tmp_path / word, "--replicates", 64, spec=spec, data=data), "intervals.csv")
        moved[word] = sum(float(row["q95"]) - float(row["q05"]) for row in rows)
    assert moved["system"] == 0
    assert moved["declared"] > 0


@pytest.mark.parametrize("seed", ["-1", "x", str(2**60)])
def test_a_seed_is_a_whole_number(tmp_path: Path, seed: str) -> None:
    assert run("a", "b", "--out", tmp_path / "x", "--replicates", 5, "--seed", seed).exit_code == 2


def test_methods_that_cannot_be_combined_are_counted_and_the_rest_answers(tmp_path: Path) -> None:
    """Below a geometric mean no z-scores can stand; the other combinations still give intervals and indices."""
    spec = SPEC.replace('"percentile_rank"]', '"z_score", "rank"]\naggregate = ["arithmetic", "geometric"]')
    spec = spec.replace("[uncertainty]", "[normalise]\nlower = 1\n[uncertainty]")
    options = ("--replicates", 60, "--sensitivity", "--language", "en")
    result = run(*written(tmp_path, spec), "--out", tmp_path / "out", *options)
    assert result.exit_code == 0, result.output
    notes = [line for line in result.output.splitlines() if "geometric mean" in line]
    assert [line.split()[2] for line in notes] == ["replicates", "runs"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("runs gave no ranking") == 2
    assert "samples hold a run without a ranking" in page
    factors = {row["factor"]: row for row in table(tmp_path / "out", "sensitivity.csv")}
    assert {"normalise", "aggregate"} <= set(factors)
    assert all(0 <= float(row["total"]) <= 1.2 for row in factors.values())
    assert run("--verify", tmp_path / "out").exit_code == 0


def test_where_nothing_varies_the_table_of_indices_has_its_heading_alone(tmp_path: Path) -> None:
    spec = 'id = "x"\n[[node]]\ncode = "index"\n[[indicator]]\ncode = "on_time"\nparent = "index"\n'
    result = run(*written(tmp_path, spec), "--out", tmp_path / "out", "--sensitivity", "--language", "en")
    assert result.exit_code == 0, result.output
    assert "nothing varies" in result.stdout
    assert (tmp_path / "out" / "sensitivity.csv").read_text().startswith("factor,first_order,")
    assert table(tmp_path / "out", "sensitivity.csv") == []
    assert run("--verify", tmp_path / "out").exit_code == 0
