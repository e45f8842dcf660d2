"""`report.html`: self-contained, in both languages, true to the tables, small enough for a nation."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from tests.cli.scoring import DATA, SPEC, scored, table
from thuocdo.cli.score.command import run_files
from thuocdo.cli.score.report.markup import Pen, stacked
from thuocdo.cli.score.report.names import METHODS, STEPS
from thuocdo.cli.score.report.phrases import PHRASES
from thuocdo.cli.score.report.ranking import _alike, _brackets
from thuocdo.engine.scoring.run.recipe import Options
from thuocdo.engine.scoring.spec.vocabulary import AGGREGATIONS, NORMALISATIONS, TREATMENTS, WEIGHTINGS

CLASSES = "".join(
    f'\n[[class]]\ncode = "{code}"\nfrom = {lowest}\ntitle = {{ vi = "{vi}", en = "{en}" }}\n'
    for code, lowest, vi, en in (("good", 80, "Tốt", "Good"), ("fair", 50, "Khá", "Fair"), ("weak", 0, "Yếu", "Weak"))
)
HTML = "<b>Bộ</b> & 'x' {y}"


def report(folder: Path, *options: object, spec: str = SPEC, data: str = DATA) -> str:
    return (scored(folder, *options, spec=spec, data=data) / "report.html").read_text(encoding="utf-8")


class Words(HTMLParser):
    """The text of a page as a reader sees it, style left out, one line for each row of a table."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.in_style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.in_style = tag == "style"
        self.parts.append("\n" if tag in ("tr", "p", "li", "h2", "h3", "dt", "summary") else " ")

    def handle_data(self, data: str) -> None:
        if not self.in_style:
            self.parts.append(data)

    def lines(self) -> list[str]:
        return [" ".join(line.split()) for line in "".join(self.parts).split("\n")]


def test_the_page_answers_first_and_names_its_method(tmp_path: Path) -> None:
    lines = Words(report(tmp_path, spec=SPEC + CLASSES)).lines()
    text = "\n".join(lines)
    assert "7 đơn vị được chấm điểm theo 3 chỉ số; đứng đầu là Bộ A, trung ương với 75,44 điểm." in lines
    assert lines.index("Xếp hạng") < lines.index("Điểm do đâu mà có") < lines.index("Phương pháp")
    assert "1 Bộ A, trung ương 75,44 Khá" in lines
    for fact in ("thu-2026", "Quyết định số 1", "từ 01/01/2026", "từ giá trị thấp nhất đến cao nhất (min–max)"):
        assert fact in text
    for name in ("spec.toml", "data.csv"):
        from thuocdo.engine.canonical import digest_of_bytes

        assert digest_of_bytes((tmp_path / name).read_bytes()) in text
    assert "thuocdo score --verify" in text


def test_every_changed_cell_is_listed(tmp_path: Path) -> None:
    lines = Words(report(tmp_path)).lines()
    assert "1 ô thiếu được điền: satisfied" in lines
    assert "Bộ B satisfied 68,75" in lines
    assert "Tỉnh Đ late_days 250 12" in lines
    screened = SPEC + "\n[screen]\nunit_availability = 0.5\n"
    (tmp_path / "second").mkdir()
    lines = Words(report(tmp_path / "second", spec=screened, data=DATA + "Xã H,,,44,xã\n")).lines()
    assert "Xã H" in lines
    assert "1 đơn vị bị loại vì có quá ít số liệu" in lines


def test_intervals_brackets_and_sensitivity_are_drawn_when_asked_for(tmp_path: Path) -> None:
    plain = report(tmp_path)
    assert "--replicates" in plain
    page = report(tmp_path, "--replicates", 64, "--sensitivity")
    lines = Words(page).lines()
    rows = table(tmp_path / "out", "intervals.csv")
    assert page.count("<svg class=r><rect") >= len(rows)
    unsure = next(row for row in rows if row["q05"] != row["q95"])
    assert any(line.startswith(f"{unsure['rank']} {unsure['unit']} ") and "–" in line for line in lines)
    assert "<td class=ka>" in page
    assert "Yếu tố nào quyết định thứ hạng" in lines
    assert any(line.startswith("cách chuẩn hóa ") for line in lines)
    assert any("trọng số ± 25%, cách chuẩn hóa" in line for line in lines)
    assert "64 lần, mầm ngẫu nhiên 1" in "\n".join(lines)


def test_english_is_whole(tmp_path: Path) -> None:
    spec = SPEC.replace('code = "work"', 'code = "work"\ntitle = { vi = "Công việc", en = "Work" }') + CLASSES
    page = report(tmp_path, "--language", "en", "--replicates", 32, "--sensitivity", spec=spec)
    text = "\n".join(Words(page).lines())
    assert "<html lang=en>" in page
    assert "leads with 75.44 points" in text
    data = re.sub(r"Bộ|Tỉnh|Quyết định|trung ương|Đ|Thước|số", "", text)
    assert not re.findall(r"\w*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*", data)


def test_nothing_is_fetched_and_nothing_runs(tmp_path: Path) -> None:
    page = report(tmp_path, "--replicates", 8)
    assert not re.search(r"<(script|link|img|iframe|object|embed)\b|url\(|@import|https?:", page)
    assert "default-src 'none'" in page


def test_names_are_text_and_never_markup(tmp_path: Path) -> None:
    data = DATA.replace("Tỉnh C", HTML).replace("Tỉnh E", "<script>alert(1)</script>")
    spec = SPEC.replace("Bộ chỉ số thử", HTML).replace("Quyết định số 1", HTML)
    page = report(tmp_path, "--replicates", 8, "--sensitivity", spec=spec, data=data)
    assert "<b>" not in page
    assert "<script" not in page
    assert sum(HTML in line for line in Words(page).lines()) >= 4


def test_peer_groups_stand_apart_and_units_without_score_last(tmp_path: Path) -> None:
    groups = "".join(f'\n[[peer_group]]\ncode = "{code}"\ntitle = "Nhóm {code}"\n' for code in ("tỉnh", "bộ"))
    spec = SPEC.replace('"mean"', '"none"') + groups
    data = DATA.replace("kind", "peer_group") + "Tỉnh K,,,,tỉnh\n"
    lines = Words(report(tmp_path, "--replicates", 8, spec=spec, data=data)).lines()
    assert "8 đơn vị trong 2 nhóm được chấm điểm theo 3 chỉ số, mỗi nhóm xếp hạng riêng." in " ".join(lines)
    assert lines.index("Nhóm tỉnh") < lines.index("Nhóm bộ")
    last = next(place for place, line in enumerate(lines) if line.startswith("– Tỉnh K"))
    assert "không có điểm" in lines[last]
    assert last < lines.index("Nhóm bộ")


def test_a_tree_that_is_no_sum_is_drawn_against_the_mean_of_the_group(tmp_path: Path) -> None:
    spec = SPEC + '\n[aggregate]\nmethod = "geometric"\n[normalise]\nmethod = "min_max"\nlower = 1\n'
    page = report(tmp_path, spec=spec)
    assert "trung bình của nhóm" in page
    points = [float(row["points"]) for row in table(tmp_path / "out", "contributions.csv")]
    assert min(points) < 0 < max(points)


def test_bars_add_up_to_both_sides_of_zero() -> None:
    drawn = stacked([(0, 3.0), (1, -1.0), (2, 2.0)], -1.0, 9.0)
    assert re.findall(r"class=c(\d) x=([\d.]+)% width=([\d.]+)%", drawn) == [
        ("0", "10", "30"),
        ("1", "0", "10"),
        ("2", "40", "20"),
    ]  # fmt: skip


def test_brackets_are_cut_only_where_no_interval_reaches_across() -> None:
    low, high = np.array([1.0, 3, 2, 5, np.nan]), np.array([2.0, 3, 4, 5, np.nan])
    assert _brackets(low, high) == ["a", "m", "z", "", ""]
    assert _alike(low, high)[:4] == [1, 1, 2, 0]


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (1234.5, "1.234,50", "1,234.50"),
        (-0.001, "0,00", "0.00"),
        (-3, "−3,00", "−3.00"),
        (float("nan"), "–", "–"),
        (3.125, "3,13", "3.13"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, vietnamese: str, english: str) -> None:
    assert Pen("vi").number(value) == vietnamese
    assert Pen("en").number(value) == english


def test_every_method_and_every_phrase_has_words_in_both_languages() -> None:
    assert {*NORMALISATIONS, *AGGREGATIONS, *TREATMENTS, *WEIGHTINGS} <= set(METHODS)
    for vietnamese, english in (*PHRASES.values(), *STEPS.values(), *METHODS.values()):
        assert vietnamese.strip()
        assert english.strip()
        assert set(re.findall(r"\{\w+\}", vietnamese)) == set(re.findall(r"\{\w+\}", english))


def test_a_nation_fits_into_a_megabyte() -> None:
    """3,460 units × 200 indicators, with gaps, treatment, classes and intervals: under 1 MB, and in seconds."""
    from benchmarks.p1_scoring import workload
    from thuocdo.engine.scoring import dump_spec
    from thuocdo.engine.scoring.run.tables import wide_table

    case = workload(1.0)
    matrix = case.matrix
    units = [f"Ủy ban nhân dân xã Tân Lập {number}" for number in range(len(matrix.units))]
    data = wide_table(units, matrix.indicators, np.asarray(matrix.values))
    spec = (dump_spec(case.treated).replace('method = "group_mean"', 'method = "mean"') + CLASSES).encode()
    spec = re.sub(rb'\ngroup = "kind"', b"", spec)
    files = run_files(spec, data, Options(replicates=32))
    assert len(files["report.html"]) < 1_000_000
    assert files["intervals.csv"].count(b"\n") == 3_461


def test_the_structure_names_what_is_told_twice_and_what_moves_against_its_part(tmp_path: Path) -> None:
    spec = 'id = "thu"\ntitle = "Thử"\nlevels = 3\n[[node]]\ncode = "index"\n' + "".join(
        f'[[node]]\ncode = "{node}"\nparent = "index"\n' for node in ("p", "q")
    )
    spec += "".join(
        f'[[indicator]]\ncode = "{code}"\nparent = "{parent}"\nweight = {weight}\n'
        for code, parent, weight in (("a", "p", 1), ("b", "p", 1), ("c", "q", 1), ("d", "q", 5))
    )
    rows = [(place, 2 * place + 3 * (place % 2), place * 7 % 12, -(place * 7 % 12)) for place in range(12)]
    data = "unit,a,b,c,d\n" + "".join(f"u{place},{','.join(map(str, row))}\n" for place, row in enumerate(rows))
    lines = Words(report(tmp_path, spec=spec, data=data)).lines()
    correlation = f"{np.corrcoef([row[0] for row in rows], [row[1] for row in rows])[0, 1]:.2f}".replace(".", ",")
    assert f"a và b (trong p) gần như nói cùng một điều: r = {correlation}." in lines
    assert "c và d (trong q) ngược chiều nhau: r = −1,00." in lines
    assert "c ngược chiều với q mà nó là một phần: r = −1,00." in lines
    assert not any(line.startswith("c và d (trong q) gần như") for line in lines)
    assert any(line.startswith(f"a 1,00 {correlation} ") for line in lines)
    assert any(re.fullmatch(r"d 41,7% [\d,]+%", line) for line in lines)
    (tmp_path / "few").mkdir()
    few = Words(report(tmp_path / "few", spec=spec, data="unit,a,b,c,d\nu,1,2,3,4\nv,2,3,4,5\n")).lines()
    assert "Quá ít đơn vị để phân tích cấu trúc." in few
