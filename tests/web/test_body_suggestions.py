"""Choosing a body by typing: without accents, by code, by former words, within what one may reach."""

from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.world import World
from thuocdo.accounts.permissions import Permission
from thuocdo.web.bodies.suggest import BodiesField, BodyField


class Choice(forms.Form):
    """One body and several."""

    lead = BodyField(label="Chủ trì", permission=Permission.ASSIGN_TASK)
    others = BodiesField(label="Phối hợp", required=False)


def choice(world: World, query: str, person: str = "thu") -> Choice:
    form = Choice(QueryDict(query))
    for name in ("lead", "others"):
        field: Any = form.fields[name]
        field.restrict(world.actor(person))
    return form


@pytest.mark.parametrize("typed", ["bo tu phap", "Bộ Tư pháp", "BTP", "btp", "tư pháp"])
def test_a_name_leads_to_its_body_however_it_is_typed(world: World, typed: str) -> None:
    form = choice(world, f"lead={typed}")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["lead"] == world.body("BTP")


def test_a_name_of_several_bodies_offers_them(world: World) -> None:
    form = choice(world, "lead=van+phong")
    assert not form.is_valid()
    assert "chọn một trong danh sách" in str(form.errors["lead"])
    drawn = str(form["lead"])
    assert 'type="radio"' in drawn
    assert 'value="VPCP"' in drawn
    assert 'value="VPTW"' in drawn


def test_the_ticked_one_counts_while_it_fits_the_text(world: World) -> None:
    assert choice(world, "lead=van+phong&lead_ma=VPCP").is_valid()
    form = choice(world, "lead=noi+vu&lead_ma=VPCP")
    assert form.is_valid()
    assert form.cleaned_data["lead"] == world.body("BNV")


def test_what_was_settled_is_drawn_by_its_name(world: World) -> None:
    form = choice(world, "lead=noi+vu")
    assert 'value="Bộ Nội vụ"' in str(form["lead"])
    assert "checked" in str(form["lead"])


def test_several_are_ticked_or_named(world: World) -> None:
    form = choice(world, "lead=BTP&others=y+te%3B+noi+vu&others_ma=VPCP")
    assert form.is_valid(), form.errors
    assert [body.code for body in form.cleaned_data["others"]] == ["VPCP", "BYT", "BNV"]


def test_nothing_and_nonsense_say_what_to_do(world: World) -> None:
    assert "gõ tên" in str(choice(world, "lead=").errors["lead"])
    assert "gõ một phần tên khác" in str(choice(world, "lead=khong+co+dau").errors["lead"])


def test_only_bodies_within_reach_are_settled(world: World) -> None:
    assert not choice(world, "lead=BTP", person="lan").is_valid()


def test_the_part_suggests_while_one_types(client: Client, world: World) -> None:
    client.force_login(world.people["thu"])
    answer = client.get(reverse("suggest_bodies"), {"ten": "lead", "lead": "hoa cuong"})
    assert "Phường Hoà Cường" in answer.text
    assert "Thành phố Đà Nẵng" in answer.text
    assert 'name="lead_ma"' in answer.text


def test_the_part_keeps_what_was_ticked(client: Client, world: World) -> None:
    answer = client.get(
        reverse("suggest_bodies"), {"ten": "others", "nhieu": "1", "others": "noi vu", "others_ma": "BYT"}
    )
    assert answer.text.index("Bộ Y tế") < answer.text.index("Bộ Nội vụ")
    assert 'value="BYT" checked' in answer.text


def test_the_part_knows_the_reach_and_harmless_names(client: Client, world: World) -> None:
    client.force_login(world.people["lan"])
    refused = client.get(reverse("suggest_bodies"), {"ten": "lead", "lead": "BTP", "quyen": "assign_task"})
    assert "BTP" not in refused.text
    assert "không có cơ quan" in refused.text.lower()
    assert client.get(reverse("suggest_bodies"), {"ten": "lead", "lead": "BTP", "quyen": "x"}).status_code == 200
    odd = client.get(reverse("suggest_bodies"), {"ten": '"><script>', "q": "BTP"})
    assert "<script>" not in odd.text


def test_suggestions_cost_few_queries(client: Client, world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        client.get(reverse("suggest_bodies"), {"ten": "lead", "lead": "phuong"})
