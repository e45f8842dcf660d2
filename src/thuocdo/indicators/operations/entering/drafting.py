"""Drafts of figures: saved as they are typed, left and continued, never overwritten unseen by a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, Permission, require
from thuocdo.indicators.models import Draft, Indicator, State
from thuocdo.organisations.models import Body

from .refusals import FiguresRefused

LONGEST = {"text": 60, "reason": 200}


@dataclass(frozen=True, slots=True)
class DraftCell:
    """What somebody has typed into a cell; `seen` is the revision that stood on their page (0: none)."""

    text: str = ""
    state: str = State.VALUE.value
    reason: str = ""
    seen: int = 0


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """What became of typed cells: the drafts as they stand now, and which were not saved because another's is newer."""

    drafts: Mapping[int, Draft]
    conflicts: Mapping[int, Draft] = field(default_factory=dict)
    changed: int = 0


@transaction.atomic
def save_drafts(
    *,
    actor: Actor,
    at: datetime,
    body: Body,
    period: str,
    cells: Mapping[int, DraftCell],
    indicators: Sequence[Indicator],
) -> DraftSaved:
    """Keep what was typed, cell by cell (by indicator id); an emptied cell loses its draft.

    A cell that another person has changed since it was seen is left as it is and named among the conflicts.
    Drafts are nobody's figures: nothing is written to the ledger. Raises NotAllowed, FiguresRefused.
    """
    require(actor, Permission.RECORD_MEASUREMENT, body)
    known = {one.pk for one in indicators}
    there = {one.indicator_id: one for one in Draft.objects.select_for_update().filter(body=body, period=period)}
    conflicts: dict[int, Draft] = {}
    changed = 0
    for pk, cell in cells.items():
        if pk not in known:
            raise FiguresRefused(_("Chỉ số này không thuộc biểu nhập của cơ quan; tải lại trang."))
        before = there.get(pk)
        text, reason = cell.text.strip()[: LONGEST["text"]], cell.reason.strip()[: LONGEST["reason"]]
        state = cell.state if cell.state in State.values else State.VALUE.value
        is_empty = not text and not reason and state == State.VALUE
        if before is None:
            if is_empty:
                continue
            made = Draft(
                body=body, period=period, indicator_id=pk, text=text, state=state, reason=reason,
                edited_at=at, edited_by=actor.label,
            )  # fmt: skip
            try:
                with transaction.atomic():
                    made.save()
            except IntegrityError:
                # Somebody else began the same cell at the same moment.
                there[pk] = conflicts[pk] = Draft.objects.get(body=body, period=period, indicator_id=pk)
                continue
            there[pk] = made
            changed += 1
            continue
        if (before.text, before.state, before.reason) == (text, state, reason):
            continue
        if cell.seen != before.revision and before.edited_by != actor.label:
            conflicts[pk] = before
            continue
        if is_empty:
            before.delete()
            del there[pk]
        else:
            before.text, before.state, before.reason = text, state, reason
            before.revision += 1
            before.edited_at, before.edited_by = at, actor.label
            before.save()
        changed += 1
    return DraftSaved(there, conflicts, changed)


def discard_drafts(*, actor: Actor, body: Body, period: str) -> int:
    """Forget what was typed for a body and period and not handed in; gives the number of cells."""
    require(actor, Permission.RECORD_MEASUREMENT, body)
    return Draft.objects.filter(body=body, period=period).delete()[0]
