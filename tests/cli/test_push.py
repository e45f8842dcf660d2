"""`thuocdo push`: tables of three kinds to a real server, killed and resumed; docs/push.md keeps its word."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from click.testing import CliRunner, Result

from tests.indicators.figures import load_figures
from tests.serving import site
from tests.world import NOW, recall_world
from thuocdo.accounts.operations import issue_key
from thuocdo.cli.push.command import push
from thuocdo.cli.push.headway import Headway
from thuocdo.cli.push.tables import TableUnreadable, lines_of, read_table
from thuocdo.client import Client
from thuocdo.indicators.models import Measurement

PAGE = Path(__file__).parents[2] / "docs" / "push.md"
HEAD = "indicator,body,period,value\n"


def rows_of(file: Path, **options: Any) -> list[tuple[int, dict[str, Any]]]:
    columns, rows = read_table(file)
    return list(lines_of(columns, rows, mapping=options.get("mapping", {}), fixed=options.get("fixed", {})))


def test_tables_of_every_kind_are_read_alike(tmp_path: Path) -> None:
    expected = [
        (2, {"indicator": "service_on_time", "body": "01", "period": "2026-07", "value": "79.5"}),
        (4, {"indicator": "service_on_time", "body": "01", "period": "2026-08", "value": "80"}),
    ]
    text = HEAD + "service_on_time,01,2026-07,79.5\n,,,\nservice_on_time,01,2026-08,80\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8-sig")
    (tmp_path / "b.csv").write_text(text.replace(",", ";"), encoding="utf-8")
    assert rows_of(tmp_path / "a.csv") == rows_of(tmp_path / "b.csv") == expected
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Indicator", "Mã CQ", "period", "value"])
        sheet.write_row(1, 0, ["service_on_time", "01", "2026-07", 79.5])
        sheet.write_row(3, 0, ["service_on_time", "01", "2026-08", 80])
    assert rows_of(tmp_path / "a.xlsx", mapping={"body": "mã cq"}) == expected
    duckdb = pytest.importorskip("duckdb")
    place = tmp_path / "a.parquet"
    duckdb.sql(
        "SELECT 'service_on_time' AS indicator, '01' AS body, DATE '2026-07-01' AS period, 79.50::DECIMAL(5,2) AS value"
    ).write_parquet(str(place))
    assert rows_of(place) == [(1, expected[0][1] | {"period": "2026-07-01", "value": "79.50"})]


@pytest.mark.parametrize(
    ("name", "content", "options", "code"),
    [
        ("a.pdf", b"", {}, "kind"),
        ("a.csv", "indicator,Kỳ".encode("utf-16"), {}, "encoding"),
        ("a.csv", b"indicator,body\nx,y\n", {}, "missing"),
        ("a.csv", HEAD.encode(), {"mapping": {"value": "so_lieu"}}, "column"),
        ("a.csv", HEAD.encode(), {"fixed": {"colour": "red"}}, "field"),
        ("a.xlsx", b"PK no workbook", {}, "workbook"),
        ("a.csv", HEAD.encode() + b"x,y,2026,1\n" * 200_000 + b"\xff\xfe", {}, "encoding"),
        ("a.parquet", b"PAR1 cut off", {}, "parquet"),
    ],
)
def test_what_is_no_table_is_said_so(
    tmp_path: Path, name: str, content: bytes, options: dict[str, Any], code: str
) -> None:
    if code == "parquet":
        pytest.importorskip("duckdb")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableUnreadable) as wrong:
        rows_of(tmp_path / name, **options)
    assert wrong.value.code == code


@pytest.fixture
def instance(own_database: str) -> Iterator[dict[str, str]]:
    """A running instance with the dictionary of the tests, and the key of a source system of Hà Nội."""
    world = recall_world()
    load_figures(world)
    _key, token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng")
    with site(own_database) as address:
        yield {"THUOCDO_URL": address, "THUOCDO_KEY": token}


def run(*words: str | Path, **variables: str) -> Result:
    return CliRunner().invoke(push, [str(word) for word in words], env=variables)


def test_a_file_is_sent_once_though_its_sender_is_killed(instance: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 7) for day in range(1, 29)]
    body = "".join(f"service_on_time,01,{day},80\n" for day in days) + 'service_on_time,01,2025-07,"=79,5"\n'
    file.write_text(HEAD + body, encoding="utf-8")
    checked = run(file, "--check", **instance)
    assert (checked.exit_code, Measurement.objects.count()) == (1, 0), checked.output
    assert "168 dòng gửi được, 1 dòng có lỗi" in checked.output
    # Killed in the middle: after the second chunk was recorded, before it could be remembered.
    program = (
        "import os, signal, sys\n"
        "from thuocdo.cli.push import command, headway\n"
        "keep = headway.Headway.keep\n"
        "headway.Headway.keep = lambda self, number, answer:"
        " keep(self, number, answer) if number < 1 else os.kill(os.getpid(), signal.SIGKILL)\n"
        "command.push(sys.argv[1:])"
    )
    words = [str(file), "--rows-per-call", "50"]
    done = subprocess.run([sys.executable, "-c", program, *words], env=os.environ | instance, check=False)
    assert done.returncode == -signal.SIGKILL
    assert Measurement.objects.count() == 100
    resumed = run(*words, **instance)
    assert resumed.exit_code == 1, resumed.output
    assert "Tiếp tục: đã gửi 1 lô" in resumed.output
    assert "Đã ghi 168 dòng, từ chối 1 dòng" in resumed.output
    assert Measurement.objects.count() == 168
    told = list(csv.DictReader(Path(f"{file}.errors.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(one["line"], one["code"], one["value"]) for one in told] == [("170", "not_a_number", "'=79,5")]
    again = run(*words, **instance)
    assert (again.exit_code, Measurement.objects.count()) == (1, 168)
    # What was refused is mended where it stands, and that file is sent: nothing else is recorded again.
    errors = Path(f"{file}.errors.csv")
    errors.write_text(errors.read_text(encoding="utf-8-sig").replace("'=79,5", "79.5"), encoding="utf-8")
    mended = run(errors, **instance)
    assert (mended.exit_code, Measurement.objects.count()) == (0, 169), mended.output
    refused = run(file, "--key", "tdk_wrong", "--rows-per-call", "51", **instance)
    assert refused.exit_code == 3
    file.write_text(HEAD, encoding="utf-8")
    assert run(file, **instance).exit_code == 5
    assert run(file, "--map", "value", **instance).exit_code == 2
    away = run(tmp_path / "figures.csv", "--url", "ftp://x", **instance)
    assert away.exit_code == 2
    _the_page_keeps_its_word(instance, tmp_path)


def _the_page_keeps_its_word(instance: dict[str, str], folder: Path) -> None:
    """Run the examples of docs/push.md in their order, where the page's files lie; a block says what it gives."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    program = Path(sys.executable).parent
    environment = os.environ | instance | {"PATH": f"{program}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
    ran, said = 0, ""
    for language, name, content in blocks:
        if language == "csv":
            (folder / name).write_text(content, encoding="utf-8")
        elif language == "text":
            assert content.strip() in said, said
        elif language in ("sh", "python") and name != "setup":
            command = ["bash", "-uc", content] if language == "sh" else [sys.executable, "-c", content]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            assert done.returncode in (0, 1), said
            assert "Traceback" not in said, said
            ran += 1
    assert ran == 5


def test_headway_of_another_file_counts_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("x", encoding="utf-8")
    Headway.of(file, "o").keep(0, {"accepted": 1, "rejected": 0})
    assert Headway.of(file, "o").total("accepted") == 1
    assert not Headway.of(file, "other").lines
    file.write_text("y", encoding="utf-8")
    assert not Headway.of(file, "o").lines
    Path(f"{file}.push.json").write_text(json.dumps([1]), encoding="utf-8")
    assert not Headway.of(file, "o").lines


def test_a_line_of_headway_that_a_kill_cut_off_is_written_anew(tmp_path: Path) -> None:
    file, place = tmp_path / "a.csv", tmp_path / "a.csv.push.json"
    file.write_text("x", encoding="utf-8")
    headway = Headway.of(file, "o")
    for number in range(3):
        headway.keep(number, {"accepted": number, "rejected": 0, "errors": []})
    whole = place.read_bytes()
    for cut in range(1, len(whole) - whole[:-1].rindex(b"\n")):
        place.write_bytes(whole[:-cut])
        again = Headway.of(file, "o")
        assert sorted(again.lines) == [0, 1]
        again.keep(2, {"accepted": 2, "rejected": 0, "errors": []})
        assert place.read_bytes() == whole


def test_a_million_bad_rows_leave_a_bounded_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many errors the first are told in full and all are counted; what a chunk costs does not grow with them."""
    monkeypatch.setattr("thuocdo.cli.push.headway.MOST_ERRORS", 25)
    monkeypatch.setattr("thuocdo.cli.push.command.MOST_ERRORS", 25)
    file = tmp_path / "a.csv"
    file.write_text(HEAD + "service_on_time,99,2026-07,1\n" * 100, encoding="utf-8")
    sizes = []

    def send_packed(self: Client, content: bytes, *, on_error: str) -> dict[str, Any]:
        place = Path(f"{file}.push.json")
        sizes.append(place.stat().st_size if place.exists() else 0)
        error = {"field": "body", "code": "unknown_body", "message": "Không có"}
        return {"accepted": 0, "rejected": 10, "errors": [{"row": row, **error} for row in range(1, 11)],
                "counts": {"unknown_body": 10}, "warned": {}, "ledger": None}  # fmt: skip

    monkeypatch.setattr(Client, "send_packed", send_packed)
    words = [str(file), "--rows-per-call", "10", "--url", "http://127.0.0.1:9", "--key", "k"]
    for _ in range(2):
        done = run(*words)
        assert done.exit_code == 1
        assert "unknown_body: 100 dòng" in done.output
        assert "25 lỗi đầu; còn 75 lỗi" in done.output
        told = list(csv.DictReader(Path(f"{file}.errors.csv").read_text(encoding="utf-8-sig").splitlines()))
        assert [one["line"] for one in told] == [str(line) for line in range(2, 27)]
    # The second time everything was remembered; and the last chunks added no error to what is.
    assert len(sizes) == 10
    assert sizes[9] - sizes[8] < (sizes[2] - sizes[1]) / 3


def test_numbers_as_people_in_viet_nam_write_them(tmp_path: Path) -> None:
    """Only where one says so, only texts, and never what could be read in two ways."""
    given = ["1.234,5", "79,5", "-0,25", "1.234.567", "1.234", "12.34", "1,234,5", "'-3,5", ""]
    read = ["1234.5", "79.5", "-0.25", "1234567", "1234", "12.34", "1,234,5", "-3.5"]
    file = tmp_path / "a.csv"
    lines = "".join(f"service_on_time;01;2026-07;{value}\n" for value in given)
    file.write_text(HEAD.replace(",", ";") + lines, encoding="utf-8")
    columns, rows = read_table(file)
    found = [row.get("value") for _line, row in lines_of(columns, rows, mapping={}, fixed={}, decimal_comma=True)]
    assert found == [*read, None]
    assert [row.get("value") for _line, row in rows_of(file)][:2] == ["1.234,5", "79,5"]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["indicator", "body", "period", "value"])
        sheet.write_row(1, 0, ["service_on_time", "01", "2026-07", 1.234])
    columns, rows = read_table(tmp_path / "a.xlsx")
    ((_line, row),) = lines_of(columns, rows, mapping={}, fixed={}, decimal_comma=True)
    assert row["value"] == "1.234"
