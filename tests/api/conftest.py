"""Requests go through the whole middleware, and whitenoise wants its folder to be there."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def static_folder() -> None:
    """The folder of collected files, which a started instance makes."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
