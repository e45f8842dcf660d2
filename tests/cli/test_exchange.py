"""`thuocdo exchange`: tie this instance to one above, exchange at once, see how it stands."""

import socket
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.world import World
from thuocdo.cli.exchange import exchange
from thuocdo.exchanges.models import Parent
from thuocdo.exchanges.partner_keys import key_of


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path, world: World) -> None:
    settings.PARTNERS_FOLDER = tmp_path


def run(*words: str, key: str = "tdk_1_2") -> Result:
    return CliRunner().invoke(exchange, list(words), env={"THUOCDO_PARENT_KEY": key})


def closed_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def test_an_instance_is_paired_asked_and_given_another_key() -> None:
    assert "Chưa nối" in run("status").output
    address = f"http://127.0.0.1:{closed_port()}"
    made = run("pair", address, "--body", "01", "--title", "Bản trung ương")
    assert (made.exit_code, "Đã nối với Bản trung ương" in made.output) == (0, True)
    tried = run("sync")
    assert tried.exit_code == 1
    assert "unreachable" in tried.output
    said = run("status").output
    assert "Bản trung ương" in said
    assert "tdk_1_2" not in said
    assert "Đã đổi khóa" in run("pair", address, "--body", "01", key="tdk_3_4").output
    assert key_of(Parent.objects.get().pk) == "tdk_3_4"


@pytest.mark.parametrize(
    ("address", "body", "says"),
    [("http://tren.example", "01", "https://"), ("https://tren.example", "99", "mã này")],
    ids=["not_https", "unknown_body"],
)
def test_a_wrong_pairing_says_what_to_do(address: str, body: str, says: str) -> None:
    refused = run("pair", address, "--body", body)
    assert refused.exit_code == 2
    assert says in refused.output
