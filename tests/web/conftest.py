"""What tests of pages need: the folder of collected static files, which a fresh home does not have."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def _static_root() -> None:
    """Whitenoise warns, and warnings are errors, where the folder is missing."""
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
