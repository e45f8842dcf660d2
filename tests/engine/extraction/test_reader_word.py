"""Word files as their printed page shows them: lists, tables, notes, boxes, changes, old fonts, hostile files."""

import time

import pytest

from tests.engine.extraction.written import numbered, paragraph, table, word_file
from thuocdo.engine.extraction.reader import UnreadableDocument, read
from thuocdo.engine.extraction.reader.legacy import TCVN3


def lines_of(data: bytes) -> list[str]:
    return read(data).text.split("\n")


def code_of(data: bytes, **limits: int) -> str:
    with pytest.raises(UnreadableDocument) as caught:
        read(data, **limits)
    return caught.value.code


def level(number: int, kind: str, text: str, more: str = "") -> str:
    form = f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}<w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}">{form}</w:lvl>'


OUTLINE = (
    '<w:abstractNum w:abstractNumId="5">'
    + level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.")
    + level(2, "lowerLetter", "%3)")
    + level(3, "bullet", "\uf0b7")
    + level(4, "decimal", "%1.%2.%5.", '<w:lvlRestart w:val="0"/><w:isLgl/>')
    + '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="5"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="5"/>'
    '<w:lvlOverride w:ilvl="1"><w:startOverride w:val="4"/></w:lvlOverride></w:num>'
)


def test_automatic_numbers_are_written_out_level_by_level() -> None:
    body = (
        numbered("Quan điểm", 1)
        + numbered("Nhiệm vụ", 1)
        + numbered("Thể chế", 1, 1)
        + numbered("Rà soát", 1, 2)
        + numbered("Sửa đổi", 1, 2)
        + numbered("kịp thời", 1, 3)
        + numbered("Chi tiết", 1, 4)
        + numbered("Hạ tầng", 1, 1)
        + numbered("Trung tâm", 1, 2)
        + numbered("Chi tiết", 1, 4)
        + numbered("Dữ liệu", 2, 1)
        + numbered("Nhân lực", 3, 1)
        + numbered("Kinh phí", 3, 1)
        + numbered("", 1)
        + numbered("Tổ chức thực hiện", 1)
        + numbered("Giao Sở Y tế", 1, 1)
        + numbered("không đánh số", 0)
    )
    assert lines_of(word_file(body, numbering=OUTLINE)) == [
        "I. Quan điểm",
        "II. Nhiệm vụ",
        "1. Thể chế",
        "a) Rà soát",
        "b) Sửa đổi",
        "- kịp thời",
        "2.1.1. Chi tiết",
        "2. Hạ tầng",
        "a) Trung tâm",
        "2.2.2. Chi tiết",
        "3. Dữ liệu",
        "4. Nhân lực",
        "5. Kinh phí",
        "",
        "III. Tổ chức thực hiện",
        "1. Giao Sở Y tế",
        "không đánh số",
    ]


def test_a_style_may_bring_the_number() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="Muc"/><w:pPr><w:numPr><w:ilvl w:val="1"/>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:name w:val="Con"/><w:basedOn w:val="Muc"/></w:style>'
    )
    body = paragraph("Một", '<w:pStyle w:val="Muc"/>') + paragraph("Hai", '<w:pStyle w:val="Con"/>')
    assert lines_of(word_file(body, numbering=OUTLINE, styles=styles)) == ["1. Một", "2. Hai"]


def test_tables_with_merged_and_nested_cells() -> None:
    inner = table(["Sở Y tế", "Sở Nội vụ"]) + paragraph("")
    top, on = '<w:vMerge w:val="restart"/>||', "<w:vMerge/>||"
    body = table(
        ["TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"],
        ['<w:gridSpan w:val="4"/>||I. THỂ CHẾ'],
        ["1", "Rà soát", top + "Sở Tư pháp", "Quý I"],
        ["2", "Sửa đổi", on, "Quý II"],
        ["3", "Mở lớp", inner, '<w:gridSpan w:val="1"/>||Quý III'],
    )
    assert lines_of(word_file(body)) == [
        "TT\tNhiệm vụ\tChủ trì\tThời hạn",
        "I. THỂ CHẾ\t\t\t",
        "1\tRà soát\tSở Tư pháp\tQuý I",
        "2\tSửa đổi\tSở Tư pháp\tQuý II",
        "3\tMở lớp\tSở Y tế Sở Nội vụ\tQuý III",
    ]


def test_what_only_stands_side_by_side_is_no_table() -> None:
    body = table(
        [paragraph("UBND TỈNH GIA LAI") + paragraph("Số: 12/KH-UBND"), paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")]
    ) + table([paragraph("Khung một ô") + paragraph("hai dòng")])
    assert lines_of(word_file(body)) == [
        "UBND TỈNH GIA LAI",
        "Số: 12/KH-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Khung một ô",
        "hai dòng",
    ]


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_tracked_changes_comments_and_hidden_text() -> None:
    body = (
        "<w:p>"
        + run("Giao Sở ")
        + '<w:del w:id="1"><w:r><w:delText>Công Thương</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2">{run("Y tế")}</w:ins>'
        + '<w:commentRangeStart w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>'
        + run(" bí ẩn", "<w:vanish/>")
        + run(" rà soát", '<w:vanish w:val="0"/>')
        + f'<w:moveFrom w:id="3">{run(" cũ")}</w:moveFrom></w:p>'
        + paragraph("Đoạn bị nối", "<w:rPr><w:del/></w:rPr>")
        + paragraph(" với đoạn sau.")
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    )
    source = read(word_file(body))
    assert source.text.split("\n") == ["Giao Sở Y tế rà soát", "Đoạn bị nối với đoạn sau."]
    assert source.notes == ("tracked_changes",)


def test_fields_show_their_results_and_content_controls_their_content() -> None:
    def field(code: str, result: str) -> str:
        return (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            f"<w:r><w:instrText>{code}</w:instrText></w:r>"
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
            f'{run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )

    body = (
        f"<w:p>{run('Hạn ')}{field(' DATE ', '30/6/2026')}{run(', trang ')}{field(' PAGE ', '7')}{run('.')}</w:p>"
        f"<w:sdt><w:sdtContent>{paragraph('Trong khung')}</w:sdtContent></w:sdt>"
        f"<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('Bấm để nhập')}</w:sdtContent></w:sdt>"
        f"<w:hyperlink>{run('liên kết')}</w:hyperlink></w:p>"
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r></w:p>' + paragraph("sau một trường hỏng")
    )
    assert lines_of(word_file(body)) == ["Hạn 30/6/2026, trang .", "Trong khung", "liên kết", "", "sau một trường hỏng"]


def test_text_boxes_once_and_notes_at_the_end() -> None:
    box = f"<w:txbxContent>{paragraph('HỎA TỐC')}</w:txbxContent>"
    body = (
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
        + run("Căn cứ Luật Đầu tư")
        + '<w:r><w:endnoteReference w:id="2"/></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    )
    footnotes = '<w:footnote w:id="0"/><w:footnote w:id="1">' + paragraph("Chú thích chân trang.") + "</w:footnote>"
    endnotes = '<w:endnote w:id="2">' + paragraph("Chú thích cuối.") + "</w:endnote>"
    data = word_file(body, footnotes=footnotes, endnotes=endnotes)
    assert lines_of(data) == ["Căn cứ Luật Đầu tư", "HỎA TỐC", "[1] Chú thích cuối.", "[2] Chú thích chân trang."]


def test_pages_as_word_last_showed_them() -> None:
    broken = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Trang hai</w:t></w:r></w:p>"
    middle = "<w:p><w:r><w:t>còn ở hai </w:t><w:lastRenderedPageBreak/><w:t>sang ba</w:t></w:r></w:p>"
    source = read(word_file(paragraph("Một") + broken + middle + paragraph("Ba")))
    assert [passage.page for passage in source.passages] == [1, 2, 2, 3]
    assert [passage.page for passage in read(word_file(paragraph("Một"))).passages] == [None]


def test_old_fonts_are_told_by_their_names() -> None:
    text = "Bộ Khoa học và Công nghệ, trước"
    old = text.translate({new: chr(code) for code, new in TCVN3.items()})
    fonts = '<w:rFonts w:ascii="{0}" w:hAnsi="{0}"/>'
    body = (
        f"<w:p>{run(old, fonts.format('.VnTimeH'))}</w:p>"
        f"<w:p>{run(old, fonts.format('.VnTime'))}{run(' Sở Y tế', fonts.format('.VnTime'))}</w:p>"
        f"<w:p>{run('Boä Khoa hoïc vaø Coâng ngheä', fonts.format('VNI-Times'))}</w:p>"
    )
    source = read(word_file(body))
    assert source.text.split("\n") == [text.upper(), f"{text} Sở Y tế", "Bộ Khoa học và Công nghệ"]
    assert set(source.notes) == {"converted_from_tcvn3", "converted_from_vni"}


def test_macros_are_left_alone_and_the_text_is_read() -> None:
    source = read(word_file(paragraph("Giao Sở Y tế."), extra={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"}))
    assert (source.text, source.notes) == ("Giao Sở Y tế.", ("macros_ignored",))


def test_a_document_under_another_name_and_in_the_strict_variant() -> None:
    assert lines_of(word_file(paragraph("Một"), main="document2.xml")) == ["Một"]


def test_a_million_paragraphs_are_refused_in_bounded_time() -> None:
    begun = time.perf_counter()
    assert code_of(word_file(paragraph("Giao") * 1_000_000)) == "too_large"
    assert code_of(word_file("<w:p/>" * 1_000_000)) == "too_large"
    assert time.perf_counter() - begun < 20


def test_entities_depth_and_outside_files_do_nothing() -> None:
    deep = "<w:p>" + "<w:ins>" * 5_000 + run("x") + "</w:ins>" * 5_000 + "</w:p>"
    assert code_of(word_file(deep)) == "broken_docx"
    boxes = paragraph("x")
    for _ in range(40):
        boxes = f"<w:p><w:r><w:pict><w:txbxContent>{boxes}</w:txbxContent></w:pict></w:r></w:p>"
    with pytest.raises(UnreadableDocument):
        read(word_file(boxes))
    styles = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 50}"/></w:style>' for n in range(50))
    assert lines_of(word_file(paragraph("Vòng", '<w:pStyle w:val="s1"/>'), styles=styles)) == ["Vòng"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "legacy_doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted_docx"),
        (b"{\\rtf1\\ansi Giao S\\'f4 Y t\\'ea}", "rich_text"),
        (b"<!DOCTYPE html><html><body>Giao</body></html>", "web_page"),
    ],
)
def test_neighbours_of_word_are_refused_by_their_own_name(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_a_secret_mark_in_a_header_is_seen_though_headers_are_left_out() -> None:
    calm = word_file(paragraph("Giao Sở Y tế."), header=paragraph("Lưu hành nội bộ"))
    assert (read(calm).text, read(calm).margins) == ("Giao Sở Y tế.", ("Lưu hành nội bộ",))
    assert code_of(word_file(paragraph("Giao Sở Y tế."), header=paragraph("TỐI MẬT"))) == "secret"
