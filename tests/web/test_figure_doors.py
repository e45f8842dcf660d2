"""Templates that know what they are, bodies' own indicators on the desk, and a lock that holds in every door."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.indicators.figures import SERVICE, load_figures, row, tell
from tests.web.workbooks import filled, rearranged
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.accounts.queries import actor_for_key
from thuocdo.indicators.models import Draft, Indicator, Measurement, Submission
from thuocdo.indicators.operations import keep_indicator, load_indicators, record_measurements
from thuocdo.indicators.operations.entering import load_entry_rules, unlock_period
from thuocdo.web.data_entry.offline import FORMAT, seal_of

AUGUST = "co_quan=01&ky=2026-08"
COUNT = {
    "title": "Số phường có quầy hỗ trợ", "definition": "Đếm số phường có quầy hỗ trợ người dân.", "unit": "phường",
    "direction": 1, "comparator": ">=", "lower": "0", "frequency": "month",
}  # fmt: skip
Cells = list[list[object]]


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


def own_indicator(world: World, short: str = "quay_ho_tro", **more: Any) -> Indicator:
    return keep_indicator(
        actor=world.actor("ha"), at=NOW, body=world.body("01"), fields=COUNT | more, short=short
    )  # fmt: skip


def template(client: Client) -> bytes:
    return bytes(client.get(f"/so-lieu/bieu-mau.xlsx?{AUGUST}").content)


def send(client: Client, content: bytes, words: str = AUGUST) -> Any:
    answer: Any = client.post(f"/so-lieu/tai-len/?{words}", {"tep": SimpleUploadedFile("so-lieu.xlsx", content)})
    return client.get(answer.url) if answer.status_code == 302 else answer


# Templates


def test_columns_and_rows_that_were_moved_are_read_as_what_they_are(ha: Client, world: World) -> None:
    own = own_indicator(world)
    content = filled(template(ha), {"H5": 81, "H6": 12})

    def moved(cells: Cells) -> Cells:
        head, body = cells[:4], cells[4:]
        # The value goes to the front, the heading is written anew, and the rows are sorted the other way round.
        turned = [[line[7], *line[:7], *line[8:]] for line in [*head, *reversed(body)]]
        turned[3][0] = "Số của chúng tôi"
        return turned

    page = send(ha, rearranged(content, moved))
    planned = page.context["preview"].planned
    assert [(one.cell, one.indicator.code, one.shown) for one in planned] == [
        ("A5", own.code, "12 phường"), ("A6", "service_on_time", "81%"),
    ]  # fmt: skip
    assert page.context["preview"].cautions == []


def test_a_column_that_was_sorted_by_itself_is_refused_by_row(ha: Client, world: World) -> None:
    own_indicator(world)
    content = filled(template(ha), {"H5": 81, "H6": 12})

    def torn(cells: Cells) -> Cells:
        cells[4][0], cells[5][0] = cells[5][0], cells[4][0]
        return cells

    answer = send(ha, rearranged(content, torn))
    assert answer.status_code == 422
    assert "Ở dòng 5, 6, mã chỉ số, cơ quan hoặc kỳ không còn khớp với dòng gốc" in answer.text


def test_a_row_that_somebody_added_says_itself_what_it_is(ha: Client, world: World) -> None:
    own = own_indicator(world)
    content = filled(template(ha), {"H5": 81})

    def longer(cells: Cells) -> Cells:
        added = list(cells[5])
        added[5], added[7], added[-1] = "2026-07", 9, ""
        return [*cells, added]

    planned = send(ha, rearranged(content, longer)).context["preview"].planned
    assert [(one.indicator.code, one.period, one.shown) for one in planned] == [
        ("service_on_time", "2026-08", "81%"), (own.code, "2026-07", "9 phường"),
    ]  # fmt: skip


def test_a_template_of_another_body_or_period_is_told(ha: Client, world: World) -> None:
    content = filled(template(ha), {"H5": 81})
    refused = send(as_person(world, "an"), content, "co_quan=48&ky=2026-08")
    assert refused.status_code == 422
    assert "lập cho Thành phố Hà Nội, nơi bạn không nhập số liệu" in refused.text
    page = send(ha, content, "co_quan=01&ky=2026-07")
    assert "số liệu ghi vào tháng 8/2026" in page.text
    assert [one.period for one in page.context["preview"].planned] == ["2026-08"]


def test_a_template_older_than_the_dictionary_is_told(ha: Client, world: World) -> None:
    own = own_indicator(world)
    content = filled(template(ha), {"H5": 81, "H6": 12})
    load_indicators(
        actor=world.machine, at=NOW, entries=[SERVICE | {"definition": {"vi": "Cách tính mới.", "en": "Anew."}}]
    )
    Indicator.objects.filter(pk=own.pk).update(unit="nghìn phường", unit_en="nghìn phường")
    page = send(ha, content)
    assert (
        "Biểu mẫu này tải về từ trước khi danh mục đổi; xem lại cách tính của “Hồ sơ giải quyết đúng hạn”" in page.text
    )
    (fault,) = page.context["preview"].faults
    assert (
        fault.message.startswith("Chỉ số tính bằng nghìn phường, không phải phường") or "khác đơn vị" in fault.message
    )


# Own indicators, terms, names


def test_a_bodys_own_indicator_stands_on_the_desk_with_its_own_term(
    ha: Client, world: World, figures: dict[str, Indicator]
) -> None:
    # 16 September: due on the 30th, while the programme's figure was due on the 10th.
    own = own_indicator(world, due_days=30)
    own_indicator(world, "tong", title="Tổng của ta", formula=own.code)
    tell(world, period="2026-08", value="78")
    page = ha.get(f"/so-lieu/?{AUGUST}")
    assert "chỉ số riêng của Thành phố Hà Nội" in page.text
    assert "Tổng của ta" not in page.text
    assert "còn thiếu 1 trong 2 số liệu của tháng 8/2026, hạn 30/09/2026." in page.text
    ha.post(f"/so-lieu/ghi/?{AUGUST}", {f"gt{own.pk}": "12"})
    assert not Submission.objects.get().is_late
    assert "chỉ số riêng" not in as_person(world, "an").get("/so-lieu/?co_quan=48&ky=2026-08").text
    # The programme's figure comes after its term: what is handed in with it is late.
    ha.post(f"/so-lieu/ghi/?{AUGUST}", {f"gt{figures['service_on_time'].pk}": "79"})
    assert Submission.objects.get().is_late


def test_what_is_missing_after_its_term_is_marked(ha: Client, world: World) -> None:
    own_indicator(world, due_days=30)
    page = ha.get(f"/so-lieu/?{AUGUST}")
    assert "quá hạn 10/09/2026" in page.text
    assert "hạn 30/09/2026" in page.text


def test_a_colleagues_draft_bears_the_colleagues_name(
    ha: Client, world: World, figures: dict[str, Indicator], django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    load_entry_rules(actor=world.machine, at=NOW, document={"lock": {"days": 30}})
    tell(world, who="ha", period="2026-08", value="78")
    ha.post(f"/so-lieu/ghi/?{AUGUST}", {f"gt{figures['service_on_time'].pk}": "79"})
    Draft.objects.create(
        body=world.body("01"), period="2026-08", indicator=figures["service_on_time"], text="90", edited_at=NOW,
        edited_by=world.people["lan"].label,
    )  # fmt: skip
    # Everything at once: a submission, a lock, own history too short for it, another's draft.
    with django_assert_max_num_queries(15):
        page = ha.get(f"/so-lieu/?{AUGUST}")
    assert f"nháp của {world.people['lan'].full_name}" in page.text
    assert "Người dùng số" not in page.text
    one = Submission.objects.get().pk
    assert "Ngô Thu Hà" in ha.get(f"/so-lieu/duyet/{one}/").text


# The lock


def offline_form(ha: Client, value: str) -> str:
    data = ha.get(f"/so-lieu/ngoai-tuyen.html?{AUGUST}").content.decode().split('id="du-lieu">')[1]
    form: dict[str, Any] = {
        "format": FORMAT, "body": "01", "period": "2026-08",
        "form": json.loads(data.split("</script>")[0])["sheet"]["digest"],
        "cells": {"service_on_time": {"value": value, "state": "value", "reason": ""}},
    }  # fmt: skip
    return json.dumps(form | {"digest": seal_of(form)})


def by_hand(ha: Client, figures: dict[str, Indicator]) -> Any:
    return ha.post(f"/so-lieu/ghi/?{AUGUST}", {f"gt{figures['service_on_time'].pk}": "80"})


def by_file(ha: Client, page: Any) -> Any:
    return ha.post("/so-lieu/xem-truoc/quyet-dinh/", {"khoa": page.context["waiting"].key, "viec": "giu-dong-dung"})


def test_the_lock_holds_in_every_door_of_people_and_not_for_sources(
    ha: Client, world: World, figures: dict[str, Indicator]
) -> None:
    sheet, form = filled(template(ha), {"H5": 80}), offline_form(ha, "80")
    load_entry_rules(actor=world.machine, at=NOW, document={"lock": {"days": 2}})
    # By hand the cell is closed; what is sent all the same is no figure.
    by_hand(ha, figures)
    # From a spreadsheet and from the form without a network the row is refused with the remedy.
    page = send(ha, sheet)
    assert "Kỳ này đã khóa từ 13/09/2026; đề nghị cấp trên mở lại có thời hạn." in page.text
    by_file(ha, page)
    ha.post("/so-lieu/nop-tep/", {"noi_dung": form})
    page = ha.get("/so-lieu/xem-truoc/")
    assert "Kỳ này đã khóa từ 13/09/2026" in page.text
    by_file(ha, page)
    assert not Measurement.objects.exists()
    # A key never declares, whoever holds it; what a source system measured is taken whenever it comes.
    for holder, scopes in ((None, ("figures:write",)), (world.people["ha"], ("figures:write", "tasks:read"))):
        key, _token = issue_key(
            actor=world.actor("quan"), at=NOW, body=world.body("01"), title="Cổng", scopes=scopes, holder=holder
        )
        caller = actor_for_key(key, on=NOW.date())
        declared = record_measurements(actor=caller, at=NOW, rows=[row(provenance="declared")])
        assert declared.counts == {"provenance_not_allowed": 1}
    assert record_measurements(actor=caller, at=NOW, rows=[row(provenance="system")]).accepted == 1
    # An exception opens every door of people until its last day.
    unlock_period(
        actor=world.actor("thu"), at=NOW, body=world.body("01"), period="2026-08",
        until=(NOW + timedelta(days=2)).date(), reason="Mất điện ba ngày",
    )  # fmt: skip
    by_file(ha, send(ha, sheet))
    assert Measurement.objects.filter(provenance="declared").count() == 1
    with time_machine.travel(NOW + timedelta(days=3), tick=False):
        assert "Kỳ này đã khóa" in send(as_person(world, "ha"), sheet).text
