"""`report.html`: one file that people open, print and pass on; it needs nothing from anywhere."""

from thuocdo.cli.score.report.page import report_page

__all__ = ["report_page"]
