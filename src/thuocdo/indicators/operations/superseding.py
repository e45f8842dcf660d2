"""Which rows of the past a batch supersedes: the newest of the same indicator, body, period, provenance and source."""

import json
from collections.abc import Sequence

from django.db import connection

from thuocdo.indicators.models import Measurement

from .rows import Chain, CheckedRow

# By the index of bodies, cell by cell; the cells that are asked for go as one list, which no database limits.
FORMER = """
    SELECT m.indicator_id, m.body_id, m.period, m.provenance, m.kind, m.source, m.id
    FROM ({asked}) AS asked CROSS JOIN indicators_measurement AS m
    WHERE m.body_id = asked.body AND m.indicator_id = asked.indicator AND m.period_start = asked.start
      AND NOT EXISTS (SELECT 1 FROM indicators_measurement AS later WHERE later.supersedes_id = m.id)
    ORDER BY m.recorded_at, m.id
"""
ASKED = {
    "sqlite": """SELECT json_extract(value, '$[0]') AS indicator, json_extract(value, '$[1]') AS body,
                        json_extract(value, '$[2]') AS start FROM json_each(%s)""",
    "postgresql": "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[]) AS cells (indicator, body, start)",
}


def former_rows(good: Sequence[CheckedRow]) -> dict[Chain, int]:
    """For each chain the newest row so far, which the new one supersedes; its cost follows the rows of the batch."""
    cells = {(row.chain[0], row.chain[1], row.period.start.isoformat()) for row in good}
    # A new period, the usual case of a large batch, has no rows at all.
    is_any = Measurement.objects.filter(
        indicator__in={row.chain[0] for row in good}, period_start__in={row.period.start for row in good}
    ).exists()
    if not is_any:
        return {}
    given = (
        [json.dumps(list(cells))]
        if connection.vendor == "sqlite"
        else [list(part) for part in zip(*cells, strict=True)]
    )
    with connection.cursor() as cursor:
        cursor.execute(FORMER.format(asked=ASKED[connection.vendor]), given)
        return {tuple(chain): pk for *chain, pk in cursor.fetchall()}
