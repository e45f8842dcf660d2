"""Whether two files look or read alike though their bytes differ: fingerprints, their bands, and the words changed."""

from .differences import Change, word_changes
from .pictures import MOST_DIFFERENT, picture_bands, picture_fingerprint, picture_likeness
from .texts import LEAST_ALIKE, text_bands, text_fingerprint, text_likeness

__all__ = [
    "LEAST_ALIKE",
    "MOST_DIFFERENT",
    "Change",
    "picture_bands",
    "picture_fingerprint",
    "picture_likeness",
    "text_bands",
    "text_fingerprint",
    "text_likeness",
    "word_changes",
]
