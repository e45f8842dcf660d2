"""What tests of pages need: the folder of collected static files, which a fresh home does not have."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """Whitenoise warns, and warnings are errors, where the folder is missing."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def _forget() -> None:
    """What one test counted must not answer the next: their ledgers may look the same on a stopped clock."""
    cache.clear()
