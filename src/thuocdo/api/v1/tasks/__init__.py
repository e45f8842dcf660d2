"""Tasks: read the list and one of them, assign, take on, report, hand in, return, approve."""

from .reading import router as _reading
from .steering import router as _steering
from .writing import router as _writing

ROUTERS = (_reading, _writing, _steering)
