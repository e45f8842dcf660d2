"""The landed files: which are in force, partition by partition, and what the manifest says of them.

The database says what is in force; the manifest files say the same to whoever reads the folder without it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum

from thuocdo.engine.canonical import digest
from thuocdo.feeds.models import FeedState, Part


def folder_of(code: str) -> Path:
    """Where the files of a feed lie."""
    return Path(settings.FEEDS_FOLDER) / code


def place_of(part: Part) -> Path:
    """Where a part lies."""
    return folder_of(part.feed.code) / f"period={part.period}" / part.name


def parts_in_force(state: FeedState) -> QuerySet[Part]:
    """The parts that make up the feed now, by period and age."""
    return (
        Part.objects.filter(feed=state, until__isnull=True).select_related("feed").order_by("period", "since", "name")
    )


def periods_in_force(state: FeedState) -> list[str]:
    """The months of which events have landed, oldest first."""
    return list(parts_in_force(state).order_by("period").values_list("period", flat=True).distinct())


def partition_files(code: str, period: str) -> list[Path]:
    """The files of a month that are in force."""
    found = Part.objects.filter(feed__code=code, period=period, until__isnull=True).select_related("feed")
    return [place_of(part) for part in found.order_by("since", "name")]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a feed: how many rows lie in how many files of how many bytes; late copies of a key count, too."""

    period: str
    rows: int
    parts: int
    size: int

    @property
    def megabytes(self) -> float:
        return self.size / 1_000_000


def months_of(state: FeedState) -> list[Month]:
    """What lies in force, newest month first."""
    found = (
        Part.objects.filter(feed=state, until__isnull=True)
        .values("period")
        .annotate(total=Sum("rows"), files=Count("pk"), bytes=Sum("size"))
        .order_by("-period")
    )
    return [Month(row["period"], row["total"], row["files"], row["bytes"]) for row in found]


def partition_digest(parts: Iterable[Part]) -> str:
    """One digest over the parts of a partition: equal when and only when the same files are in force."""
    return digest(sorted([part.period, part.name, part.rows] for part in parts))


def manifest_of(state: FeedState, number: int) -> dict[str, object]:
    """What the manifest of this number says: for each period its parts with rows, digest and batch."""
    in_force = (
        Part.objects.filter(Q(until__isnull=True) | Q(until__gt=number), feed=state, since__lte=number)
        .order_by("period", "since", "name")
        .values("period", "name", "rows", "size", "digest", "batch_id")
    )
    partitions: dict[str, list[dict[str, object]]] = {}
    for part in in_force:
        entry = {"name": part["name"], "rows": part["rows"], "size": part["size"], "digest": part["digest"]}
        partitions.setdefault(part["period"], []).append({**entry, "batch": part["batch_id"]})
    return {"feed": state.code, "number": number, "partitions": partitions}
