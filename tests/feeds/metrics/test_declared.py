"""What a feed's file may declare, and how a mistake in it is told."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from thuocdo.feeds.declaration import read_feed
from thuocdo.feeds.metrics import MetricError, read_metrics

from .events import FEED

PACK = Path(__file__).parents[3] / "src" / "thuocdo" / "packs" / "nq57"


def _read(metric: dict[str, Any]) -> None:
    read_metrics(replace(FEED, metrics={"measured": metric}))


@pytest.mark.parametrize(
    ("metric", "told"),
    [
        ({"kind": "average"}, "kind 'average' is not known; known are count"),
        ({"kind": "count", "wher": {}}, "count takes no wher; it takes at, where"),
        ({"kind": "share"}, "a share needs where"),
        ({"kind": "sum", "of": "amout"}, "of: 'amout' is no column of the feed; it has account, amount"),
        ({"kind": "sum", "of": "channel"}, "of: channel is text, a number is needed"),
        ({"kind": "sum", "of": "telephone"}, "'telephone' is no column"),
        ({"kind": "sum", "of": {"days": ["due", "score"]}}, "score is integer, days need a date"),
        ({"kind": "count", "at": "score"}, "at: score is integer, a date or a timestamp is needed"),
        ({"kind": "percentile", "of": "score", "percent": 100}, "a number between 0 and 100 is needed, not 100"),
        ({"kind": "open"}, "closed: None is no column"),
        ({"kind": "open", "closed": "opened_at"}, "nothing would ever be open"),
        ({"kind": "ageing", "closed": "closed_at"}, "needs older_than"),
        ({"kind": "share", "scale": 0, "where": {"column": "flag", "op": "is_null"}}, "scale: a whole number from 1"),
        ({"kind": "ratio", "numerator": [{"kind": "mean"}], "denominator": []}, "count, sum or open, not 'mean'"),
        ({"kind": "ratio", "numerator": [{"kind": "count"}]}, "denominator: a list of terms is needed"),
    ],
)
def test_a_mistake_is_told_with_feed_metric_field_and_remedy(metric: dict[str, Any], told: str) -> None:
    with pytest.raises(MetricError) as refused:
        _read(metric)
    assert str(refused.value).startswith("feed examples, metric measured")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("score > 3", "a condition is a table"),
        ({"column": "score", "op": "~", "value": 1}, "'~' cannot compare integer; use =, !=, <"),
        ({"column": "channel", "op": "<", "value": "b"}, "'<' cannot compare text; use =, !=, in"),
        ({"column": "score", "op": "=", "value": "3"}, "'3' is no integer"),
        ({"column": "score", "op": "=", "value": True}, "True is no integer"),
        ({"column": "amount", "op": "=", "value": "một"}, "'một' is no decimal"),
        ({"column": "due", "op": "=", "value": "2026-01-01"}, "'2026-01-01' is no date"),
        ({"column": "score", "op": "=", "other": "channel"}, "integer cannot be compared with channel, which is text"),
        ({"column": "score", "op": "="}, "give either value (a literal) or other"),
        ({"column": "score", "op": "is_null", "value": 1}, "is_null takes neither value nor other"),
        ({"column": "score", "op": "in", "value": []}, "in needs a list of values"),
        ({"column": "score", "eval": "1"}, "eval is not understood"),
        ({"op": "=", "value": 1}, "exactly one of column, days and working_days"),
        ({"all": []}, "holds a list of conditions, at least one"),
        ({"any": [{"not": {"column": "nowhere", "op": "is_null"}}]}, "where.any[0].not: 'nowhere' is no column"),
    ],
)
def test_a_wrong_condition_is_told_with_its_place(where: Any, told: str) -> None:
    with pytest.raises(MetricError) as refused:
        _read({"kind": "count", "where": where})
    assert "metric measured.where" in str(refused.value)
    assert told in str(refused.value)


def test_the_dossiers_of_the_pack_give_indicators_of_its_dictionary() -> None:
    feed = read_feed(tomllib.loads((PACK / "feeds" / "dossiers.toml").read_text(encoding="utf-8")))
    metrics = read_metrics(feed)
    files = ("indicators.toml", "service_indicators.toml")
    texts = [tomllib.loads((PACK / name).read_text(encoding="utf-8")) for name in files]
    defined = {entry["code"]: entry for text in texts for entry in text["indicator"]}
    assert {metric.code for metric in metrics} <= set(defined)
    assert {entry["code"] for entry in texts[1]["indicator"]} <= {metric.code for metric in metrics}
    points = [entry["upper"] for code, entry in defined.items() if code.endswith("_points")]
    assert sum(points) == 100
    scales = {metric.code: metric.scale for metric in metrics if metric.code.endswith("_points")}
    assert scales == {code: defined[code]["upper"] for code in scales}
