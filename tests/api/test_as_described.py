"""Every operation is called as the description of the interface allows and forbids, every answer compared with it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from tests.feeds.dossiers import dossier, lines, load_dossiers, parquet
from tests.indicators.figures import row, tell
from tests.scorecards.method import load_method, score_provinces
from tests.tasks.samples import given as given_task
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.api.v1.application import api

load_all_checks()
PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
# Content of which a description can only say that it is text or bytes: near to right, with a field of any kind.
ROWS = st.builds(lambda name, value: row() | {name: value}, st.sampled_from([*row(), "colour"]), PLAIN)
EVENTS = st.builds(lambda name, value: dossier() | {name: value}, st.sampled_from([*dossier(), "colour"]), PLAIN)
LINES = (st.lists(ROWS, max_size=3) | st.lists(EVENTS, max_size=3)).map(lines) | st.binary(max_size=40)
FILES = st.sampled_from(
    [parquet([dossier()]), parquet([dossier("HN-2", body="nowhere")]), parquet([dossier()])[:-9], b""]
)
schemathesis.openapi.media_type("application/x-ndjson", LINES)
schemathesis.openapi.media_type("application/vnd.apache.parquet", FILES)
PREFIX = "/api/v1"
DESCRIPTION = api.get_openapi_schema()
OPERATIONS = sorted(
    f"{method.upper()} {path.removeprefix(PREFIX)}"
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
)
# Calls of each operation in each way; more of them find little more and cost seconds.
CALLS = 6
# Names that are there, so that the calls come further than to "not found".
NAMES = {
    "/feeds/": {"code": "dossiers"},
    "/scorecards/": {"code": "small-2026"},
    "/tasks/": {"code": f"NV-{NOW.year}-000001"},
}


# All that a key may do for which nobody need hold it.
SCOPES = ("figures:write", "figures:read", "tasks:read", "tasks:report")


@pytest.fixture
def key(world: World, settings: Any, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The headers of a key that may do what keys may do, in a world that has a bit of everything."""
    settings.FEEDS_FOLDER = tmp_path
    load_dossiers(world)
    scorecard = load_method(world)
    tell(world, period="2026-Q3", value="80")
    score_provinces(world, scorecard)
    assert given_task(world, "01").code == NAMES["/tasks/"]["code"]
    _key, token = issue_key(
        actor=world.machine, at=NOW, body=world.body("01"), title="Cổng", calls_per_minute=100_000, scopes=SCOPES
    )
    # As Django's own test client does: the end of a request must not close the connection in whose transaction it is.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with time_machine.travel(NOW, tick=False):
        yield {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    for signal in signals:
        signal.connect(close_old_connections)


def ways_to_call() -> list[Any]:
    """Each operation as it is allowed, and as it is forbidden or with names that are there, where it has such."""
    found = []
    for name in OPERATIONS:
        method, path = name.split(" ", 1)
        described = DESCRIPTION["paths"][PREFIX + path][method.lower()]
        ways = {
            "allowed": True,
            "named": any(path.startswith(start) for start in NAMES),
            "forbidden": bool(described.get("parameters") or described.get("requestBody")),
        }
        found += [pytest.param(name, way, id=f"{name} {way}") for way, is_there in ways.items() if is_there]
    return found


@pytest.mark.parametrize(("name", "way"), ways_to_call())
def test_an_operation_answers_as_described(key: Mapping[str, str], name: str, way: str) -> None:
    method, path = name.split(" ", 1)
    # The key comes with every call; that none and a wrong one are refused is tried for each answer besides.
    config = schemathesis.Config.from_dict({"generation": {"with-security-parameters": False}})
    description = schemathesis.openapi.from_dict(DESCRIPTION, config=config)
    description.app = get_wsgi_application()
    named = next((names for start, names in NAMES.items() if path.startswith(start)), {}) if way == "named" else {}
    cases = description[PREFIX + path][method].as_strategy(
        generation_mode=GenerationMode.NEGATIVE if way == "forbidden" else GenerationMode.POSITIVE,
        path_parameters=dict(named) or None,
    )

    @settings(
        max_examples=CALLS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=cases)
    def call(case: Case[Any]) -> None:
        # A description cannot say which codes, bodies and periods there are, so that what it allows may be refused.
        left_out: list[CheckFunction] = [positive_data_acceptance]
        if str((case.query or {}).get("check")).lower() in ("1", "true"):
            # Whoever only has rows checked is told what is wrong with them by an answer that is right.
            left_out.append(negative_data_rejection)
        case.call_and_validate(headers=dict(key), excluded_checks=left_out)

    call()


@pytest.mark.parametrize(
    "sent", [None, "Bearer nothing", "Basic bmd1b2k6MQ=="], ids=["no key", "unknown key", "password"]
)
def test_no_operation_answers_without_a_key(db: None, sent: str | None) -> None:
    for name in OPERATIONS:
        method, path = name.split(" ", 1)
        address = PREFIX + re.sub(r"\{(\w+)\}", "1", path)
        answer = Client().generic(method, address, headers={"Authorization": sent} if sent else {})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), name
        assert answer["WWW-Authenticate"] == "Bearer", name
        described = DESCRIPTION["paths"][PREFIX + path][method.lower()]
        assert described["security"] == [{"ApiKeyBearer": []}], name
