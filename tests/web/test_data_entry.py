"""Entering figures: by hand, by spreadsheet with a preview, bad files told apart, receipts, rights."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as some

from tests.indicators.figures import load_figures, tell
from tests.web.workbooks import archive, filled, line, with_part, without_values, workbook
from tests.world import FOUNDED, NOW, World
from thuocdo.accounts.models import Role, RoleHolding
from thuocdo.accounts.operations import end_role, grant_role
from thuocdo.indicators.files import SheetUnreadable
from thuocdo.indicators.models import Batch, Draft, Indicator, Measurement, Submission
from thuocdo.indicators.operations.entering import load_entry_rules
from thuocdo.ledger.queries import newest_number
from thuocdo.web.data_entry.offline import seal_of
from thuocdo.web.data_entry.typed import Ambiguous, number_typed
from thuocdo.web.data_entry.workbook import LARGEST, look

Queries = Callable[[int], Any]
AUGUST = "/so-lieu/?co_quan=01&ky=2026-08"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        yield


@pytest.fixture
def figures(world: World) -> dict[str, Indicator]:
    return load_figures(world)


def as_person(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


@pytest.fixture
def ha(world: World, figures: dict[str, Indicator]) -> Client:
    """Signed in as the focal point of Hà Nội."""
    return as_person(world, "ha")


def send(client: Client, content: bytes, name: str = "so-lieu.xlsx") -> Any:
    return client.post("/so-lieu/tai-len/?co_quan=01&ky=2026-08", {"tep": SimpleUploadedFile(name, content)})


def preview_of(client: Client, content: bytes) -> Any:
    answer = send(client, content)
    assert answer.status_code == 302, answer.text
    return client.get(answer.url)


def decide(client: Client, page: Any, what: str) -> Any:
    return client.post("/so-lieu/xem-truoc/quyet-dinh/", {"khoa": page.context["waiting"].key, "viec": what})


# The page


def test_the_page_opens_with_what_is_missing(ha: Client, world: World) -> None:
    page = ha.get("/so-lieu/")
    assert "Thành phố Hà Nội còn thiếu 1 trong 1 số liệu của tháng 8/2026, hạn 10/09/2026 đã qua." in page.text
    tell(world, period="2026-08", value="81")
    # What the source system has sent need not be typed again.
    assert "đã có đủ 1 số liệu, không còn gì phải khai" in ha.get("/so-lieu/", {"ky": "2026-08"}).text


def test_last_period_stands_beside_the_empty_field(ha: Client, world: World) -> None:
    tell(world, period="2026-07", value="77.5")
    page = ha.get(AUGUST)
    (shown,) = page.context["hand"].lines
    assert (shown.previous, shown.told) == ("77,5%", "")


def test_whoever_may_not_record_stays_outside(world: World, figures: dict[str, Indicator]) -> None:
    assert Client().get("/so-lieu/").status_code == 302
    for name in ("thu", "dung", "minh", "thanh", "hoa", "quan", "binh"):
        client = as_person(world, name)
        assert client.get("/so-lieu/").status_code == 403
        assert client.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", {}).status_code == 403
        assert send(client, workbook([line()])).status_code == 403
        assert 'href="/so-lieu/"' not in client.get("/viec-cua-toi/").text


def test_a_body_without_indicators_is_told_so(world: World, figures: dict[str, Indicator]) -> None:
    Indicator.objects.update(applies_to=["wards"])
    page = as_person(world, "ha").get("/so-lieu/")
    assert "chưa có chỉ số nào phải nhập bằng tay" in page.text


def test_the_page_asks_the_database_a_dozen_times(ha: Client, world: World, django_assert_max_num_queries: Any) -> None:
    for month in range(1, 9):
        tell(world, period=f"2026-0{month}")
    with django_assert_max_num_queries(15):
        ha.get(AUGUST)


# By hand


def fields(figures: dict[str, Indicator], value: str, **more: str) -> dict[str, str]:
    return {f"gt{figures['service_on_time'].pk}": value, **more}


def test_ha_types_a_figure_with_a_comma_and_gets_a_receipt(
    ha: Client, world: World, figures: dict[str, Indicator]
) -> None:
    answer: Any = ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", fields(figures, "79,5"))
    told = Measurement.objects.get()
    assert (str(told.value.normalize()), told.provenance, told.kind) == ("79.5", "declared", "provisional")  # type: ignore[union-attr]
    assert (told.source, told.recorded_by) == ("Biểu nhập số liệu", world.people["ha"].label)
    assert answer.url == f"/so-lieu/bien-nhan/{Batch.objects.latest('pk').ledger}/"
    receipt = ha.get(answer.url)
    assert "Đã ghi 1 số liệu" in receipt.text
    assert "khớp với các dòng đang lưu" in receipt.text


def test_a_colleague_of_the_same_body_corrects_the_figure(
    ha: Client, world: World, figures: dict[str, Indicator]
) -> None:
    ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", fields(figures, "79,5"))
    ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", fields(figures, "80"))
    assert Measurement.objects.latest("pk").supersedes == Measurement.objects.earliest("pk")


@pytest.mark.parametrize(
    ("value", "state", "words"),
    [
        ("101", "value", "Giá trị phải nằm từ 0 đến 100"),
        ("tám mươi", "value", "không phải là số"),
        ("1.234", "value", "có thể hiểu hai cách; viết 1234 hoặc 1,234"),
        ("80", "not_applicable", "để trống giá trị"),
    ],
)
def test_what_is_refused_stands_beside_its_field_and_nothing_is_written(
    ha: Client, figures: dict[str, Indicator], value: str, state: str, words: str
) -> None:
    pk = figures["service_on_time"].pk
    answer = ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", {f"gt{pk}": value, f"tt{pk}": state})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{value}"' in answer.text
    assert not Measurement.objects.exists()


def test_an_empty_form_says_what_to_do(ha: Client) -> None:
    answer = ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", {})
    assert answer.status_code == 422
    assert "Chưa điền số liệu nào" in answer.text


def test_not_applicable_and_withdrawal_need_no_value(ha: Client, figures: dict[str, Indicator]) -> None:
    pk = figures["service_on_time"].pk
    for state in ("not_applicable", "null"):
        ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", {f"tt{pk}": state})
        assert Measurement.objects.latest("pk").state == state


@pytest.mark.parametrize("query", ["co_quan=48&ky=2026-08", "co_quan=01&ky=2026-Q9", "co_quan=01"])
def test_another_body_or_no_period_is_not_found(ha: Client, figures: dict[str, Indicator], query: str) -> None:
    assert ha.post(f"/so-lieu/ghi/?{query}", fields(figures, "80")).status_code == 404


def test_an_evaluator_records_independent_figures_about_others_never_their_own(
    world: World, figures: dict[str, Indicator]
) -> None:
    son = as_person(world, "son")
    page = son.get(AUGUST)
    assert "đánh giá độc lập" in page.text
    son.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", fields(figures, "70"))
    told = Measurement.objects.get()
    assert (told.provenance, told.source) == ("independent", "Đánh giá độc lập (KHXH)")
    assert "Không có cơ quan này trong phạm vi" in son.get("/so-lieu/?co_quan=KHXH").text


# The spreadsheet


def test_the_template_goes_out_and_comes_back(ha: Client, world: World) -> None:
    tell(world, period="2026-07", value="77.5")
    out = ha.get("/so-lieu/bieu-mau.xlsx?co_quan=01&ky=2026-08")
    assert out.headers["Content-Disposition"] == 'attachment; filename="so-lieu-01-2026-08.xlsx"'
    page = preview_of(ha, filled(out.content, {"H5": 81.25}))
    assert "1 dòng có số liệu: 1 dòng ghi được. Chưa ghi gì." in " ".join(page.text.split())
    (planned,) = page.context["preview"].planned
    assert (planned.cell, planned.shown, planned.former) == ("H5", "81,25%", "")
    assert Measurement.objects.count() == 1
    answer = decide(ha, page, "ghi")
    assert answer.url == f"/so-lieu/bien-nhan/{Batch.objects.latest('pk').ledger}/"
    assert Measurement.objects.latest("pk").provenance == "declared"
    # A second press, or the way back, records nothing twice.
    assert decide(ha, page, "ghi").url == answer.url
    assert Batch.objects.count() == 2


def test_the_preview_shows_what_a_figure_replaces(ha: Client, world: World) -> None:
    tell(world, who="ha", value="70")
    (planned,) = preview_of(ha, workbook([line(75)])).context["preview"].planned
    assert (planned.shown, planned.former, planned.is_same) == ("75%", "70%", False)
    (same,) = preview_of(ha, workbook([line(70)])).context["preview"].planned
    assert same.is_same


def test_a_template_nobody_filled_in_is_not_recorded(ha: Client) -> None:
    out = ha.get("/so-lieu/bieu-mau.xlsx?co_quan=01&ky=2026-08")
    answer = send(ha, out.content)
    assert answer.status_code == 422
    assert "Biểu mẫu chưa có số liệu nào" in answer.text


def test_three_bad_rows_among_ten_thousand_are_named_by_cell(ha: Client, world: World) -> None:
    days = [
        f"{year}-{month:02}-{day:02}" for year in range(1997, 2026) for month in range(1, 13) for day in range(1, 31)
    ]
    days = [one for one in days if "-02-29" not in one and "-02-30" not in one][:9_997]
    rows = [line(80, period=one) for one in days]
    rows.insert(40, line("79,5", period="2026-08"))
    rows.insert(5_000, line(80, period="31/2/2026"))
    rows.append(line(80, body="48", period="2026-07"))
    assert len(rows) == 10_000
    page = preview_of(ha, workbook(rows))
    assert "9.997 dòng ghi được" in page.text
    assert "3 dòng có lỗi" in page.text
    faults = page.context["preview"].faults
    assert [(one.cell, one.heading) for one in faults] == [
        ("H45", "Giá trị"), ("F5005", "Kỳ"), ("D10004", "Mã cơ quan"),
    ]  # fmt: skip
    assert "viết 79.5" in faults[0].message
    listed = ha.get("/so-lieu/xem-truoc/loi.csv").content.decode("utf-8-sig")
    assert "H45" in listed
    assert "D10004" in listed
    assert not Measurement.objects.exists()
    answer = decide(ha, page, "giu-dong-dung")
    assert Measurement.objects.count() == 9_997
    receipt = ha.get(answer.url)
    assert "3 dòng bị từ chối" in receipt.text
    assert "F5005" in receipt.text


def test_refusing_all_writes_nothing_and_forgets_the_file(ha: Client) -> None:
    page = preview_of(ha, workbook([line(), line("x", code="satisfaction", period="2026-Q2")]))
    assert "Ghi 1 dòng đúng, bỏ 1 dòng lỗi" in page.text
    answer = decide(ha, page, "bo")
    assert answer.url.startswith("/so-lieu/?co_quan=01")
    assert not Batch.objects.exists()
    assert ha.get("/so-lieu/xem-truoc/").status_code == 302
    assert "Không có tệp nào đang chờ ghi" in ha.get("/so-lieu/xem-truoc/", follow=True).text


def test_a_file_with_errors_is_not_recorded_whole_by_a_forged_button(ha: Client) -> None:
    page = preview_of(ha, workbook([line(), line("x", code="satisfaction", period="2026-Q2")]))
    answer = decide(ha, page, "ghi")
    assert answer.url == "/so-lieu/xem-truoc/"
    assert not Measurement.objects.exists()


def test_the_yes_counts_for_the_file_that_was_seen(ha: Client) -> None:
    seen = preview_of(ha, workbook([line(70)]))
    preview_of(ha, workbook([line(99)]))
    answer = decide(ha, seen, "ghi")
    assert answer.url == "/so-lieu/"
    assert not Measurement.objects.exists()


def test_a_right_that_ended_meanwhile_records_nothing(ha: Client, world: World) -> None:
    page = preview_of(ha, workbook([line()]))
    holding = RoleHolding.objects.get(user=world.people["ha"])
    end_role(actor=world.actor("quan"), at=NOW, holding=holding, on=(NOW + timedelta(days=1)).date())
    assert decide(ha, page, "ghi").status_code == 403
    assert not Measurement.objects.exists()


def test_too_many_rows_are_refused_with_the_limit(ha: Client) -> None:
    page = preview_of(ha, workbook([line(1, period="2026-08")] * 10_001))
    assert "Quá 10000 dòng" in page.text.replace(".", "")
    assert "dòng đúng, bỏ" not in page.text


def test_formulas_are_not_run_and_pointed_out(ha: Client) -> None:
    page = preview_of(ha, workbook([line("=40+40")]))
    assert "Có công thức ở H5" in page.text
    assert page.context["preview"].planned[0].shown == "80%"


def test_a_month_that_became_a_day_is_pointed_out(ha: Client) -> None:
    page = preview_of(ha, workbook([line(80, period="2026-08-01")]))
    assert "Ô F5 ghi kỳ 2026-08-01, nhưng chỉ số service_on_time báo cáo hằng tháng" in page.text


def test_hostile_cells_stay_text(ha: Client) -> None:
    page = preview_of(ha, workbook([line("<script>alert(1)</script>"), line(80, body="<b>01</b>")]))
    assert "<script>alert" not in page.text
    assert "<b>01</b>" not in page.text


MERGED = workbook([line(80), line(81, period="2026-07")], more=lambda _book, page: page.merge_range("H5:H6", 80))
PLAIN = workbook([line()])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp rỗng"),
        (b"%PDF-1.7 ...", "Đây là tệp PDF"),
        ("Mã chỉ số;Kỳ;Giá trị\n".encode(), "tệp văn bản hoặc CSV"),
        (b"\x89PNG\0\0\0", "không phải là tệp Excel"),
        (OLE, "Excel 97–2003"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "đặt mật khẩu"),
        (PLAIN[:-200], "bị hỏng hoặc tải lên chưa trọn"),
        (archive("word/document.xml"), "Đây là tệp Word"),
        (archive("content.xml", "mimetype"), "OpenDocument"),
        (archive("anh.png"), "Đây là tệp nén"),
        (archive("xl/workbook.bin"), "nhị phân (.xlsb)"),
        (archive("xl/workbook.xml"), "không có trang tính nào"),
        (with_part(PLAIN, "xl/vbaProject.bin"), "có chứa macro"),
        (MERGED, "Các ô H5:H6 đang gộp"),
        (without_values(workbook([line("=1+1")])), "Công thức ở H5 chưa được tính"),
        (b"\0" * 100, "Tệp rỗng"),
        (b"P" * (LARGEST + 1), "lớn hơn 10 MB"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)  # fmt: skip
def test_bad_files_are_told_apart(ha: Client, content: bytes, words: str) -> None:
    answer = send(ha, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Bằng tệp Excel" in answer.text
    assert not Batch.objects.exists()


def test_another_name_of_the_sheet_does_no_harm(ha: Client) -> None:
    page = preview_of(ha, workbook([line()], sheet="Khac"))
    assert page.context["preview"].checked.accepted == 1


def test_a_sheet_without_the_columns_is_told_so(ha: Client) -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("SoLieu").write_row(0, 0, ["Tỉnh", "Số hồ sơ"])
    book.close()
    answer = send(ha, stream.getvalue())
    assert "Không thấy các cột Mã chỉ số, Mã cơ quan, Kỳ, Giá trị" in answer.text


def test_no_file_at_all_is_told_so(ha: Client) -> None:
    answer = ha.post("/so-lieu/tai-len/?co_quan=01&ky=2026-08")
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.text


def test_a_document_type_is_no_work_of_a_spreadsheet_program() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("xl/workbook.xml", bomb)
    with pytest.raises(SheetUnreadable, match="nội dung lạ"):
        look(stream.getvalue())


@given(some.binary(max_size=400), some.sampled_from([b"", b"PK\x03\x04", OLE[:8]]))
def test_no_bytes_break_the_look(tail: bytes, head: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        look(head + tail)


def test_an_evaluator_takes_a_template_for_a_whole_group(world: World, figures: dict[str, Indicator]) -> None:
    son = as_person(world, "son")
    out = son.get("/so-lieu/bieu-mau.xlsx?nhom=provinces&ky=2026-08")
    assert out.status_code == 200
    page = preview_of(son, filled(out.content, {"H5": 70, "H6": 71}))
    assert [one.body.code for one in page.context["preview"].planned] == ["01", "48"]
    decide(son, page, "ghi")
    assert set(Measurement.objects.values_list("provenance", flat=True)) == {"independent"}


def test_a_template_for_nothing_leads_back(ha: Client) -> None:
    for words in ("co_quan=01&ky=2026-02-03", "nhom=khong-co&ky=2026-08"):
        assert ha.get(f"/so-lieu/bieu-mau.xlsx?{words}").headers["Location"] == "/so-lieu/"
    assert ha.get("/so-lieu/bieu-mau.xlsx?co_quan=01").status_code == 404


# Receipts


def test_a_receipt_is_for_who_sent_it_and_for_auditors(ha: Client, world: World) -> None:
    tell(world, who="ha")
    address = f"/so-lieu/bien-nhan/{newest_number()}/"
    assert ha.get(address).status_code == 200
    assert as_person(world, "thanh").get(address).status_code == 200
    for name in ("an", "lan", "son", "binh"):
        assert as_person(world, name).get(address).status_code == 404
    assert ha.get("/so-lieu/bien-nhan/999999999999999999999/").status_code == 404


# Numbers as people type them


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("79,5", "79.5"), ("79.5", "79.5"), ("1.234,5", "1234.5"), ("1.234.567", "1234567"), (" 80 % ", "80"),
        ("−3,25", "-3.25"), ("1 234,5", "1234.5"), ("0.123", "0.123"), ("007", "7"), ("+5", "5"),
        ("1,234.5", "1234.5"), ("1,234", "1.234"), ("abc", "abc"), ("1.2.3", "1.2.3"), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_read_as_vietnamese_write_them(typed: str, meant: str) -> None:
    assert number_typed(typed) == meant


@pytest.mark.parametrize("typed", ["1.234", "-12.500", "999.000"])
def test_what_has_two_meanings_is_asked_back(typed: str) -> None:
    with pytest.raises(Ambiguous):
        number_typed(typed)


# Drafts, checks as one types, the way up the tree


def rows_of(world: World, figures: dict[str, Indicator], *values: str) -> None:
    for month, value in enumerate(values, start=8 - len(values)):
        tell(world, period=f"2026-0{month}", value=value)


def test_what_is_typed_is_kept_and_judged_at_once(ha: Client, world: World, figures: dict[str, Indicator]) -> None:
    rows_of(world, figures, "70", "71", "72", "73")
    form = fields(figures, "20")
    answer = ha.post("/so-lieu/nhap/?co_quan=01&ky=2026-08", form, headers={"HX-Request": "true"})
    assert "khác xa 4 kỳ trước của cơ quan (trung vị 71,5)" in answer.text
    assert "Đã lưu nháp lúc" in answer.text
    assert Draft.objects.get().text == "20"
    page = ha.get(AUGUST)
    assert 'value="20"' in page.text
    assert "Chưa nộp." in page.text
    # Handing in asks for the reason, and takes the figure with it.
    refused = ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", form)
    assert refused.status_code == 422
    assert "ghi lý do vào ô giải trình" in refused.text
    pk = figures["service_on_time"].pk
    taken = ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", form | {f"ly{pk}": "Sự cố hệ thống"})
    assert taken.status_code == 302
    assert Measurement.objects.latest("pk").reason == "Sự cố hệ thống"
    assert "Đã nộp, chờ người đứng đầu duyệt." in ha.get(AUGUST).text


def test_a_colleagues_newer_draft_is_not_overwritten_unseen(
    ha: Client, world: World, figures: dict[str, Indicator]
) -> None:
    one = figures["service_on_time"]
    Draft.objects.create(
        body=world.body("01"), period="2026-08", indicator=one, text="90", edited_at=NOW, edited_by="user:999"
    )
    form = fields(figures, "80")
    assert ha.post("/so-lieu/nhap/?co_quan=01&ky=2026-08", form).status_code == 409
    assert ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", form).status_code == 422
    assert Draft.objects.get().text == "90"
    assert ha.post("/so-lieu/nhap/?co_quan=01&ky=2026-08", form | {"lay_minh": str(one.pk)}).status_code == 302
    assert Draft.objects.get().text == "80"
    assert ha.post("/so-lieu/nhap/?co_quan=01&ky=2026-08", {"viec": "bo-nhap"}).status_code == 302
    assert not Draft.objects.exists()


def test_one_value_comes_back_is_mended_signed_off_and_taken_over(
    ha: Client, world: World, figures: dict[str, Indicator], django_assert_max_num_queries: Queries
) -> None:
    grant_role(
        actor=world.machine, at=NOW, user=world.people["quan"], role=Role.HEAD, body=world.body("01"), over=None,
        valid_from=FOUNDED,
    )  # fmt: skip
    head, thu = as_person(world, "quan"), as_person(world, "thu")
    ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", fields(figures, "79,5"))
    number = Submission.objects.get().pk
    assert "1 bộ số liệu chờ bạn quyết định" in head.get("/so-lieu/duyet/").text
    one = f"/so-lieu/duyet/{number}/"
    with django_assert_max_num_queries(15):
        assert "79,5%" in head.get(one).text
    assert head.post(f"{one}tra-lai/", {"chi_so": "service_on_time", "loi_nhan": ""}).status_code == 422
    head.post(f"{one}tra-lai/", {"chi_so": "service_on_time", "loi_nhan": "Thiếu phường Ba Đình"})
    assert "Thiếu phường Ba Đình" in ha.get(AUGUST).text
    ha.post("/so-lieu/ghi/?co_quan=01&ky=2026-08", fields(figures, "81"))
    assert "trước khi trả lại: 79,5%" in head.get(one).text
    assert ha.post(f"{one}duyet/").status_code == 403
    head.post("/so-lieu/duyet/nhieu/", {"bo": [str(number)]})
    assert Submission.objects.get().stage == "approved"
    assert "đã khóa" in ha.get(AUGUST).text
    head.post(f"/so-lieu/duyet/rut-lai/?bo={number}")
    assert Submission.objects.get().stage == "submitted"
    head.post(f"{one}duyet/")
    thu.post(f"{one}tiep-nhan/")
    assert Submission.objects.get().stage == "accepted"
    assert as_person(world, "an").get(one).status_code == 404
    assert as_person(world, "binh").get("/so-lieu/duyet/").status_code == 403


def test_a_locked_period_is_opened_for_a_term(ha: Client, world: World, figures: dict[str, Indicator]) -> None:
    load_entry_rules(actor=world.machine, at=NOW, document={"lock": {"days": 2}})
    assert "Kỳ đã khóa từ 13/09/2026" in ha.get(AUGUST).text
    thu = as_person(world, "thu")
    form = {"co_quan": "01", "ky": "2026-08", "den_het": "2026-09-20", "ly_do": "Mất điện ba ngày"}
    assert thu.post("/so-lieu/duyet/mo-lai/", form | {"den_het": "2026-09-01"}).status_code == 422
    assert thu.post("/so-lieu/duyet/mo-lai/", form).status_code == 302
    assert "Được mở lại đến hết 20/09/2026: Mất điện ba ngày." in ha.get(AUGUST).text
    assert ha.post("/so-lieu/duyet/mo-lai/", form).status_code == 403


def test_the_offline_form_is_one_file_without_secrets_and_comes_back(
    ha: Client, world: World, figures: dict[str, Indicator]
) -> None:
    tell(world, period="2026-07", value="77.5")
    out = ha.get("/so-lieu/ngoai-tuyen.html?co_quan=01&ky=2026-08")
    page = out.content.decode()
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert 'src="' not in page
    assert "csrf" not in page
    assert "sessionid" not in page
    data = json.loads(page.split('id="du-lieu">')[1].split("</script>")[0])
    form = {
        "format": "thuocdo-so-lieu 1", "body": "01", "period": "2026-08", "form": data["sheet"]["digest"],
        "cells": {"service_on_time": {"value": "81.5", "state": "value", "reason": ""}},
    }  # fmt: skip
    form["digest"] = seal_of(form)
    seen = ha.post("/so-lieu/nop-tep/", {"noi_dung": json.dumps(form)})
    assert seen.url == "/so-lieu/xem-truoc/"  # type: ignore[attr-defined]
    assert "81,5%" in ha.get("/so-lieu/xem-truoc/").text
    form["cells"]["service_on_time"]["value"] = "99"  # type: ignore[index]
    assert "Tệp đã bị sửa sau khi xuất" in ha.post("/so-lieu/nop-tep/", {"noi_dung": json.dumps(form)}).text
    for content in ("", "[]", "{}", "x", json.dumps({"format": 1, "cells": []})):
        assert ha.post("/so-lieu/nop-tep/", {"noi_dung": content}).status_code == 422
    form["digest"] = seal_of(form)
    refused = as_person(world, "an").post("/so-lieu/nop-tep/", {"noi_dung": json.dumps(form)})
    assert "Bạn không được nhập số liệu của cơ quan này" in refused.text
    assert "Đăng nhập để nộp" in Client().get("/so-lieu/nop-tep/").text
