"""Reading apart from the server: the same answers, and an end to files that want all memory or time; recognition."""

import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.extraction.printed import Paper, assembled, printed
from tests.engine.extraction.written import paragraph, word_file
from thuocdo.directives import recognition
from thuocdo.directives.messages import NOTES, explain_failure
from thuocdo.directives.reading import page_image, read_apart
from thuocdo.engine.extraction.reader import UnreadableDocument, read

ORDER = "Giao Sở Y tế rà soát thiết bị, báo cáo trước ngày 30/6/2026."


@pytest.mark.parametrize("data", [ORDER.encode(), printed([ORDER]), word_file(paragraph(ORDER))])
def test_a_document_read_apart_is_the_same(data: bytes) -> None:
    assert read_apart(data, max_bytes=10_000_000) == read(data)


def test_a_refusal_comes_back_with_its_figures() -> None:
    with pytest.raises(UnreadableDocument) as refused:
        read_apart(word_file(paragraph("TỐI MẬT")), max_bytes=10_000_000)
    assert (refused.value.code, refused.value.details) == ("secret", {"mark": "Tối mật"})


def test_a_page_that_unpacks_without_end_is_stopped_at_the_limits() -> None:
    packer = zlib.compressobj(9)
    line = b"0 0 m 9 9 l S\n" * 100_000
    packed = b"".join(packer.compress(line) for _ in range(300)) + packer.flush()
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
    ]
    begun = time.perf_counter()
    with pytest.raises(UnreadableDocument) as refused:
        read_apart(assembled(bodies), max_bytes=10_000_000, seconds=2, memory=600_000_000)
    assert refused.value.code == "too_complex"
    assert time.perf_counter() - begun < 20


def test_every_note_and_failure_has_its_words() -> None:
    assert all(str(words) for words in NOTES.values())
    assert "KeyError" in explain_failure("KeyError")
    assert "đã được xóa" in explain_failure("secret")
    assert "tesseract" in explain_failure("recognition_failed")


FAKE = """#!/bin/sh
if [ "$1" = "--list-langs" ]; then printf 'List of available languages (2):\\neng\\n%s\\n'; exit 0; fi
head -c 8 | od -An -c | grep -q 'P   N   G' || exit 3
printf 'level\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n1\\t0\\t0\\t2480\\t3508\\t-1\\t\\n'
printf '5\\t300\\t300\\t90\\t40\\t93\\tGiao\\n5\\t400\\t302\\t50\\t36\\t95\\tSở\\n5\\t470\\t300\\t30\\t44\\t91\\tY\\n'
printf '5\\t510\\t300\\t40\\t40\\t96\\ttế\\n5\\t900\\t900\\t40\\t40\\t3\\t~~\\n'
"""


@pytest.fixture
def tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A program in the place of tesseract, which looks whether it gets a picture and sees four words on it."""
    program = tmp_path / "tesseract"
    program.write_text(FAKE.replace("%s", "vie"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    recognition.is_available.cache_clear()
    yield program
    recognition.is_available.cache_clear()


def scan(pages: int) -> bytes:
    paper = Paper()
    for _ in range(pages):
        paper.page()
        paper.line(50, 50, 500, 700)
    return paper.data()


def test_a_scan_goes_through_tesseract_page_by_page(tesseract: Path) -> None:
    assert recognition.is_available()
    seen: list[int] = []
    source = recognition.recognise(scan(2), 2, seen.append)
    assert seen == [1, 2]
    assert source.text.split("\n") == ["Giao Sở Y tế", "Giao Sở Y tế"]
    assert "recognised" in source.notes
    assert [passage.page for passage in source.passages] == [1, 2]


def test_tesseract_without_vietnamese_is_none(tesseract: Path) -> None:
    tesseract.write_text(FAKE.replace("%s", "fra"))
    assert not recognition.is_available()


def test_a_failing_tesseract_is_told(tesseract: Path) -> None:
    tesseract.write_text("#!/bin/sh\nexit 1\n")
    with pytest.raises(UnreadableDocument) as refused:
        recognition.recognise(scan(1), 1, lambda _page: None)
    assert refused.value.code == "recognition_failed"


def test_a_page_becomes_a_picture() -> None:
    assert page_image(scan(1), 0).startswith(b"\x89PNG")
    with pytest.raises(UnreadableDocument):
        page_image(b"%PDF-1.7 no", 0)
