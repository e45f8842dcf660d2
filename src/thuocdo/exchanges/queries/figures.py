"""Figures that go up to a parent: what people and source systems told of our bodies, row by row."""

from typing import Any

from django.utils.timezone import localdate

from thuocdo.exchanges.models import Parent
from thuocdo.indicators.models import Measurement
from thuocdo.indicators.queries import batch_by_ledger, written
from thuocdo.ledger.queries import entry_by_number
from thuocdo.organisations.queries import within


def rows_to_send(number: int, parent: Parent) -> list[dict[str, Any]]:
    """The rows of the batch that ledger entry `number` sealed, of our body and those below it, as the API takes them.

    Own indicators stay here, derived figures too: the parent derives its own.
    """
    entry, batch = entry_by_number(number), batch_by_ledger(number)
    if entry is None or batch is None:
        return []
    bodies = within([parent.body_id], on=localdate(entry.at)).values("pk")
    found = Measurement.objects.filter(batch=batch, body__in=bodies, indicator__kept_by__isnull=True)
    return [
        {
            "indicator": row.indicator.code,
            "body": row.body.code,
            "period": row.period,
            "state": row.state,
            **({"value": written(row.value)} if row.value is not None else {}),
            "kind": row.kind,
            "source": row.source,
            "external_id": row.external_id,
        }
        for row in found.exclude(provenance="derived").select_related("indicator", "body").order_by("pk")
    ]
