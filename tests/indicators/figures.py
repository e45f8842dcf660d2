"""A small dictionary for tests: a monthly share, a quarterly survey, a count without an upper end."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from tests.world import FOUNDED, NOW, World
from thuocdo.indicators.models import Indicator, Measurement
from thuocdo.indicators.operations import RecordingResult, load_indicators, load_targets, record_measurements
from thuocdo.organisations.models import Body
from thuocdo.organisations.operations import BodyDescription, establish_bodies

SERVICE = {
    "code": "service_on_time",
    "title": {"vi": "Hồ sơ giải quyết đúng hạn", "en": "Dossiers settled in time"},
    "definition": {"vi": "Số hồ sơ đúng hạn chia cho số hồ sơ.", "en": "Dossiers in time over dossiers."},
    "unit": {"vi": "%", "en": "%"},
    "direction": 1,
    "comparator": ">=",
    "lower": 0,
    "upper": 100,
    "frequency": "month",
    "provenance_expected": "system",
    "owner": "VPCP",
    "public": "public",
    "tolerance": 1,
    "target": 100,
    "target_path": [[2025, 80], [2030, 90]],
    "applies_to": ["provinces", "ministries_with_services"],
}
SURVEY = SERVICE | {
    "code": "satisfaction",
    "title": {"vi": "Mức độ hài lòng", "en": "Satisfaction"},
    "frequency": "quarter",
    "provenance_expected": "independent",
    "tolerance": 3,
    "target_path": [],
    "sampled": True,
}
COUNT = {
    "code": "databases",
    "title": {"vi": "Số cơ sở dữ liệu", "en": "Databases"},
    "unit": {"vi": "cơ sở dữ liệu", "en": "databases"},
    "lower": 0,
    "frequency": "year",
}


def entries_of(name: str, table: str) -> list[dict[str, Any]]:
    """The tables of a file of the pack."""
    text = files("thuocdo").joinpath("packs", "nq57", name).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text)[table]
    return found


def establish_owners(world: World, entries: list[dict[str, Any]]) -> None:
    """The bodies that answer for figures and are not in the cast."""
    missing = {entry["owner"] for entry in entries} - set(Body.objects.values_list("code", flat=True))
    establish_bodies(
        actor=world.machine.label,
        at=NOW,
        bodies=[
            BodyDescription(
                code=code, bloc="government", kind="ministry", name=code, name_en=code, superior="TW",
                valid_from=FOUNDED,
            )
            for code in sorted(missing)
        ],
    )  # fmt: skip


def load_pack_dictionary(world: World) -> None:
    """The 22 indicators and 31 targets of the pack."""
    columns, levels = entries_of("indicators.toml", "indicator"), entries_of("targets.toml", "target")
    establish_owners(world, columns + levels)
    load_indicators(actor=world.machine, at=NOW, entries=columns)
    load_targets(actor=world.machine, at=NOW, entries=levels)


def load_figures(world: World) -> dict[str, Indicator]:
    """The dictionary, loaded; by code."""
    load_indicators(actor=world.machine, at=NOW, entries=[SERVICE, SURVEY, COUNT])
    return {row.code: row for row in Indicator.objects.all()}


def row(**changes: Any) -> dict[str, Any]:
    """A good row of Hà Nội, with changes."""
    return {"indicator": "service_on_time", "body": "01", "period": "2026-08", "value": "79.5"} | changes


def tell(world: World, *, who: str = "", at: Any = NOW, **changes: Any) -> Measurement:
    """Record one row (by the machine, as a system would) and give it back."""
    actor = world.actor(who) if who else world.machine
    provenance: Mapping[str, Any] = {} if who else {"provenance": "system"}
    result = record_measurements(actor=actor, at=at, rows=[row(**{**provenance, **changes})])
    assert result.accepted == 1, result.errors
    return Measurement.objects.latest("pk")


def refusal(result: RecordingResult) -> tuple[int, str, str]:
    """The one error of an answer: row, field, code."""
    (error,) = result.errors
    return error["row"], error["field"], error["code"]
