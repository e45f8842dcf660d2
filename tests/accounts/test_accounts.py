"""Roles are held at a body for a time; keys are shown once and kept as hashes."""

from datetime import date, timedelta

import pytest

from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import ApiKey, Role, RoleHolding
from thuocdo.accounts.operations import end_role, grant_role, issue_key, open_account, revoke_key
from thuocdo.accounts.permissions import NotAllowed, Permission, anonymous, bodies_within, may, may_anywhere
from thuocdo.accounts.queries import actor_for_key, actor_for_user, key_for
from thuocdo.ledger.models import Entry


def test_a_role_counts_only_while_it_is_held(world: World) -> None:
    lan, justice = world.people["lan"], world.body("BTP")
    holding = RoleHolding.objects.get(user=lan)
    end_role(actor=world.actor("quan"), at=NOW, holding=holding, on=date(2026, 10, 1))
    assert may(actor_for_user(lan, on=date(2026, 9, 30)), Permission.REPORT_PROGRESS, justice)
    assert not may(actor_for_user(lan, on=date(2026, 10, 1)), Permission.REPORT_PROGRESS, justice)


def test_someone_deactivated_may_nothing(world: World) -> None:
    lan = world.people["lan"]
    lan.is_active = False
    lan.save()
    assert not may_anywhere(actor_for_user(lan, on=TODAY), Permission.VIEW_TASKS)


def test_the_public_may_nothing(world: World) -> None:
    public = anonymous(TODAY)
    assert not any(may_anywhere(public, permission) for permission in Permission)
    assert not bodies_within(public, Permission.VIEW_TASKS).exists()


def test_an_administrator_of_a_province_rules_only_there(world: World) -> None:
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.ADMINISTRATOR,
        body=world.body("01"), valid_from=TODAY,
    )  # fmt: skip
    local = world.actor("binh")
    opened = open_account(actor=local, at=NOW, username="moi", full_name="Người mới", body=world.body("00004"))
    assert not opened.has_usable_password()
    with pytest.raises(NotAllowed):
        open_account(actor=local, at=NOW, username="khac", full_name="Người khác", body=world.body("48"))
    with pytest.raises(NotAllowed):
        grant_role(
            actor=local, at=NOW, user=opened, role=Role.VERIFIER, body=world.body("00004"),
            over=world.body("TW"), valid_from=TODAY,
        )  # fmt: skip


def test_a_key_is_shown_once_and_kept_as_a_hash(world: World) -> None:
    key, token = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("01"), title="Một cửa Hà Nội")
    assert token.split("_", 2)[2] not in str(ApiKey.objects.values().get(pk=key.pk))
    assert key_for(token, at=NOW) == key
    actor = actor_for_key(key, on=TODAY)
    assert may(actor, Permission.FEED_MEASUREMENT, world.body("00004"))
    assert not may(actor, Permission.FEED_MEASUREMENT, world.body("48"))


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1] + "!", lambda t: "", lambda t: "tdk_x", lambda t: t.replace("tdk", "abc")]
)
def test_a_wrong_token_opens_nothing(world: World, spoil: object) -> None:
    _, token = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("01"), title="K")
    assert key_for(spoil(token), at=NOW) is None  # type: ignore[operator]


def test_a_revoked_or_expired_key_opens_nothing(world: World) -> None:
    administrator = world.actor("quan")
    revoked, first = issue_key(actor=administrator, at=NOW, body=world.body("01"), title="K1")
    revoke_key(actor=administrator, at=NOW, key=revoked)
    _, second = issue_key(
        actor=administrator, at=NOW, body=world.body("01"), title="K2", expires_at=NOW + timedelta(days=1)
    )
    assert key_for(first, at=NOW) is None
    assert key_for(second, at=NOW) is not None
    assert key_for(second, at=NOW + timedelta(days=1)) is None


def test_the_ledger_knows_people_by_number_only(world: World) -> None:
    written = " ".join(f"{e.actor} {e.subject} {e.data}" for e in Entry.objects.all())
    for user in world.people.values():
        assert user.full_name not in written
        assert f"user:{user.pk}" in written
