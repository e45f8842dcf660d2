"""Tasks: read the list and one of them, assign, take on, report, hand in, return, approve."""

from . import steering, writing
from .reading import router

# Reading, writing and steering hang on one router: two at one address would hide each other.
__all__ = ["router", "steering", "writing"]
