"""Reads of drafts: the drafts of a method, what was computed by one, how far that has come."""

from dataclasses import dataclass

from django.db.models import QuerySet

from thuocdo.engine.scoring import Spec
from thuocdo.scorecards.lifecycle import BackcastState, DraftState, DraftStep
from thuocdo.scorecards.models import Backcast, Draft, Scorecard

from .methods import read_text

__all__ = ["Backcast", "BackcastState", "Draft", "DraftState", "DraftStep"]


@dataclass(frozen=True, slots=True)
class Headway:
    """How many of the asked rankings are computed, and how many could not be."""

    asked: int
    done: int
    failed: int

    @property
    def is_running(self) -> bool:
        return self.done + self.failed < self.asked


def drafts(*, code: str = "") -> QuerySet[Draft]:
    """Drafts without their text, newest first."""
    found = Draft.objects.defer("text").select_related("scorecard").order_by("-drafted_at", "-pk")
    return found.filter(code=code) if code else found


def draft_by_id(number: int) -> Draft | None:
    """The draft with this number, with its text."""
    return Draft.objects.select_related("scorecard").filter(pk=number).first()


def versions_of(code: str) -> list[Scorecard]:
    """Every version of a method, newest first, without its text."""
    return list(Scorecard.objects.defer("text").filter(code=code).order_by("-version"))


def spec_of_draft(draft: Draft) -> Spec:
    """The draft as the engine reads it."""
    return read_text(draft.text)


def backcasts_of(draft: Draft) -> QuerySet[Backcast]:
    """What was asked for and computed by the draft, newest period first, without the rows."""
    return draft.backcasts.defer("rows").order_by("-period_start", "peer_group")


def backcast_of(draft: Draft, *, peer_group: str, period: str) -> Backcast | None:
    """One computed ranking with its rows."""
    return draft.backcasts.filter(peer_group=peer_group, period=period, state=BackcastState.DONE).first()


def headway_of(draft: Draft) -> Headway:
    """How far the machine has come."""
    states = list(draft.backcasts.values_list("state", flat=True))
    return Headway(len(states), states.count(BackcastState.DONE), states.count(BackcastState.FAILED))


def waiting_backcasts() -> list[tuple[Draft, str]]:
    """Drafts with periods that wait to be computed, newest period first."""
    rows = (
        Backcast.objects.filter(state=BackcastState.WAITING, draft__state=DraftState.DRAFT)
        .order_by("draft", "-period_start")
        .values_list("draft", "period", "period_start")
        .distinct()
    )
    found = Draft.objects.in_bulk({draft for draft, _period, _start in rows})
    return [(found[draft], period) for draft, period, _start in rows]
