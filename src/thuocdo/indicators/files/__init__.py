"""Measurements as spreadsheets: the template that people fill in, and its rows read back with their cells."""

from .layout import (
    COLUMNS,
    HEADING_ROW,
    KINDS,
    LARGEST_UNPACKED,
    SHEET,
    STATES,
    Mark,
    SheetRow,
    SheetUnreadable,
    neutralised,
)
from .reading import ReadTemplate, read_marked_template, read_template
from .writing import TemplateLine, template, template_lines

__all__ = [
    "COLUMNS",
    "HEADING_ROW",
    "KINDS",
    "LARGEST_UNPACKED",
    "SHEET",
    "STATES",
    "Mark",
    "ReadTemplate",
    "SheetRow",
    "SheetUnreadable",
    "TemplateLine",
    "neutralised",
    "read_marked_template",
    "read_template",
    "template",
    "template_lines",
]
