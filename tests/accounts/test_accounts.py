"""Roles are held at a body for a time; keys are shown once and kept as hashes."""

from datetime import date, timedelta

import pytest

from tests.world import NOW, TODAY, World
from thuocdo.accounts.models import ApiKey, Role, RoleHolding
from thuocdo.accounts.operations import (
    AccountRefused,
    deactivate_account,
    end_role,
    grant_role,
    issue_key,
    open_account,
    reactivate_account,
    renew_password,
    revoke_key,
    set_email,
)
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, anonymous, bodies_within, may, may_anywhere
from thuocdo.accounts.queries import actor_for_key, actor_for_user, key_for, key_within, keys_within, people_within
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


def local_administrator(world: World) -> Actor:
    """Bình, now administrator of Hà Nội and below."""
    grant_role(
        actor=world.machine, at=NOW, user=world.people["binh"], role=Role.ADMINISTRATOR,
        body=world.body("01"), valid_from=TODAY,
    )  # fmt: skip
    return world.actor("binh")


def test_nobody_gives_away_a_reach_beyond_their_own(world: World) -> None:
    local, an = local_administrator(world), world.people["an"]
    # An inspector sees the whole country, whatever the body is at which the role is held.
    with pytest.raises(NotAllowed):
        grant_role(
            actor=local, at=NOW, user=an, role=Role.INSPECTOR, body=world.body("01"), valid_from=TODAY
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        grant_role(
            actor=local, at=NOW, user=an, role=Role.VERIFIER, body=world.body("01"), over=world.body("48"),
            valid_from=TODAY,
        )  # fmt: skip
    grant_role(actor=local, at=NOW, user=an, role=Role.VERIFIER, body=world.body("01"), valid_from=TODAY)
    assert not RoleHolding.objects.filter(user=an, role=Role.INSPECTOR).exists()


def test_the_same_role_is_not_given_twice_nor_for_a_time_that_ends_before_it_begins(world: World) -> None:
    quan, lan = world.actor("quan"), world.people["lan"]
    with pytest.raises(AccountRefused) as twice:
        grant_role(
            actor=quan, at=NOW, user=lan, role=Role.FOCAL_POINT, body=world.body("BTP"), valid_from=TODAY
        )  # fmt: skip
    assert twice.value.field == "role"
    with pytest.raises(AccountRefused) as backwards:
        grant_role(
            actor=quan, at=NOW, user=lan, role=Role.HEAD, body=world.body("BTP"), valid_from=TODAY, valid_to=TODAY
        )  # fmt: skip
    assert backwards.value.field == "valid_to"


@pytest.mark.parametrize(
    ("username", "full_name", "field"),
    [("LAN", "Người khác", "username"), ("có khoảng trắng", "Người mới", "username"), ("", "Người mới", "username"),
     ("moi", " ", "full_name"), ("moi", "x" * 121, "full_name")],
)  # fmt: skip
def test_a_name_that_cannot_be_one_is_refused_with_its_field(
    world: World, username: str, full_name: str, field: str
) -> None:
    with pytest.raises(AccountRefused) as refused:
        open_account(
            actor=world.actor("quan"), at=NOW, username=username, full_name=full_name, body=world.body("BTP")
        )  # fmt: skip
    assert refused.value.field == field


def test_a_closed_account_opens_nothing_until_it_is_opened_again(world: World) -> None:
    quan, lan = world.actor("quan"), world.people["lan"]
    deactivate_account(actor=quan, at=NOW, user=lan)
    deactivate_account(actor=quan, at=NOW, user=lan)
    assert not may_anywhere(actor_for_user(lan, on=TODAY), Permission.VIEW_TASKS)
    reactivate_account(actor=quan, at=NOW, user=lan)
    assert may_anywhere(actor_for_user(lan, on=TODAY), Permission.VIEW_TASKS)
    told = Entry.objects.filter(subject=lan.label).order_by("number").values_list("event", flat=True)
    assert list(told)[-2:] == ["accounts.account.deactivated", "accounts.account.reactivated"]


def test_an_account_with_roles_elsewhere_is_not_for_a_local_administrator_to_close(world: World) -> None:
    local, ha = local_administrator(world), world.people["ha"]
    grant_role(
        actor=world.machine, at=NOW, user=ha, role=Role.FOCAL_POINT, body=world.body("48"), valid_from=TODAY
    )  # fmt: skip
    for act in (deactivate_account, reactivate_account):
        with pytest.raises(NotAllowed):
            act(actor=local, at=NOW, user=ha)
    with pytest.raises(NotAllowed):
        renew_password(actor=local, at=NOW, user=ha, password="một mật khẩu dài")
    assert ha in people_within(local)
    assert world.people["an"] not in people_within(local)
    deactivate_account(actor=world.actor("quan"), at=NOW, user=ha)


def test_administrators_do_not_lock_themselves_out(world: World) -> None:
    quan = world.people["quan"]
    with pytest.raises(AccountRefused):
        deactivate_account(actor=world.actor("quan"), at=NOW, user=quan)
    with pytest.raises(AccountRefused):
        end_role(actor=world.actor("quan"), at=NOW, holding=RoleHolding.objects.get(user=quan), on=TODAY)


def test_a_new_password_replaces_the_old_one_and_is_not_in_the_ledger(world: World) -> None:
    lan = world.people["lan"]
    renew_password(actor=world.actor("quan"), at=NOW, user=lan, password="kmp4-vx7d-9qte")
    assert lan.check_password("kmp4-vx7d-9qte")
    assert "kmp4" not in Entry.objects.latest("number").data


def test_accounts_without_a_role_are_seen_by_whoever_manages_all(world: World) -> None:
    assert world.people["binh"] in people_within(world.actor("quan"))
    assert not people_within(world.actor("lan")).exists()
    local = local_administrator(world)
    assert {user.username for user in people_within(local)} == {"binh", "ha"}


def test_keys_are_managed_within_reach(world: World) -> None:
    local = local_administrator(world)
    mine, _ = issue_key(actor=local, at=NOW, body=world.body("00004"), title="Một cửa Ba Đình")
    other, _ = issue_key(actor=world.actor("quan"), at=NOW, body=world.body("48"), title="Một cửa Đà Nẵng")
    assert list(keys_within(local)) == [mine]
    assert (key_within(local, mine.pk), key_within(local, other.pk)) == (mine, None)
    with pytest.raises(AccountRefused):
        issue_key(actor=local, at=NOW, body=world.body("01"), title="Quá hạn", expires_at=NOW)


def test_people_say_where_their_mail_goes_and_the_ledger_never_learns_the_address(world: World) -> None:
    lan, told = world.people["lan"], "lan@btp.example"
    set_email(actor=world.actor("lan"), at=NOW, user=lan, email=f" {told} ")
    lan.refresh_from_db()
    assert lan.email == told
    before = Entry.objects.count()
    set_email(actor=world.actor("lan"), at=NOW, user=lan, email=told)
    assert Entry.objects.count() == before, "the same address changes nothing"
    with pytest.raises(AccountRefused) as refused:
        set_email(actor=world.actor("lan"), at=NOW, user=lan, email="lan tại bộ")
    assert refused.value.field == "email"
    with pytest.raises(NotAllowed):
        set_email(actor=world.actor("minh"), at=NOW, user=lan, email="ai@do.example")
    set_email(actor=world.actor("quan"), at=NOW, user=lan, email="")
    lan.refresh_from_db()
    assert lan.email == ""
    entries = Entry.objects.filter(event="accounts.email.changed").order_by("number")
    assert [entry.subject for entry in entries] == [lan.label, lan.label]
    assert not any("example" in entry.data for entry in entries)
