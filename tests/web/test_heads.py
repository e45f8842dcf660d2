"""Heads on screen: who sees what, every figure leads to exactly its rows, freezing, asking, signing, files."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.publications.scenes import CHANGE, headed, one_of_each
from tests.world import World
from thuocdo.ledger.models import Entry
from thuocdo.publications.lifecycle import FIGURES
from thuocdo.publications.models import Dossier, Request, Signature

ROWS = re.compile(r"<tr[ >]")


@pytest.fixture
def scene(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The third quarter of 2026 as of 14 September, with a change of head on 15 August."""
    headed(world, "BTP", since=date(2026, 1, 1), person="Nguyễn Trước")
    headed(world, "BTP", since=CHANGE)
    one_of_each(world)
    for module in ("listing", "views", "dossiers"):
        monkeypatch.setattr(f"thuocdo.web.heads.{module}.timezone", _Clock)
    monkeypatch.setattr("thuocdo.web.signed_in.timezone", _Clock)
    return world


class _Clock:
    """Half past nine on 14 September 2026 in Viet Nam."""

    @staticmethod
    def now() -> datetime:
        return datetime(2026, 9, 14, 2, 30, tzinfo=UTC)

    @staticmethod
    def localdate(_at: Any = None) -> date:
        return date(2026, 9, 14)


def signed_in(world: World, name: str) -> Client:
    client = Client()
    client.force_login(world.people[name])
    return client


def key_of(world: World, person: str) -> int:
    return int(world.body("BTP").appointments.get(person=person).pk)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def number_of_rows(html: str) -> int:
    table = html.split("behind-figure", 1)
    return len(ROWS.findall(table[1].split("<tbody>")[1].split("</tbody>")[0])) if len(table) == 2 else 0


def figures_with_sheets(content: bytes) -> dict[str, tuple[int, int]]:
    """By sheet of the workbook: the figure that links to it, and how many rows it holds."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    front = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/"))
    links = re.findall(r"""<hyperlink ref="C(\d+)" location="'([^']+)'!A1\"""", front)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    figures = book.get_sheet_by_name("Số liệu").to_python(skip_empty_area=False)
    found = {}
    for row, sheet in links:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)[5:]
        found[sheet] = (int(figures[int(row) - 1][2]), sum(1 for line in rows if line[0]))
    assert found
    return found


def test_every_number_on_the_page_is_the_number_of_rows_behind_it(scene: World) -> None:
    client = signed_in(scene, "dung")
    for person in ("Nguyễn Trước", "Lê Văn Dũng"):
        address = f"/nguoi-dung-dau/BTP/{key_of(scene, person)}/"
        shown = page(client, address)
        doors = {}
        for word, value in re.findall(rf'href="{address}dong/([a-z-]+)/"[^>]*>(\d+)<', shown):
            doors.setdefault(word, int(value))
        assert set(doors) == {figure.word for figure in FIGURES}
        for word, value in doors.items():
            assert number_of_rows(page(client, f"{address}dong/{word}/")) == value, word


def test_who_may_see_a_head(scene: World) -> None:
    address = f"/nguoi-dung-dau/BTP/{key_of(scene, 'Lê Văn Dũng')}/"
    for name in ("thu", "dung", "thanh"):
        html = page(signed_in(scene, name), address)
        assert "Hệ thống không chấm điểm, không kết luận về cá nhân" in html
        assert "Kinh phí chưa được theo dõi" in html
        assert "Người đứng đầu" in page(signed_in(scene, name), "/nguoi-dung-dau/")
    for name in ("lan", "minh", "son", "hoa", "quan", "ha", "an", "binh"):
        client = signed_in(scene, name)
        page(client, address, 404)
        page(client, f"{address}dong/qua-han/", 404)
        page(client, "/nguoi-dung-dau/", 403)
        assert "nguoi-dung-dau" not in page(client, "/co-quan/BTP/")
    assert Client().get(address).status_code == 302


def test_the_list_names_heads_vacancies_and_what_is_asked_for(scene: World, django_assert_max_num_queries: Any) -> None:
    client = signed_in(scene, "thu")
    with django_assert_max_num_queries(15):
        html = page(client, "/nguoi-dung-dau/?nhom=khong-co&xep=-qua-han")
    assert "Bộ trưởng Nguyễn Trước" not in html or "01/07–14/08/2026" in html
    body = page(client, "/nguoi-dung-dau/BTP/?ky=2026-Q3")
    assert "2 người đứng đầu nối nhau" in body
    assert "15/08–14/09/2026" in body
    answer = client.get("/nguoi-dung-dau/BNV/?ky=2026-Q3")
    assert answer.status_code == 302
    vacant = page(client, answer["Location"])
    assert "Khuyết người đứng đầu" in vacant
    assert "Lập hồ sơ" not in vacant


def test_a_head_page_asks_little(scene: World, django_assert_max_num_queries: Any) -> None:
    client = signed_in(scene, "dung")
    with django_assert_max_num_queries(15):
        page(client, f"/nguoi-dung-dau/BTP/{key_of(scene, 'Lê Văn Dũng')}/")


def test_terms_that_do_not_fit_are_answered(scene: World) -> None:
    client = signed_in(scene, "dung")
    address = f"/nguoi-dung-dau/BTP/{key_of(scene, 'Lê Văn Dũng')}/"
    assert "không giữ chức ngày nào" in page(client, f"{address}?ky=2026-Q1")
    for odd in ("2026-Q9", "x", "2030", "2026-H2"):
        assert "Phải thực hiện" in page(client, f"{address}?ky={odd}")
    page(client, "/nguoi-dung-dau/BTP/0/", 404)
    page(client, "/nguoi-dung-dau/KHONGCO/1/", 404)
    page(client, f"{address}dong/khong-co/", 404)


def test_the_office_asks_the_head_freezes_signs_and_takes_the_files(
    scene: World, django_assert_max_num_queries: Any
) -> None:
    office, head = signed_in(scene, "thu"), signed_in(scene, "dung")
    key = key_of(scene, "Lê Văn Dũng")
    address = f"/nguoi-dung-dau/BTP/{key}/"
    wrong = office.post(f"{address}de-nghi/?ky=2026-Q3", {"reply_by": "01/09/2026"})
    assert wrong.status_code == 422
    assert "Hạn ký đã qua" in wrong.content.decode()
    assert office.post(f"{address}de-nghi/?ky=2026-Q3", {"reply_by": "20/09/2026"}).status_code == 302
    assert Request.objects.get().term == "2026-Q3"
    assert "Cơ quan thường trực đề nghị ký" in page(head, address)
    assert head.post(f"{address}de-nghi/", {"reply_by": "20/09/2026"}).status_code == 404
    assert head.post(f"{address}lap-ho-so/?ky=2026-Q3").status_code == 302
    dossier = Dossier.objects.get()
    place = f"/nguoi-dung-dau/ho-so/{dossier.pk}/"
    with django_assert_max_num_queries(15):
        html = page(head, place)
    assert "Bản 1 chờ ký" in html
    assert 'name="accepts"' in html
    assert 'name="accepts"' not in page(office, place)
    page(signed_in(scene, "lan"), place, 404)
    again = head.post(f"{address}lap-ho-so/?ky=2026-Q3", follow=True)
    assert "số liệu không có gì khác" in again.content.decode()
    names = re.findall(r'name="(giai_trinh_\d+)"', html)
    assert len(names) == 3
    refused = head.post(place, {"remark": "Đã xem", names[0]: "Chờ góp ý"})
    assert refused.status_code == 422
    assert "Chưa xác nhận trách nhiệm" in refused.content.decode()
    assert "Chờ góp ý" in refused.content.decode()
    assert office.post(place, {"accepts": "on"}).status_code == 302
    assert not Signature.objects.exists()
    assert head.post(place, {"remark": "=1+1", "accepts": "on", names[0]: "Chờ góp ý"}).status_code == 302
    done = page(head, place)
    assert "Bản 1 đã ký" in done
    assert "chưa giải trình" in done
    assert [entry.event for entry in Entry.objects.order_by("-number")[:2]] == [
        "publications.dossier.signed",
        "publications.dossier.frozen",
    ]
    told = head.get(f"{place}tep.json").content
    assert told.decode() == dossier.content
    for ending, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert head.get(f"{place}tep.{ending}").content.startswith(start)
    book = figures_with_sheets(head.get(f"{place}tep.xlsx").content)
    assert all(figure == rows for figure, rows in book.values()), book
    page(head, f"{place}tep.exe", 404)
    # The former head's days are not the new head's to sign for.
    assert "Lập hồ sơ" in page(head, f"/nguoi-dung-dau/BTP/{key_of(scene, 'Nguyễn Trước')}/")
