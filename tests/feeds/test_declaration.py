"""What a feed must be: everything that contradicts itself is refused in words when the pack is loaded."""

import re
from datetime import date
from typing import Any

import pytest

from thuocdo.feeds.declaration import FeedRefused, read_feed

COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "type": "text", "required": True},
    {"name": "body", "type": "text", "required": True},
    {"name": "at", "type": "timestamp", "required": True},
    {"name": "fee", "type": "decimal(12,2)", "lower": 0},
    {"name": "account", "type": "text", "personal": "hash"},
    {"name": "telephone", "type": "text", "personal": "drop"},
]
GOOD: dict[str, Any] = {
    "code": "calls", "key": ["id"], "body": "body", "event_time": "at", "order_by": ["at"], "column": COLUMNS,
}  # fmt: skip


def with_column(at: int, **changes: Any) -> dict[str, Any]:
    """The columns with one of them changed."""
    return {"column": [entry | changes if place == at else entry for place, entry in enumerate(COLUMNS)]}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "capital code": ({"code": "Calls"}, "small letters"),
    "no columns": ({"column": []}, "at least one"),
    "column twice": ({"column": [*COLUMNS, COLUMNS[0]]}, "more than once"),
    "column without name": (with_column(3, name=None), "a column is named None"),
    "no key": ({"key": []}, "key must list"),
    "key of no column": ({"key": ["other"]}, "key names 'other'"),
    "body of no column": ({"body": "other"}, "body names 'other'"),
    "order that is no list": ({"order_by": "at"}, "order_by is a list"),
    "order by text": ({"order_by": ["body"]}, "order_by body must be"),
    "optional key": (with_column(0, required=False), "declare it required"),
    "dropped body": (with_column(1, personal="drop"), "cannot be dropped"),
    "hashed body": (with_column(1, personal="hash"), "cannot be hashed"),
    "hashed number": (with_column(3, personal="hash"), "must be declared as text"),
    "unknown treatment": (with_column(4, personal="blur"), "use one of drop, hash"),
    "number for a body": (with_column(1, type="integer"), "keep their leading zeros"),
    "text for a time": (with_column(2, type="text"), "must be a timestamp or a date"),
    "unknown type": (with_column(3, type="money", lower=0), "use one of"),
    "decimal without digits": (with_column(3, type="decimal"), "decimal(12,2)"),
    "decimal of too many digits": (with_column(3, type="decimal(40,2)"), "no decimal"),
    "decimal with more places than digits": (with_column(3, type="decimal(2,3)"), "no decimal"),
    "bound of a text": (with_column(0, upper=1), "bound a number"),
    "bound that is no number": (with_column(3, lower="none"), "write a number"),
    "bound without end": (with_column(3, upper=float("inf")), "write a number"),
    "choices of a number": (with_column(3, choices=["1"]), "choices are a list"),
    "metrics that are no tables": ({"metrics": {"calls": 1}}, "[metrics."),
    "another hierarchy": ({"rolls_up": "party"}, "territorial"),
    "version nought": ({"version": 0}, "count versions"),
    "version yes": ({"version": True}, "count versions"),
    "day in words": ({"valid_from": "2026"}, "write a day"),
    "end before the beginning": ({"valid_from": date(2026, 2, 1), "valid_to": date(2026, 1, 1)}, "after valid_from"),
    "silence in words": ({"silence": "six hours"}, "ISO duration"),
    "skew of nothing": ({"skew": "P"}, "ISO duration"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_contradicts_itself_is_refused_with_the_remedy(name: str) -> None:
    changes, words = REFUSED[name]
    with pytest.raises(FeedRefused, match=re.escape(words)):
        read_feed(GOOD | changes)


def test_what_is_well_declared_is_read() -> None:
    feed = read_feed(GOOD)
    assert list(feed.types.items()) == [
        ("id", "text"), ("body", "text"), ("at", "timestamp"), ("fee", "decimal(12,2)"), ("account", "text"),
    ]  # fmt: skip
    assert not feed.has_ended(date(9999, 1, 1))
