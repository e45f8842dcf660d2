"""Figures that fit and figures that do not, recorded by the ordinary operations."""

from datetime import datetime
from typing import Any

from tests.indicators.figures import COUNT, SERVICE, SURVEY
from tests.world import NOW, World
from thuocdo.engine.canonical import Plain
from thuocdo.evaluations.models import Finding
from thuocdo.evaluations.operations import compare, load_rules
from thuocdo.evaluations.operations.settling import Settled
from thuocdo.indicators.operations import load_indicators, record_measurements

ONLINE = SERVICE | {"code": "full_process_online", "title": {"vi": "Trực tuyến toàn trình", "en": "Online"}}
ONE_ACCOUNT = SERVICE | {
    "code": "dossiers_top_account",
    "title": {"vi": "Một tài khoản", "en": "Account"},
    "direction": -1,
    "target_path": [],
}
VOLUME = SERVICE | {
    "target_path": [],
    "code": "dossiers_received",
    "title": {"vi": "Hồ sơ tiếp nhận", "en": "Dossiers"},
    "unit": {"vi": "hồ sơ", "en": "dossiers"},
    "direction": 0,
    "upper": 100000000,
}
RULES: dict[str, Any] = {
    "code": "test",
    "pair": [
        {
            "code": "hollow",
            "title": {"vi": "Trực tuyến tăng, hài lòng giảm", "en": "Hollow"},
            "volume": "full_process_online",
            "outcome": "satisfaction",
            "rise": 10,
            "fall": 5,
        }
    ],
    "limit": [
        {
            "code": "one_account",
            "title": {"vi": "Nhiều hồ sơ từ một tài khoản", "en": "One account"},
            "indicator": "dossiers_top_account",
            "above": 20,
            "volume": "dossiers_received",
            "least": 100,
        }
    ],
    "burst": [
        {
            "code": "crowded",
            "title": {"vi": "Dồn hồ sơ cuối quý", "en": "Crowded"},
            "indicator": "dossiers_received",
            "factor": 2,
            "least": 100,
        }
    ],
    "unsigned": {"phrases": ["đang trình ký", "chưa ban hành"], "settled": ["đã ban hành"]},
}


def dictionary(world: World) -> None:
    """The indicators that the rules speak of, and the rules."""
    load_indicators(actor=world.machine, at=NOW, entries=[SERVICE, SURVEY, COUNT, ONLINE, ONE_ACCOUNT, VOLUME])
    load_rules(actor=world.machine, at=NOW, document=RULES)


def told(
    world: World,
    value: Plain,
    provenance: str = "declared",
    *,
    body: str = "BTP",
    period: str = "2026-07",
    indicator: str = "service_on_time",
    at: datetime = NOW,
    **more: Any,
) -> None:
    """One value, recorded; the machine may tell every provenance."""
    row = {
        "indicator": indicator, "body": body, "period": period, "value": value, "provenance": provenance,
        "source": provenance, "kind": "final",
    } | more  # fmt: skip
    result = record_measurements(actor=world.machine, at=at, rows=[row])
    assert result.accepted == 1, result.errors


def compared(world: World, *, at: datetime = NOW) -> Settled:
    """The job's work, at once."""
    return compare(actor=world.machine, at=at)


def a_gap(world: World) -> Finding:
    """The Ministry of Justice declares 95 %, its own system says 80 %."""
    dictionary(world)
    told(world, 95)
    told(world, 80, "system")
    compared(world)
    return Finding.objects.get()
