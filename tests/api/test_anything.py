"""Whatever is sent, the interface answers as it is described: no failure of its own, no status it does not name."""

import json
from typing import Any

import pytest
import time_machine
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.indicators.figures import load_figures
from tests.world import NOW, World
from thuocdo.accounts.operations import issue_key
from thuocdo.indicators.models import Batch, Measurement

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
GOOD: dict[str, st.SearchStrategy[Any]] = {
    "indicator": st.sampled_from(["service_on_time", "satisfaction", "Service-on-time"]),
    "body": st.sampled_from(["01", "1", "48", "00004"]),
    "period": st.sampled_from(["2026-08", "2026-Q2", "Quý III/2026", "14/08/2026", "2027", "0000", "2026-02-31"]),
    "value": st.sampled_from(["79.5", "0.87", "79,5", "1e5", "-0", "1" * 40, "٧"]) | st.floats() | st.integers(),
    "state": st.sampled_from(["value", "null", "not_applicable", "?"]),
    "kind": st.sampled_from(["final", "provisional"]),
    "unit": st.sampled_from(["%", "tỷ lệ", "‰", "tỷ đồng"]),
    "standard_error": st.sampled_from(["1.4", "-1", "x", 1e-9]) | st.floats(),
    "sample_size": st.integers() | st.sampled_from(["12", "0", "1.5"]),
    "reason": st.text(max_size=250),
    "source": st.text(max_size=130),
    "external_id": st.text(max_size=130),
    "evidence": st.sampled_from(["a" * 64, "A" * 64, "x"]),
}
# Near to right, with one field or another of any kind: what is quite wrong is refused too early to test much.
ROW = st.fixed_dictionaries(
    {name: GOOD[name] | PLAIN for name in ("indicator", "body", "period")},
    optional={name: strategy | PLAIN for name, strategy in GOOD.items() if name not in ("indicator", "body", "period")}
    | {"provenance": st.sampled_from(["system", "declared"]) | PLAIN, "colour": PLAIN},
)
BATCH = st.fixed_dictionaries(
    {"rows": st.lists(ROW | PLAIN, max_size=5) | PLAIN},
    optional={"on_error": st.sampled_from(["keep_good", "refuse_all"]) | PLAIN, "mode": PLAIN},
)


@pytest.fixture
def caller(world: World) -> Any:
    load_figures(world)
    _key, token = issue_key(actor=world.machine, at=NOW, body=world.body("01"), title="Cổng", calls_per_minute=100_000)
    with time_machine.travel(NOW, tick=False):
        yield {"Authorization": f"Bearer {token}"}


def written(content: Any) -> bytes:
    # Lone halves of surrogate pairs are no UTF-8; they come as escapes, as other languages write them.
    return json.dumps(content).encode()


def described() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=60)
    | BATCH.map(written)
    | st.lists(ROW, max_size=4).map(lambda rows: b"\n".join(map(written, rows))),
    kind=st.sampled_from(["application/json", "application/x-ndjson", "application/json; charset=utf-16", "text/csv"]),
    headers=st.fixed_dictionaries(
        {},
        optional={
            "Idempotency-Key": st.sampled_from(["a", "b", "x" * 201]),
            "Content-Encoding": st.sampled_from(["gzip", "identity", "br"]),
            "Prefer": st.sampled_from(["respond-async", "wait=5"]),
            "Accept-Language": st.sampled_from(["en", "vi", "xx"]),
        },
    ),
    query=st.sampled_from(["", "?check=true", "?on_error=keep_good", "?on_error=%00"]),
)
def test_any_batch_is_answered_as_described(
    caller: dict[str, str], content: bytes, kind: str, headers: dict[str, str], query: str
) -> None:
    before = Measurement.objects.count()
    answer = Client(raise_request_exception=True).generic(
        "POST", f"/api/v1/measurements{query}", content, content_type=kind, headers=caller | headers
    )
    assert str(answer.status_code) in described()["paths"]["/api/v1/measurements"]["post"]["responses"]
    found = answer.json()
    if answer.status_code in (200, 201, 422):
        assert {"accepted", "rejected", "errors", "counts", "warnings", "ledger"} <= found.keys()
        assert all(error["code"] and error["message"] for error in found["errors"])
    elif answer.status_code == 202:
        assert Batch.objects.filter(pk=found["batch"]).exists()
    else:
        assert found["code"]
        assert found["message"]
    if answer.status_code != 201:
        assert Measurement.objects.count() == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["batches/{}", "indicators?peer_group={}", "scorecards/{}/ranking?peer_group={}"]),
    word=st.integers().map(str) | st.text(max_size=12).map(lambda text: text.encode("utf-8", "replace").hex("%")),
)
def test_any_address_is_answered_as_described(caller: dict[str, str], path: str, word: str) -> None:
    answer = Client().get(f"/api/v1/{path.format(word, word)}", headers=caller)
    assert answer.status_code in (200, 404, 422)
