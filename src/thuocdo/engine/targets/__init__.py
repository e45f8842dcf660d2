"""Targets: the level due on a path at a day, how far a value has come by each comparator, parts that add up."""

from .achievement import COMPARATORS, Aim, Standing, standing
from .adding_up import Sum, adds_up
from .paths import SHAPES, PathProblem, Point, check_path, level_on

__all__ = [
    "COMPARATORS",
    "SHAPES",
    "Aim",
    "PathProblem",
    "Point",
    "Standing",
    "Sum",
    "adds_up",
    "check_path",
    "level_on",
    "standing",
]
