"""Where tests run: a home of their own, SQLite or a PostgreSQL that they start, the cast loaded once.

`--database postgres` runs everything on PostgreSQL. Each test rolls back; what must really commit (threads,
servers) asks for `own_database`, a fresh copy of the template.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from .world import World, load_world, recall_world


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=["sqlite", "postgres"],
        default="sqlite",
        help="Which database the tests run on.",
    )


# Folders whose tests touch no database: they run once, not on PostgreSQL again.
PURE = ("docs", "engine", "house", "packs")
# So do tests that ask for none of these, wherever they stand but in `project`, which starts whole instances.
DATABASES = {"db", "transactional_db", "own_database"}
# Browser stories that also run on PostgreSQL; what the others look at does not depend on the database, and every page
# is opened there by everybody without a browser (tests/web/test_site_map.py).
ON_BOTH = {"test_whole_path.py", "test_live.py"}
# What calls every operation as it is described looks at the door, not at what lies behind it.
ONCE = {"test_as_described.py"}
# These take minutes, and so come first among their like: while one core is at them, the other does the rest.
LONGEST = {"test_every_page.py", "test_demo.py"}
# Loads on PostgreSQL here and on SQLite in another process, and compares: it need not run on SQLite again.
COMPARES = "test_the_small_nation"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    if config.getoption("database") == "sqlite" and len(items) > 1:
        twice = [item for item in items if item.name == COMPARES]
        items[:] = [item for item in items if item not in twice]
        config.hook.pytest_deselected(items=twice)
    # The driver of the browser leaves an event loop in the thread of its worker, in which Django's test client refuses
    # to work: a worker that has told its first browser story tells nothing else.
    items.sort(key=lambda item: (_is_journey(item), item.path.name not in LONGEST))
    for item in items:
        folder = item.path.relative_to(here).parts[0]
        asked = set(getattr(item, "fixturenames", ()))
        if _is_journey(item):
            is_pure = item.path.name not in ON_BOTH
        else:
            is_asking = bool(DATABASES & asked or item.get_closest_marker("django_db") or folder == "project")
            is_pure = folder in PURE or not is_asking or item.path.name in ONCE
        if is_pure:
            item.add_marker(pytest.mark.pure)


def _is_journey(item: pytest.Item) -> bool:
    return item.path.parent.name == "journeys"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In continuous integration a skipped test is a failure: something that should be there is missing."""
    if os.environ.get("THUOCDO_NOTHING_SKIPPED") != "1" or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("Tests were skipped although nothing may be skipped here.", red=True, bold=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> str:
    """SQLite tests use a file, not memory, so that threads and servers can be given a copy; gives the name of
    the database that no test may touch."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        database["TEST"]["NAME"] = str(Path(os.environ["THUOCDO_HOME"]) / f"template-{worker}.sqlite3")
    return str(database["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loads the cast once into the test database; every test starts from it."""
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        made: list[Any] = []
        # pytest-django makes the database only when some test asks for `db`; browser stories ask for a copy alone.
        # Asking by name opens nothing: workers would meet at the one file that all of them are to leave alone.
        if str(connection.settings_dict["NAME"]) == django_db_modify_db_settings:
            made = setup_databases(verbosity=0, interactive=False, aliases={"default": {}})
        load_world()
    yield
    if made:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _in_vietnamese() -> None:
    """Every test begins in the source language, whatever language the one before it ended a request in."""
    from django.utils.translation import deactivate

    deactivate()


@pytest.fixture
def world(db: None) -> World:
    """The cast, as loaded; what a test changes is rolled back."""
    return recall_world()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of the test's own, copied from the template, in which commits are real; gives its address."""
    from django.db import connection, connections

    with django_db_blocker.unblock():
        template = str(connection.settings_dict["NAME"])
        name = f"own_{uuid4().hex[:12]}"
        if connection.vendor == "sqlite":
            path = Path(os.environ["THUOCDO_HOME"]) / f"{name}.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(path)])
            address, name = f"sqlite:///{path}", str(path)
        else:
            connection.close()
            # A thread of an earlier test may have left its connection open; a template must have none.
            _administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'")
            _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            address = urlsplit(os.environ["THUOCDO_POSTGRES"])._replace(path=f"/{name}").geturl()
        connections.close_all()
        connection.settings_dict["NAME"] = name
        try:
            yield address
        finally:
            connections.close_all()
            connection.settings_dict["NAME"] = template
            if connection.vendor == "sqlite":
                for file in Path(name).parent.glob(f"{Path(name).name}*"):
                    file.unlink()
            else:
                _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["THUOCDO_POSTGRES"], autocommit=True) as server:
        server.execute(statement)
