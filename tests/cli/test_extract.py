"""`thuocdo extract`: documents in, a listing or JSON Lines out, one clear line for each file that cannot be read."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from thuocdo.cli.extract import extract
from thuocdo.directives.messages import explain
from thuocdo.engine.extraction.reader import UnreadableDocument

SAMPLE = Path(__file__).parents[1] / "data" / "sample_directive.txt"
CODES = [
    "empty",
    "too_large",
    "unsupported_type",
    "encrypted_pdf",
    "pdf_without_text",
    "broken_pdf",
    "broken_docx",
    "unknown_encoding",
    "secret",
    "legacy_doc",
    "rich_text",
    "open_document",
    "web_page",
    "encrypted_docx",
    "recognition_failed",
    "too_complex",
]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(extract, [str(argument) for argument in arguments])


def test_json_lines_in_the_scheme() -> None:
    result = run(SAMPLE, "--json")
    assert result.exit_code == 0
    text = SAMPLE.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == 12
    first = lines[0]
    assert first["doc"] == "sample_directive.txt"
    assert first["deadline"] == {"raw": "trước ngày 15/11/2025", "date": "2025-11-14", "kind": "before"}
    assert text[first["start"] : first["end"]].startswith("Bộ Tư pháp chủ trì")
    assert {"lead", "coordinating", "action", "deliverable", "target", "addressee_kind"} <= set(first)


def test_a_listing_people_can_read() -> None:
    result = run(SAMPLE)
    assert result.exit_code == 0
    assert "sample_directive.txt: 12 nhiệm vụ" in result.stdout
    assert "Chủ trì: Bộ Tư pháp" in result.stdout
    assert "Thời hạn: trước ngày 15/11/2025 (ngày cuối: 14/11/2025)" in result.stdout


def test_a_bad_file_is_told_in_one_line_and_the_others_are_read(tmp_path: Path) -> None:
    broken = tmp_path / "hong.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    result = run(broken, tmp_path / "khong-co.txt", SAMPLE, "--json")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 12
    first, second = result.stderr.splitlines()
    assert first == f"{broken}: Tệp PDF bị hỏng hoặc thiếu phần cuối. Hãy tải lại hoặc xuất lại tệp từ bản gốc."
    assert "Không tìm thấy tệp" in second


@pytest.mark.parametrize(
    ("name", "data", "status", "told"),
    [
        ("rong.txt", b"", 1, "Tệp không có nội dung."),
        ("mot-dong.txt", "Giao Sở Y tế rà soát thiết bị.".encode(), 0, ""),
        ("lon.txt", b"x" * 50_000_000, 1, "Tệp quá lớn (50 MB"),
        ("dai.txt", "Giao Sở Y tế rà soát thiết bị. ".encode() * 400_000, 1, "Văn bản quá dài"),
        ("cu.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 1, "lưu thành docx"),
        ("anh.txt", b"The ministry shall report on the plan before the end of June. " * 20, 0, "không phải tiếng Việt"),
        ("tho.txt", "Trăng treo đầu ngõ, gió lay cành tre. Mẹ ngồi khâu áo, con nghe.\n".encode() * 6, 0, ""),
        ("mat.txt", "TỈNH ỦY\nMẬT\nSố 1-KL/TU\nGiao Sở Y tế rà soát.".encode(), 1, "dấu độ mật"),
    ],
)  # fmt: skip
def test_odd_input_gets_a_clear_answer(tmp_path: Path, name: str, data: bytes, status: int, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    result = run(path)
    assert result.exit_code == status, result.output
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == bool(told)
    if name in ("tho.txt", "anh.txt"):
        assert f"{name}: 0 nhiệm vụ" in result.stdout


def test_a_folder_is_told_apart(tmp_path: Path) -> None:
    result = run(tmp_path)
    assert result.exit_code == 1
    assert "Đây là thư mục" in result.stderr


def test_no_file_is_a_mistake_of_usage() -> None:
    assert run().exit_code == 2


@pytest.mark.parametrize("code", CODES)
def test_every_reason_has_its_own_line_with_a_remedy(code: str) -> None:
    told = explain(UnreadableDocument(code, {"bytes": 30_000_000, "limit": 20_000_000, "mark": "Mật"}))
    assert "\n" not in told
    assert told != explain(UnreadableDocument("something_else"))
    assert "ãy " in told
