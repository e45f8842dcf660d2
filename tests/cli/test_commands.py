"""The command line: help is there, accounts are opened, the ledger is walked."""

import subprocess
import sys

import pytest
from click import Context
from click.testing import CliRunner
from django.db import connection

from tests.world import NOW, World
from thuocdo.accounts.models import User
from thuocdo.accounts.queries import key_for
from thuocdo.cli.account import account
from thuocdo.cli.ledger import ledger
from thuocdo.ledger.queries import newest_number
from thuocdo.project.commands import COMMANDS, main


def test_every_command_is_there_and_has_a_help_text() -> None:
    answer = CliRunner().invoke(main, ["--help"])
    assert answer.exit_code == 0
    for name in COMMANDS:
        assert name in answer.output
        assert CliRunner().invoke(main, [name, "--help"]).exit_code == 0


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_of_a_command_how_its_own_help_begins(name: str) -> None:
    command = main.get_command(Context(main), name)
    assert command is not None
    assert (command.help or "").startswith(COMMANDS[name].summary.rstrip("."))


def test_the_list_of_commands_loads_none_of_them() -> None:
    told = "from click.testing import CliRunner as R; from thuocdo.project.commands import main; import sys; "
    told += "print(R().invoke(main, ['--help']).exit_code, [one for one in sys.modules if one.startswith('django')])"
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "0 []"


def test_an_account_is_opened_with_its_first_role(world: World) -> None:
    answer = CliRunner().invoke(
        account,
        ["open", "tam", "--name", "Lý Tâm", "--body", "BYT", "--role", "focal_point", "--password", "mat-khau-dai-1"],
    )
    assert answer.exit_code == 0, answer.output
    user = User.objects.get(username="tam")
    assert user.check_password("mat-khau-dai-1")
    assert [(h.role, h.body.code) for h in user.holdings.all()] == [("focal_point", "BYT")]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["open", "lan", "--name", "L", "--body", "BYT", "--role", "head", "--password", "mat-khau-dai-1"], "lan"),
        (
            ["open", "a b/c", "--name", "X", "--body", "BYT", "--role", "head", "--password", "mat-khau-dai-1"],
            "đăng nhập",
        ),
        (["open", "x", "--name", "X", "--body", "KHONG", "--role", "head", "--password", "mat-khau-dai-1"], "mã"),
        (["open", "x", "--name", "X", "--body", "BYT", "--role", "head", "--password", "ngan"], "10"),
    ],
)
def test_a_wrong_account_is_refused_with_the_reason(world: World, arguments: list[str], named: str) -> None:
    before = User.objects.count()
    answer = CliRunner().invoke(account, arguments)
    assert answer.exit_code == 2
    assert named in answer.output
    assert User.objects.count() == before


def test_a_key_is_printed_once(world: World) -> None:
    answer = CliRunner().invoke(account, ["key", "Một cửa", "--body", "01"])
    assert answer.exit_code == 0
    key = key_for(answer.output.strip(), at=NOW)
    assert key is not None
    assert key.body.code == "01"


def test_verify_counts_the_entries_or_names_the_broken_one(world: World) -> None:
    whole = CliRunner().invoke(ledger, ["verify"])
    assert whole.exit_code == 0
    assert str(newest_number()) in whole.output
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER ledger_entry_no_update")
        cursor.execute("UPDATE ledger_entry SET actor = 'user:999' WHERE number = 2")
    broken = CliRunner().invoke(ledger, ["verify"])
    assert broken.exit_code == 1
    assert "mục 2" in broken.output
