"""Lan's province urges a department: the note names every task, says what is asked, and waits for a signature."""

import io
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdfium2
import pytest
from docx import Document

from thuocdo.alerts.files import (
    UrgedLine,
    UrgingNote,
    layout_of,
    symbol_of,
    urging_letter,
    urging_note_docx,
    urging_note_pdf,
)
from thuocdo.engine.typesetting import PARTY, STATE, Signature

NOTE = UrgingNote(
    issuer="Ủy ban nhân dân tỉnh Bắc Ninh",
    bloc="local",
    place="Bắc Ninh",
    addressee="Sở Khoa học và Công nghệ",
    tasks=(
        UrgedLine(
            code="NV-2026-0001",
            title="Hoàn thành cơ sở dữ liệu đất đai",
            original_due=date(2026, 6, 30),
            due=date(2026, 9, 30),
            days_late=53,
            working_days_late=38,
            document="Kế hoạch số 12/KH-UBND",
            reported_on=date(2026, 10, 1),
            report="đạt 60 %",
            reason="chờ hướng dẫn kỹ thuật",
        ),
        UrgedLine(
            code="NV-2026-0002",
            title="Ban hành quy chế vận hành nền tảng dùng chung",
            original_due=date(2026, 10, 31),
            due=date(2026, 10, 31),
            days_late=22,
            working_days_late=15,
        ),
    ),
    counted_on=date(2026, 11, 22),
    reply_by=date(2026, 11, 30),
    signature=Signature("Phó Chủ tịch", "Nguyễn Văn An", "KT", "Chủ tịch"),
    symbol="PĐĐ-UBND",
    basis=("Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị",),
    request="Mời lãnh đạo Sở dự họp ngày 28/11/2026\n\nMang theo hồ sơ;",
)


def read_docx(note: UrgingNote) -> str:
    body = Document(io.BytesIO(urging_note_docx(note))).element.body
    text = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return flat("\n".join("".join(t.text or "" for t in p.iter(f"{text}t")) for p in body.iter(f"{text}p")))


def read_pdf(note: UrgingNote) -> str:
    with pypdfium2.PdfDocument(urging_note_pdf(note)) as document:
        return flat(" ".join(page.get_textpage().get_text_range() for page in document))


def flat(words: str) -> str:
    return " ".join(unicodedata.normalize("NFC", words).split())


READERS = pytest.mark.parametrize("read", [read_docx, read_pdf])


@READERS
def test_every_task_stands_in_the_note_with_its_deadlines_and_its_lateness(read: Any) -> None:
    words = read(NOTE)
    assert "PHIẾU ĐÔN ĐỐC" in words
    assert "Về việc thực hiện 02 nhiệm vụ quá hạn" in words
    for said in ("NV-2026-0001", "NV-2026-0002", "30/06/2026", "30/09/2026", "31/10/2026", "53 ngày", "22 ngày"):
        assert said in words
    together = words.replace(" ", "")
    assert "(38ngàylàmviệc)" in together
    assert "Nguyênnhân:chờhướngdẫnkỹthuật" in together
    assert "Chưacóbáocáo" in together


@READERS
def test_it_says_what_is_asked_until_when_and_who_signs(read: Any) -> None:
    words = read(NOTE)
    places = [
        words.index(said)
        for said in (
            "Căn cứ Nghị quyết số 57-NQ/TW",
            "tính đến ngày 22/11/2026",
            "NV-2026-0001",
            "1. Xác nhận đã nhận",
            "2. Báo cáo rõ nguyên nhân",
            "3. Cam kết ngày hoàn thành",
            "4. Mời lãnh đạo Sở dự họp ngày 28/11/2026.",
            "5. Mang theo hồ sơ.",
            "chậm nhất ngày 30/11/2026",
            "./.",
            "Nơi nhận:",
            "KT. CHỦ TỊCH",
            "Nguyễn Văn An",
        )
    ]
    assert places == sorted(places)


@READERS
def test_until_it_is_numbered_the_note_leaves_room_for_number_and_day(read: Any) -> None:
    assert "Số: /PĐĐ-UBND" in read(NOTE).replace("\u00a0", "")
    issued = read(replace(NOTE, number="128", signed_on=date(2026, 11, 22)))
    assert "Số: 128/PĐĐ-UBND" in issued
    assert "Bắc Ninh, ngày 22 tháng 11 năm 2026" in issued


@READERS
def test_a_party_body_writes_in_the_partys_layout(read: Any) -> None:
    words = read(
        replace(NOTE, bloc="party", issuer="Văn phòng", superior="Tỉnh ủy Bắc Ninh", called="Văn phòng Tỉnh ủy")
    )
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in words
    assert "K/T CHỦ TỊCH" in words
    assert "Văn phòng Tỉnh ủy đề nghị Sở Khoa học và Công nghệ:" in words
    assert "./." not in words


def test_the_bloc_of_the_issuer_chooses_the_layout() -> None:
    assert (layout_of("party"), layout_of("centre")) == (PARTY, PARTY)
    assert {layout_of(bloc).key for bloc in ("government", "local", "court", "national_assembly")} == {STATE.key}


def test_the_symbol_names_the_kind_and_the_body_each_in_its_way() -> None:
    assert symbol_of("local", "UBND") == "PĐĐ-UBND"
    assert symbol_of("party", "VPTW") == "PĐĐ/VPTW"
    assert symbol_of("party", "") == "PĐĐ"


def test_the_office_keeps_a_copy_where_nobody_says_who_gets_one() -> None:
    assert urging_letter(NOTE).recipients == ("Như trên", "Lưu: VT")
    assert urging_letter(replace(NOTE, bloc="party")).recipients == ("Như trên", "Lưu Văn phòng")


def test_one_who_stands_above_orders_and_others_ask() -> None:
    asked, ordered = (str(urging_letter(replace(NOTE, is_order=is_order)).blocks) for is_order in (False, True))
    assert "Bắc Ninh đề nghị Sở" in asked
    assert "Bắc Ninh yêu cầu Sở" in ordered


def test_a_note_of_two_hundred_tasks_keeps_every_one() -> None:
    line = NOTE.tasks[0]
    many = tuple(replace(line, code=f"NV-{at:04}", due=line.due + timedelta(at)) for at in range(200))
    words = read_pdf(replace(NOTE, tasks=many))
    assert all(f"NV-{at:04}" in words for at in range(200))
    assert "200 nhiệm vụ quá hạn" in words


def test_a_note_without_a_task_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one task"):
        replace(NOTE, tasks=())
