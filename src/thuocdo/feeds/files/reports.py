"""The errors of a batch as a CSV file that spreadsheet programs open without harm."""

import csv
import io
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

# Characters with which a spreadsheet program takes a text for a formula.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")


def errors_csv(errors: Iterable[Mapping[str, object]], counts: Mapping[str, int]) -> bytes:
    """Row, field, code and message of every error told, then how many there are of each code in all."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Dòng"), _("Cột"), _("Mã lỗi"), _("Lỗi và cách sửa")])
    for error in errors:
        writer.writerow([_safe(error[name]) for name in ("row", "field", "code", "message")])
    writer.writerow([])
    writer.writerow([_("Tổng số"), "", _("Mã lỗi"), ""])
    for code, counted in sorted(counts.items()):
        writer.writerow([counted, "", _safe(code), ""])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _safe(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text
