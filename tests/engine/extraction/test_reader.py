"""Documents as bytes: exact text for UTF-8, old encodings converted, Word and PDF read, hostile and secret refused."""

import io
import unicodedata
import zipfile

import docx
import pytest

from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.engine.extraction.reader import (
    DOCX,
    PDF,
    TEXT,
    Passage,
    UnreadableDocument,
    media_type_of,
    place_of,
    read,
)
from thuocdo.engine.extraction.reader.legacy import TCVN3

ORDER = (
    "Bộ Khoa học và Công nghệ chủ trì, phối hợp với Văn phòng Trung ương Đảng trình Thủ tướng Chính phủ ý kiến của"
    " các địa phương về quỹ đầu tư, các dữ liệu của tỉnh."
)


def code_of(data: bytes, **limits: int) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, **limits)
    return caught.value.code


def test_utf8_text_is_the_file_itself() -> None:
    text = "\ufeff1. Sở Y tế\r\n" + unicodedata.normalize("NFD", "công khai tiến độ") + "\t…\n\n  2. Hết"
    source = read(text.encode())
    assert source.text == text
    assert (source.media_type, source.encoding, source.notes) == (TEXT, "utf-8", ())
    assert [text[p.start : p.end] for p in source.passages][-1] == "2. Hết"


def as_windows_1258(text: str) -> bytes:
    encoded = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
            rest = unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones))
            encoded += (rest + tones).encode("cp1258")
    return encoded


def test_windows_1258_is_converted() -> None:
    source = read(as_windows_1258(ORDER))
    assert (source.text, source.notes) == (ORDER, ("converted_from_windows_1258",))


def test_tcvn3_is_converted_also_when_saved_as_utf8() -> None:
    old = ORDER.translate({ord(chr(new)): chr(code) for code, new in TCVN3.items()})
    for data in (old.encode("latin-1"), old.encode()):
        source = read(data)
        assert (source.text, source.notes) == (ORDER, ("converted_from_tcvn3",))


def test_vni_is_converted_also_when_saved_as_utf8() -> None:
    old = "Boä Khoa hoïc vaø Coâng ngheä chuû trì, phoái hôïp vôùi Vaên phoøng Trung öông Ñaûng; caùc tænh, quyõ"
    new = "Bộ Khoa học và Công nghệ chủ trì, phối hợp với Văn phòng Trung ương Đảng; các tỉnh, quỹ"
    for data in (old.encode("cp1252"), old.encode()):
        source = read(data)
        assert (source.text, source.notes) == (new, ("converted_from_vni",))


def test_utf16_is_read_with_and_without_its_mark() -> None:
    for data in (ORDER.encode("utf-16"), ORDER.encode("utf-16-le"), ORDER.encode("utf-16-be")):
        assert read(data).text == ORDER


def test_utf8_that_was_saved_twice_is_read_once() -> None:
    twice = "".join(chr(byte) for byte in ORDER.encode()).encode()
    western = "".join(
        bytes([byte]).decode("cp1252") if byte not in (129, 141, 143, 144, 157) else chr(byte)
        for byte in ORDER.encode()
    ).encode()
    for data in (twice, western):
        source = read(data)
        assert (source.text, source.notes) == (ORDER, ("converted_from_double_utf8",))


def test_mixed_encodings_are_read_line_by_line() -> None:
    old = ORDER.translate({new: chr(code) for code, new in TCVN3.items()})
    for line in (old.encode("latin-1"), old.encode()):
        source = read(b"\n".join([ORDER.encode(), line, ORDER.encode(), ORDER.encode()]))
        assert source.text == "\n".join([ORDER] * 4)
        assert source.notes == ("converted_from_tcvn3", "mixed_encodings")
    stray = read(f"{ORDER}\n{ORDER}\n".encode() + b"Giao S\xe1\xbb Y t")
    assert stray.text == f"{ORDER}\n{ORDER}\nGiao S\ufffd Y t"
    assert stray.notes == ("damaged_characters", "mixed_encodings")


def test_modern_text_with_foreign_letters_stays_as_it_is() -> None:
    text = f"{ORDER}\nCông ty Citroën, Nhà hàng Café Münch®, diện tích 5 m², ± 3 µm; «Le Monde».\n"
    assert read(text.encode()).text == text


def test_bytes_in_no_known_encoding_are_refused() -> None:
    assert code_of(bytes(range(160, 256)) * 4) == "unknown_encoding"
    assert code_of("Привет, министерство и область".encode("cp1251")) == "unknown_encoding"


def test_nothing_too_much_and_the_unknown() -> None:
    assert code_of(b"") == "empty"
    assert code_of(b" \r\n\t ") == "empty"
    assert code_of(b"x" * 11, max_bytes=10) == "too_large"
    assert code_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600) == "legacy_doc"
    assert media_type_of(b"GIF89a\x01\x00\x00\x00") is None


def word_document() -> bytes:
    document = docx.Document()
    document.add_paragraph("Số: 15/KH-UBND")
    document.add_paragraph("Giao Sở Y tế rà soát thiết bị.", style="List Number")
    document.add_paragraph("Giao Sở Nội vụ cử đầu mối.", style="List Number")
    table = document.add_table(rows=2, cols=4)
    for row, texts in enumerate(
        [("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"), ("1", "Mở lớp tập huấn", "Sở Y tế", "30/6/2026")]
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_paragraphs_numbers_and_tables() -> None:
    source = read(word_document())
    assert source.media_type == DOCX
    lines = source.text.split("\n")
    assert lines[:3] == ["Số: 15/KH-UBND", "1. Giao Sở Y tế rà soát thiết bị.", "2. Giao Sở Nội vụ cử đầu mối."]
    assert lines[-1] == "1\tMở lớp tập huấn\tSở Y tế\t30/6/2026"
    for passage, line in zip(source.passages, lines, strict=True):
        assert source.text[passage.start : passage.end] == line
    assert [one.lead for one in find_assignments(source.text)] == [("Sở Y tế",), ("Sở Nội vụ",), ("Sở Y tế",)]


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """Return a Word file with one part replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry.filename))
    return stream.getvalue()


def test_hostile_word_files_are_refused_before_they_are_parsed() -> None:
    entities = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'
    assert code_of(repacked(word_document(), "word/document.xml", entities)) == "broken_docx"
    wide = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE d><d/>'.encode("utf-16")
    assert code_of(repacked(word_document(), "word/document.xml", wide)) == "broken_docx"
    bomb = b"<w>" + b" " * 40_000_000 + b"</w>"
    assert code_of(repacked(word_document(), "word/document.xml", bomb)) == "too_large"
    assert code_of(word_document()[:2000] + b"word/document.xml") == "broken_docx"


def pdf_document(*pages: list[str]) -> bytes:
    """Return a small PDF with plain ASCII lines, written by hand."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>"]
    kids = []
    for lines in pages:
        shown = b" T* ".join(b"(" + line.encode() + b") Tj" for line in lines)
        stream = b"BT /F 10 Tf 14 TL 50 750 Td " + shown + b" ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        kids.append(len(objects) + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % len(objects)
        )
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % k for k in kids))
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(data))
    return data + head + table + trailer


def test_pdf_lines_become_paragraphs_across_pages_without_page_numbers() -> None:
    source = read(
        pdf_document(
            [
                "1. The first order is long enough to fill the line and it goes",
                "on here.",
                "2. The second order runs to the end of this page and it goes",
                "1",
            ],
            ["2", "on after the page. ", "3. Third."],
        )
    )
    assert source.media_type == PDF
    assert source.text.split("\n") == [
        "1. The first order is long enough to fill the line and it goes on here.",
        "2. The second order runs to the end of this page and it goes on after the page.",
        "3. Third.",
    ]
    assert [p.page for p in source.passages] == [1, 1, 2]


def test_pdf_without_text_and_broken_pdf() -> None:
    assert code_of(pdf_document([], [])) == "pdf_without_text"
    assert code_of(b"%PDF-1.7 this is no document") == "broken_pdf"


def test_pdf_with_a_password() -> None:
    locked = pdf_document(["secret"]).replace(
        b"/Root 1 0 R >>",
        b"/Root 1 0 R /ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> >> >>",
    )
    assert code_of(locked) == "encrypted_pdf"


@pytest.mark.parametrize(
    "head", ["MẬT\n", "Độ mật: Tối mật\n", "   TUYỆT MẬT   \n", "UBND TỈNH       MẬT       CỘNG HÒA\n"]
)
def test_a_secrecy_mark_in_the_head_is_refused(head: str) -> None:
    text = f"TỈNH ỦY\n{head}Số 12-KL/TU\n\n{ORDER}"
    assert code_of(text.encode()) == "secret"


def test_secrecy_in_running_prose_is_no_mark() -> None:
    text = f"Số 12-KL/TU\n\nBảo vệ bí mật nhà nước; tài liệu mật phải được quản lý. {ORDER}"
    assert read(text.encode()).text == text


def test_an_offset_leads_back_to_page_and_paragraph() -> None:
    passages = [Passage(0, 4, 1, 0), Passage(5, 9, 1, 1), Passage(10, 14, 2, 2), Passage(15, 19, 2, 3)]
    assert [place_of(passages, offset) for offset in (0, 7, 10, 18, 99)] == [(1, 1), (1, 2), (2, 1), (2, 2), (2, 2)]
    source = read(f"\n\n{ORDER}\n{ORDER}".encode())
    assert place_of(source.passages, 1) is None
    assert place_of(source.passages, len(source.text) - 1) == (None, 2)
