"""What tests of pages need: a cache that remembers nothing of the test before."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _forget() -> None:
    """What one test counted must not answer the next: their ledgers may look the same on a stopped clock."""
    cache.clear()
