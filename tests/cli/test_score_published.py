"""Published tables through the command, end to end: from a CSV file to the ranks in ranks.csv."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.scoring import published, scored, table

HEAD = 'id = "{id}"\ntitle = "{id}"\nlevels = {levels}\napproved_by = "test"\n'


def as_csv(rows: list[dict[str, str]], unit: str) -> str:
    out = io.StringIO()
    names = [name for name in rows[0] if name != unit]
    writer = csv.writer(out)
    writer.writerow(["unit", *names])
    writer.writerows([row[unit], *(row[name] for name in names)] for row in rows)
    return out.getvalue()


def rounded(cell: str, decimals: int) -> Decimal:
    """As the contract rounds: to 12 significant digits, then half up."""
    from decimal import ROUND_HALF_UP, Context

    return Context(prec=12).create_decimal(cell).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def test_hdi_2022_value_and_rank_of_all_193_countries(tmp_path: Path) -> None:
    rows = published("hdi_2022.csv")
    spec = (
        HEAD.format(id="hdi", levels=3)
        + """
        [rounding]
        decimals = 3
        rank_on = "rounded"
        [normalise]
        method = "goalposts"
        scale = 1
        [aggregate]
        method = "arithmetic"
        by_level = ["arithmetic", "geometric"]
        [[node]]
        code = "hdi_index"
        """
        + "".join(
            f'[[node]]\ncode = "{code}"\nparent = "hdi_index"\n' for code in ("health", "education", "living_standard")
        )
        + "".join(
            f'[[indicator]]\ncode = "{code}"\nparent = "{parent}"\ngoalposts = {posts}\n{extra}'
            for code, parent, posts, extra in (
                ("life_expectancy", "health", [20, 85], ""),
                ("expected_schooling", "education", [0, 18], ""),
                ("mean_schooling", "education", [0, 15], ""),
                ("gni_per_head", "living_standard", [100, 75000], 'transform = "ln"\n'),
            )
        )
    )
    out = scored(tmp_path, spec=spec, data=as_csv(rows, "iso3"))
    scores, ranks = table(out, "scores.csv"), table(out, "ranks.csv")
    assert len(rows) == len(scores) == 193
    assert [rounded(row["hdi_index"], 3) for row in scores] == [Decimal(row["hdi"]) for row in rows]
    assert [row["hdi_index"] for row in ranks] == [row["hdi_rank"] for row in rows]


def test_pci_2019_order_and_scores(tmp_path: Path) -> None:
    rows = published("pci_2019.csv")
    codes = [name for name in rows[0] if name not in ("province", "published")]
    weights = (5, 5, 20, 5, 10, 5, 5, 20, 20, 5)
    spec = HEAD.format(id="pci", levels=2) + '[normalise]\nmethod = "goalposts"\n[[node]]\ncode = "pci"\n'
    for code, weight in zip(codes, weights, strict=True):
        spec += f'[[indicator]]\ncode = "{code}"\nparent = "pci"\nweight = {weight}\ngoalposts = [0, 10]\n'
    out = scored(tmp_path, spec=spec, data=as_csv(rows, "province"))
    scores = {row["unit"]: float(row["pci"]) for row in table(out, "scores.csv")}
    announced = {row["province"]: float(row["published"]) for row in rows}
    assert len(announced) == 22
    assert sorted(scores, key=lambda unit: -scores[unit]) == sorted(announced, key=lambda unit: -announced[unit])
    for unit, value in announced.items():
        assert abs(scores[unit] - value) <= 0.02


@pytest.mark.parametrize(
    ("name", "groups", "total"),
    [
        ("Thái Nguyên", [(15.67, 18), (19.31, 20), (17.49, 22), (17.86, 18), (16.64, 22)], "86.97"),
        ("Bắc Ninh", [(15.82, 18), (19.45, 20), (8.53, 12), (10.00, 10), (17.86, 18), (21.17, 22)], "92.83"),
    ],
)
def test_totals_of_decision_766(tmp_path: Path, name: str, groups: list[tuple[float, int]], total: str) -> None:
    spec = HEAD.format(id="qd766", levels=2) + '[normalise]\nmethod = "goalposts"\n[[node]]\ncode = "index"\n'
    for place, (_, most) in enumerate(groups):
        spec += f'[[indicator]]\ncode = "g{place}"\nparent = "index"\nweight = {most}\ngoalposts = [0, {most}]\n'
    data = f"unit,{','.join(f'g{place}' for place in range(len(groups)))}\n{name},"
    out = scored(tmp_path, spec=spec, data=data + ",".join(str(points) for points, _ in groups) + "\n")
    assert rounded(table(out, "scores.csv")[0]["index"], 2) == Decimal(total)
    points = [float(row["points"]) for row in table(out, "contributions.csv")]
    assert points == pytest.approx([points for points, _ in groups], abs=1e-9)


def test_pii_2025_of_hue_is_rounded_half_up_before_it_is_ranked(tmp_path: Path) -> None:
    """(51.50 + 47.23) / 2 = 49.365 is 49.37, so that it shares the rank of 49.37."""
    spec = HEAD.format(id="pii", levels=2) + '[normalise]\nmethod = "none"\n[[node]]\ncode = "pii"\n'
    spec += "".join(f'[[indicator]]\ncode = "{code}"\nparent = "pii"\n' for code in ("input", "output"))
    data = "unit,input,output\nHuế,51.50,47.23\nA,49.37,49.37\nB,49.36,49.36\n"
    out = scored(tmp_path, spec=spec, data=data)
    assert rounded(table(out, "scores.csv")[0]["pii"], 2) == Decimal("49.37")
    assert [row["pii"] for row in table(out, "ranks.csv")] == ["1", "1", "3"]
    assert "49,37" in (out / "report.html").read_text(encoding="utf-8")
    assert json.loads((out / "recipe.json").read_bytes())["engine"]
