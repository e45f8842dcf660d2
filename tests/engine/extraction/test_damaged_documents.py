"""Damaged documents of every kind: flipped bytes, lost and doubled parts; always an answer, never a crash, soon."""

import io
import random
import time
import zipfile
import zlib
from collections.abc import Callable

import pytest

from tests.engine.extraction.printed import Paper, printed
from tests.engine.extraction.written import numbered, paragraph, table, word_file
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.head import read_head
from thuocdo.engine.extraction.reader import SourceText, UnreadableDocument, place_of, read

ORDERS = [
    "Số: 12/KH-UBND",
    "KẾ HOẠCH",
    "Căn cứ Luật Giao dịch điện tử; Kính gửi: Sở Y tế;",
    "1. Sở Y tế chủ trì, phối hợp với Sở Tài chính rà soát thiết bị, hoàn thành trước ngày 30/6/2026.",
    "2. Các sở, ban, ngành báo cáo kết quả hằng quý; a) mở lớp tập huấn; b) công bố số liệu trong quý III.",
    "Nơi nhận: như trên. KT. CHỦ TỊCH",
]
ROWS = [["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"], ["1", "Rà soát quy chế", "Sở Tư pháp", "Quý I"]]
SECONDS_EACH = 5.0


def plain() -> bytes:
    return "\n".join(ORDERS * 3).encode()


def word() -> bytes:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    body = "".join(paragraph(order) for order in ORDERS) + numbered("Giao Sở Y tế", 1) + table(*ROWS)
    return word_file(body, numbering=numbering, styles="", footnotes='<w:footnote w:id="1"/>')


def portable() -> bytes:
    paper = Paper()
    paper.page()
    y = 780.0
    for order in ORDERS:
        y = paper.paragraph(y, order)
    paper.table(y, [70, 110, 300, 420, 535], ROWS)
    return paper.data()


def flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 60))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(1, len(data) + 1)]


def shortened(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 400) :]


def doubled(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    end = min(len(data), start + chance.randrange(1, 4_000))
    return data[:end] + data[start:end] * chance.randrange(1, 4) + data[end:]


DAMAGES: list[Callable[[bytes, random.Random], bytes]] = [flipped, cut, shortened, doubled]


def inside(data: bytes, chance: random.Random) -> bytes:
    """A sound archive with one damaged part in it, so that the damage reaches the reader of its text."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        # Harmed before: no archive any more.
        return flipped(data, chance)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        victim = chance.choice(list(parts))
        for name, content in parts.items():
            new.writestr(name, chance.choice(DAMAGES)(content, chance) if name == victim else content)
    return stream.getvalue()


def swapped(data: bytes, chance: random.Random) -> bytes:
    """A PDF in which names and numbers of objects are exchanged; its places stay right."""
    words = [b"/Type", b"/Pages", b"/Kids", b"/Count", b"3 0 R", b"2 0 R", b"/Font", b"/Length", b"/W", b"8 0 R"]
    first, second = chance.sample(words, 2)
    return data.replace(first, second.ljust(len(first))[: len(first)], chance.randrange(1, 4))


def answer(data: bytes) -> SourceText | str:
    """What reading gives: a text whose places fit, or a code."""
    begun = time.perf_counter()
    try:
        source = read(data)
    except UnreadableDocument as error:
        return error.code
    finally:
        assert time.perf_counter() - begun < SECONDS_EACH
    for passage in source.passages:
        assert 0 <= passage.start <= passage.end <= len(source.text)
    assert place_of(source.passages, len(source.text)) is not None
    return source


@pytest.mark.parametrize(
    ("sound", "damages", "rounds"),
    [
        (plain, DAMAGES, 120),
        (word, [*DAMAGES, inside, inside, inside], 500),
        (portable, [*DAMAGES, swapped, swapped], 500),
    ],
)
def test_a_damaged_document_gets_an_answer(
    sound: Callable[[], bytes], damages: list[Callable[[bytes, random.Random], bytes]], rounds: int
) -> None:
    chance = random.Random(57)
    data = sound()
    assert isinstance(answer(data), SourceText)
    answers: list[SourceText | str] = []
    for _ in range(rounds):
        harmed = data
        for _ in range(chance.randrange(1, 3)):
            harmed = chance.choice(damages)(harmed, chance) or b"  "
        answers.append(answer(harmed))
    refused = {told for told in answers if isinstance(told, str)}
    assert refused, "some of these must be beyond reading"
    assert refused <= {
        "empty", "unsupported_type", "broken_docx", "broken_pdf", "encrypted_pdf", "pdf_without_text",
        "unknown_encoding", "too_large", "secret",
    }  # fmt: skip
    read_ones = [told for told in answers if isinstance(told, SourceText)]
    assert read_ones, "some of these can still be read"
    for source in read_ones[:40]:
        read_head(source.text)
        for one in find_assignments(source.text):
            assert 0 <= one.start < one.end <= len(source.text)


def test_two_documents_pasted_together_are_one_or_none() -> None:
    both = [answer(first() + second()) for first in (plain, word, portable) for second in (plain, word, portable)]
    assert all(isinstance(told, SourceText | str) for told in both)
    assert isinstance(answer(printed(ORDERS) + b"\n"), SourceText)
