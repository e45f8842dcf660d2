"""Canonical JSON and digests: one byte string for one meaning (RFC 8785)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import rfc8785

type_names = "null, booleans, integers, text, dates, times, decimals, lists and objects of these"
Plain = None | bool | int | str | date | datetime | Decimal | Sequence["Plain"] | Mapping[str, "Plain"]


def instant(at: datetime) -> str:
    """A moment as text, in UTC with microseconds: `2026-09-14T02:30:00.000000Z`; ValueError without a zone."""
    if at.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def plain(value: Plain) -> object:
    """The value in JSON's own types; decimals become text without exponent, floats are refused (TypeError)."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case Mapping():
            return {str(key): plain(item) for key, item in value.items()}
        case Sequence():
            return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form here; allowed are {type_names}.")


def canonical_json(value: Plain) -> str:
    """The value as canonical JSON text: sorted keys, no spaces, UTF-8 letters as they are."""
    return rfc8785.dumps(plain(value)).decode()  # type: ignore[arg-type]


def digest(value: Plain) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def digest_of_bytes(content: bytes) -> str:
    """SHA-256 of raw bytes, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
