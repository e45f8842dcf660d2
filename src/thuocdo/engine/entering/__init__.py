"""Checking figures while they are typed: one set of rules as data, read here and by the form that works offline."""

from .checks import ERROR, WARNING, Finding, check_sheet, concerned, is_far, middle_and_spread

__all__ = ["ERROR", "WARNING", "Finding", "check_sheet", "concerned", "is_far", "middle_and_spread"]
