"""Figures of an indicator as csv: everything ever told of a body, or one period of all bodies in sight."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from thuocdo.indicators.files import neutralised
from thuocdo.indicators.queries import Measurement, written

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator

CSV = "text/csv; charset=utf-8"
# The names of the interface, so that what was downloaded can be compared with what was sent.
COLUMNS = (
    "indicator", "body", "body_name", "period", "state", "value", "kind", "provenance", "inherits", "source",
    "external_id", "evidence", "recorded_at", "recorded_by", "measurement", "supersedes", "batch", "ledger",
)  # fmt: skip


def answer(indicator: "Indicator", rows: Iterable[Measurement], name: str) -> HttpResponse:
    """UTF-8 with a byte order mark, so that spreadsheets see the accents; decimal points, as machines read them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(_lines(indicator, rows))
    return HttpResponse(
        text.getvalue().encode("utf-8-sig"),
        headers={
            "Content-Type": CSV,
            "Content-Disposition": content_disposition_header(True, f"{name}.csv") or "attachment",
        },
    )


def _lines(indicator: "Indicator", rows: Iterable[Measurement]) -> Iterator[Sequence[str | int]]:
    for row in rows:
        texts = (
            indicator.code, row.body.code, row.body.name, row.period, row.state, written(row.value), row.kind,
            row.provenance, row.inherits, row.source, row.external_id, row.evidence, row.recorded_at.isoformat(),
            row.recorded_by,
        )  # fmt: skip
        # A value may begin with a minus sign; only texts are made harmless.
        yield [
            *(text if place == 5 else neutralised(text) for place, text in enumerate(texts)),
            row.pk,
            row.supersedes_id or "",
            row.batch_id,
            row.batch.ledger or "",
        ]
