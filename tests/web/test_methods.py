"""Versions side by side, drafts with the past they would have made, approval and its refusals, who may."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.scorecards.test_drafts import RENAMED, TRUSTING, computed, drafted
from tests.web.judgement import CAPPED, Nation, judged
from tests.world import NOW, World
from thuocdo.scorecards.models import Draft, Scorecard
from thuocdo.scorecards.operations.drafts import approve_draft, discard_draft

VERSIONS, NEW = "/phuong-phap/cac-ban/", "/phuong-phap/du-thao/moi/"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def nation(world: World) -> Nation:
    return judged(world)


@pytest.fixture
def quan(client: Client, world: World) -> Client:
    client.force_login(world.people["quan"])
    return client


def here(draft: Draft, word: str = "") -> str:
    return f"/phuong-phap/du-thao/{draft.pk}/{word}"


def test_versions_stand_side_by_side_for_everybody(client: Client, nation: Nation, world: World) -> None:
    draft = drafted(world)
    approve_draft(
        actor=world.actor("quan"), at=NOW, draft=draft, digest=draft.digest,
        approved_by="Quyết định 12-QĐ/BCĐ", valid_from=date(2026, 10, 1),
    )  # fmt: skip
    page = client.get(VERSIONS).text
    assert "Phiên bản 1 đang có hiệu lực" in page
    assert "phiên bản 2 thay thế từ 01/10/2026" in page
    assert "Quyết định 12-QĐ/BCĐ" in page
    assert draft.digest[:16] in page
    assert "đến trước 01/10/2026" in page
    # Drafts are for those who keep the methods.
    assert "Dự thảo số" not in page
    beside = client.get("/phuong-phap/so-sanh/?cu=1&moi=2").text
    for shown in ("Niềm tin", "40 điểm", "90 điểm", "+50,00"):
        assert shown in beside, shown


def test_two_equal_versions_differ_in_nothing(client: Client, nation: Nation) -> None:
    assert "không quy định nào khác" in client.get("/phuong-phap/so-sanh/?cu=1&moi=1").text


@pytest.mark.parametrize("asked", ["cu=9", "moi=x", "cu=-1", "moi=999999999999"])
def test_versions_that_are_none_are_not_found(client: Client, nation: Nation, asked: str) -> None:
    assert client.get(f"/phuong-phap/so-sanh/?{asked}").status_code == 404


def test_a_draft_starts_from_the_version_in_force_and_is_kept(quan: Client, nation: Nation) -> None:
    assert "small-2026" in quan.get(NEW).text
    # Browsers send line ends of their own.
    answer = quan.post(NEW, {"text": TRUSTING.replace("\n", "\r\n")}, follow=True)
    assert "Đã lưu dự thảo" in answer.text
    assert Draft.objects.get().text == TRUSTING
    assert "Không cơ quan nào được xếp hạng theo nội dung này" in answer.text
    assert "chưa tính thử kỳ nào" in answer.text


def test_a_draft_is_uploaded_as_a_file(quan: Client, nation: Nation) -> None:
    file = SimpleUploadedFile("phuong-phap.toml", TRUSTING.encode())
    quan.post(NEW, {"tep": file, "text": "bỏ qua"})
    assert Draft.objects.get().text == TRUSTING


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Chưa có nội dung"),
        ("a = = b", "Dòng"),
        (TRUSTING.replace("weight = 90", "weight = -90"), "phải từ 0 trở lên"),
        (
            TRUSTING.replace('code = "satisfaction"', 'code = "never_measured"'),
            "Danh mục chưa có chỉ số never_measured",
        ),
        (TRUSTING.replace("levels = 3", 'levels = 3\n[rounding]\nties = "average"'), "Thứ hạng là số nguyên"),
        (CAPPED, "giống hệt một phiên bản đã có"),
        (TRUSTING.replace("small-2026", "x-2026"), "Chưa có phương pháp nào mang mã"),
    ],
)
def test_faults_stand_with_their_lines_beside_what_was_typed(
    quan: Client, nation: Nation, text: str, said: str
) -> None:
    answer = quan.post(NEW, {"text": text})
    assert answer.status_code == 422
    assert said in answer.text
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "said"), [(b"\x89PNG\xff\xfe", "không phải văn bản UTF-8"), (b"id = \x00", "không đọc được")]
)
def test_a_file_that_is_no_text_is_refused(quan: Client, nation: Nation, content: bytes, said: str) -> None:
    answer = quan.post(NEW, {"tep": SimpleUploadedFile("anh.png", content)})
    assert answer.status_code == 422
    assert said in answer.text


def test_the_past_is_computed_and_told(
    quan: Client, nation: Nation, world: World, django_assert_max_num_queries: object
) -> None:
    draft = drafted(world)
    quan.post(here(draft, "tinh/"))
    waiting = quan.get(here(draft)).text
    assert "Đang tính lại các kỳ đã qua" in waiting
    computed(world, draft)
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        page = quan.get(here(draft)).text
    assert "Tính lại 2 kỳ đã qua: 4 trên 4 lượt xếp hạng sẽ khác" in page
    assert "−1,000" in page
    assert "Đang tính lại" not in quan.get(here(draft, "tien-do/")).text
    ranking = quan.get(here(draft, "bang/2026-Q3/provinces/")).text
    assert "Đà Nẵng" in ranking
    assert "chủ yếu do" in ranking
    assert "lên 1 bậc" in ranking


@pytest.mark.parametrize("asked", ["", "2026-Q3/wards/", "x/provinces/", "2026-Q3/" + "x" * 300 + "/"])
def test_a_ranking_that_was_not_computed_is_not_found(quan: Client, nation: Nation, world: World, asked: str) -> None:
    assert quan.get(here(drafted(world), f"bang/{asked}")).status_code == 404


def test_an_approval_makes_the_next_version(quan: Client, nation: Nation, world: World) -> None:
    draft = drafted(world)
    words = {"van_ban": "Quyết định 12-QĐ/BCĐ", "hieu_luc": "01/10/2026", "ma_bam": draft.digest}
    page = quan.post(here(draft, "phe-duyet/"), words, follow=True).text
    assert "Dự thảo đã thành phiên bản 2, có hiệu lực từ 01/10/2026." in page
    assert Scorecard.objects.count() == 2
    assert "Có người vừa quyết định" in quan.post(here(draft, "phe-duyet/"), words, follow=True).text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"van_ban": ""}, "Chưa ghi văn bản phê duyệt"),
        ({"hieu_luc": ""}, "Chưa nhập ngày"),
        ({"hieu_luc": "02/10/2026"}, "Phải là ngày đầu một quý"),
        ({"hieu_luc": "01/01/2026"}, "Quý này đã qua"),
        ({"ma_bam": "0" * 64}, "Dự thảo vừa được sửa"),
    ],
)
def test_an_approval_that_lacks_something_says_what(
    quan: Client, nation: Nation, world: World, changes: dict[str, str], said: str
) -> None:
    draft = drafted(world)
    words = {"van_ban": "Quyết định 12", "hieu_luc": "01/10/2026", "ma_bam": draft.digest} | changes
    answer = quan.post(here(draft, "phe-duyet/"), words)
    assert answer.status_code == 422
    assert said in answer.text
    assert Scorecard.objects.count() == 1


def test_letting_go_is_offered_back(quan: Client, nation: Nation, world: World) -> None:
    draft = drafted(world)
    page = quan.post(here(draft, "bo/"), follow=True).text
    assert "Đã bỏ dự thảo." in page
    assert here(draft, "khoi-phuc/") in page
    assert "Dự thảo đã bỏ." in quan.get(here(draft)).text
    assert "Đã khôi phục dự thảo." in quan.post(here(draft, "khoi-phuc/"), follow=True).text


def test_a_revision_replaces_the_text(quan: Client, nation: Nation, world: World) -> None:
    draft = computed(world, drafted(world))
    page = quan.post(here(draft, "sua/"), {"text": RENAMED}, follow=True).text
    assert "không đổi quy định nào" in page
    assert "chưa tính thử kỳ nào" in page
    discard_draft(actor=world.actor("quan"), at=NOW, draft=draft)
    assert quan.get(here(draft, "sua/")).status_code == 302


@pytest.mark.parametrize("person", ["", "thu", "lan", "an", "minh", "thanh", "hoa", "binh"])
def test_who_keeps_no_methods_sees_and_does_nothing_with_drafts(
    client: Client, nation: Nation, world: World, person: str
) -> None:
    draft = computed(world, drafted(world))
    if person:
        client.force_login(world.people[person])
    for address in (
        NEW,
        here(draft),
        here(draft, "tien-do/"),
        here(draft, "bang/2026-Q3/provinces/"),
        here(draft, "sua/"),
    ):
        assert client.get(address).status_code in {302, 403}, address
    for word in ("tinh/", "phe-duyet/", "bo/", "khoi-phuc/", "sua/"):
        assert client.post(here(draft, word), {"text": RENAMED}).status_code in {302, 403}, word
    draft.refresh_from_db()
    assert (draft.state, draft.text) == ("draft", TRUSTING)
    assert "Dự thảo số" not in client.get(VERSIONS).text


@pytest.mark.parametrize("number", [0, 999, 2**63])
def test_a_draft_that_is_none_is_not_found(quan: Client, nation: Nation, number: int) -> None:
    assert quan.get(f"/phuong-phap/du-thao/{number}/").status_code == 404
