"""Properties are checked without a clock: a busy machine makes no property false."""

from hypothesis import settings

settings.register_profile("without_clock", deadline=None)
settings.load_profile("without_clock")
