"""Whom a name means: present names, posts, places and groups settle it; everything else is only proposed."""

from datetime import date
from decimal import Decimal

import pytest

from tests.directives.samples import GROUPS, load_sample_groups
from tests.world import NOW, TODAY, World
from thuocdo.accounts.permissions import NotAllowed
from thuocdo.directives.models import AddresseeGroup
from thuocdo.directives.operations import DirectiveRefused, GroupDescription, load_groups
from thuocdo.directives.queries import Proposal, addressee_groups, bodies_of_group, resolve
from thuocdo.directives.queries.addressees import settled
from thuocdo.organisations.models import Body
from thuocdo.organisations.operations import BodyDescription, establish_bodies, record_successions


def means(world: World, name: str, *, on: date = TODAY, near: str = "VPTW") -> list[tuple[str, str]]:
    """Codes of what a name may mean, with the manner."""
    found = resolve([name], on=on, today=TODAY, near=world.body(near))[name]
    return [(proposal.manner.value, code_of(proposal)) for proposal in found]


def code_of(proposal: Proposal) -> str:
    found = proposal.body or proposal.group
    assert found is not None
    return found.code


def establish(world: World, code: str, name: str, **fields: object) -> Body:
    values = {
        "bloc": "local", "kind": "province", "name_en": name, "valid_from": date(2020, 1, 1), "superior": "TW",
    } | fields  # fmt: skip
    (body,) = establish_bodies(
        actor="system:tests",
        at=NOW,
        bodies=[BodyDescription(code=code, name=name, **values)],  # type: ignore[arg-type]
    )
    return body


@pytest.mark.parametrize(
    ("name", "manner", "code"),
    [
        ("Bộ Tư pháp", "name", "BTP"),
        ("BỘ TƯ PHÁP", "name", "BTP"),
        ("BTP", "name", "BTP"),
        ("Bộ trưởng Bộ Y tế", "post", "BYT"),
        ("đồng chí Bộ trưởng Bộ Tư pháp", "post", "BTP"),
        ("Đ/c Bộ trưởng Bộ Tư pháp", "post", "BTP"),
        ("Mỗi bộ, ngành, địa phương", "group", "ministries_sectors_localities"),
        ("tất cả các bộ, ngành, địa phương", "group", "ministries_sectors_localities"),
        ("Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ", "post", "VPCP"),
        ("Tổng Thanh tra Chính phủ", "post", "TTCP"),
        ("Chánh Văn phòng Trung ương Đảng", "post", "VPTW"),
        ("UBND TP Hà Nội", "local", "01"),
        ("UBND thành phố Hà Nội", "local", "01"),
        ("Uỷ ban nhân dân TP. Đà Nẵng", "local", "48"),
        ("Chủ tịch UBND thành phố Đà Nẵng", "local", "48"),
        ("Thành ủy Hà Nội", "local", "01"),
        ("Bí thư Thành uỷ Đà Nẵng", "local", "48"),
        ("UBND phường Hòa Cường", "local", "20194"),
        ("UBND phường Hoà Cường", "local", "20194"),
        ("Các bộ, ngành, địa phương", "group", "ministries_sectors_localities"),
        ("CÁC BỘ,  NGÀNH,\nđịa phương", "group", "ministries_sectors_localities"),
        ("Chủ tịch UBND các tỉnh, thành phố", "group", "provincial_peoples_committees"),
    ],
)
def test_a_clear_name_settles_itself(world: World, name: str, manner: str, code: str) -> None:
    load_sample_groups(world)
    assert means(world, name) == [(manner, code)]
    assert settled(resolve([name], on=TODAY, today=TODAY)[name]) is not None


@pytest.mark.parametrize("name", ["các cơ quan liên quan", "Bộ Hàng hải", "UBND tỉnh Bình Minh", "", "UBND tỉnh"])
def test_a_name_that_leads_nowhere_proposes_nothing(world: World, name: str) -> None:
    load_sample_groups(world)
    assert means(world, name) == []


def test_part_of_a_group_is_only_proposed(world: World) -> None:
    load_sample_groups(world)
    name = "UBND các tỉnh, thành phố nêu trên"
    assert means(world, name) == [("part_of_group", "provincial_peoples_committees")]
    assert settled(resolve([name], on=TODAY, today=TODAY)[name]) is None


def test_two_bodies_of_one_name_are_both_proposed(world: World) -> None:
    for code, superior in (("90001", "01"), ("90002", "48")):
        establish(world, code, "Xã Tân Lập", kind="commune", superior=superior, short_name="Tân Lập")
    name = "UBND xã Tân Lập"
    assert means(world, name) == [("local", "90001"), ("local", "90002")]
    assert settled(resolve([name], on=TODAY, today=TODAY)[name]) is None


def test_a_local_document_means_its_own_commune_and_province(world: World) -> None:
    for code, superior in (("90001", "01"), ("90002", "48")):
        establish(world, code, "Xã Tân Lập", kind="commune", superior=superior, short_name="Tân Lập")
    assert means(world, "UBND xã Tân Lập", near="48") == [("local", "90002")]
    assert means(world, "UBND thành phố", near="20194") == [("local", "48")]
    assert means(world, "Thành ủy", near="48") == [("local", "48")]


def test_a_province_that_became_a_city_is_found_under_both(world: World) -> None:
    establish(world, "75", "Thành phố Đồng Nai", kind="city", short_name="Đồng Nai")
    assert means(world, "UBND tỉnh Đồng Nai") == [("local", "75")]


def test_for_a_body_that_has_ended_its_successors_are_proposed(world: World) -> None:
    old = establish(world, "BGTVT", "Bộ Giao thông vận tải", kind="ministry", bloc="government",
                    valid_to=date(2025, 3, 1))  # fmt: skip
    heir = establish(world, "BXD", "Bộ Xây dựng", kind="ministry", bloc="government")
    record_successions(actor="system:tests", at=NOW, on=date(2025, 3, 1), pairs=[(old, heir, Decimal(1))])
    assert means(world, "Bộ Giao thông vận tải", on=date(2025, 1, 15)) == [("successor", "BXD")]
    assert means(world, "Bộ trưởng Bộ Giao thông vận tải", on=TODAY) == [("successor", "BXD")]
    found = resolve(["Bộ Giao thông vận tải"], on=TODAY, today=TODAY)["Bộ Giao thông vận tải"]
    assert settled(found) is None


def test_a_former_name_waits_for_a_person(world: World) -> None:
    establish(world, "BDT", "Bộ Dân tộc và Tôn giáo", kind="ministry", bloc="government",
              former_names=["Ủy ban Dân tộc"])  # fmt: skip
    assert means(world, "Uỷ ban Dân tộc") == [("former_name", "BDT")]
    assert means(world, "Bộ trưởng Bộ Dân tộc và Tôn giáo") == [("post", "BDT")]


def test_a_body_founded_after_the_document_is_only_proposed(world: World) -> None:
    assert means(world, "Bộ Tư pháp", on=date(2024, 1, 1)) == [("other_time", "BTP")]


def test_all_names_of_a_document_take_few_queries(world: World, django_assert_max_num_queries: object) -> None:
    load_sample_groups(world)
    names = ["Bộ Tư pháp", "Bộ trưởng Bộ Y tế", "UBND TP Hà Nội", "Các bộ, ngành"] * 20
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        resolve(names, on=TODAY, today=TODAY, near=world.body("VPTW"))


def test_a_group_means_the_bodies_of_its_kinds_on_the_day(world: World) -> None:
    load_sample_groups(world)
    group = AddresseeGroup.objects.get(code="ministries_sectors_localities")
    codes = [body.code for body in bodies_of_group(group, on=TODAY)]
    assert codes == ["01", "48", "BNV", "BTP", "BYT", "KHXH", "TTCP", "VPCP"]
    assert not bodies_of_group(group, on=date(2020, 1, 1)).exists()


def test_loading_groups_again_replaces_them(world: World) -> None:
    load_sample_groups(world)
    changed = GroupDescription("ministries_and_sectors", "Các bộ", "Ministries", ["các bộ"], ["ministry"])
    load_groups(actor=world.machine, at=NOW, groups=[changed])
    assert addressee_groups().count() == len(GROUPS)
    assert AddresseeGroup.objects.get(code="ministries_and_sectors").phrases == ["các bộ"]


@pytest.mark.parametrize(
    ("phrases", "kinds", "code"),
    [(["các bộ, ngành"], ["ministry"], "phrase_twice"), (["các hội"], ["club"], "unknown_kind")],
)
def test_contradictory_groups_are_refused_whole(world: World, phrases: list[str], kinds: list[str], code: str) -> None:
    wrong = GroupDescription("wrong", "Sai", "Wrong", phrases, kinds)
    with pytest.raises(DirectiveRefused) as refused:
        load_groups(actor=world.machine, at=NOW, groups=[*GROUPS, wrong])
    assert refused.value.code == code
    assert not AddresseeGroup.objects.exists()


def test_groups_are_loaded_by_administrators_only(world: World) -> None:
    load_groups(actor=world.actor("quan"), at=NOW, groups=GROUPS)
    with pytest.raises(NotAllowed):
        load_groups(actor=world.actor("thu"), at=NOW, groups=GROUPS)
