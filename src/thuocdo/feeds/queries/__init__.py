"""Reads of feeds: which there are and how they fare, their batches, the files in force, where a figure comes from."""

from thuocdo.feeds.declaration import Column, Feed, FeedRefused, Treatment
from thuocdo.feeds.models import Batch, Contribution, FeedState, Part

from .files import (
    Month,
    months_of,
    partition_digest,
    partition_files,
    parts_in_force,
    periods_in_force,
)
from .health import Health, Throughput, batch_within, batches_within, health_of, throughput_of
from .origins import contributions_of, measurement_within, origins_of, partitions_of
from .states import feed_by_code, feed_by_label, feed_of_entry, feeds, silences_for, silent_feeds

__all__ = [
    "Batch",
    "Column",
    "Contribution",
    "Feed",
    "FeedRefused",
    "FeedState",
    "Health",
    "Month",
    "Part",
    "Throughput",
    "Treatment",
    "batch_within",
    "batches_within",
    "contributions_of",
    "feed_by_code",
    "feed_by_label",
    "feed_of_entry",
    "feeds",
    "health_of",
    "measurement_within",
    "months_of",
    "origins_of",
    "partition_digest",
    "partition_files",
    "partitions_of",
    "parts_in_force",
    "periods_in_force",
    "silences_for",
    "silent_feeds",
    "throughput_of",
]
