"""What an address of these pages names: body, seat, tenure and term, for whoever may see the record."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.organisations.queries import body_by_code
from thuocdo.publications.lifecycle import History, Tenure, Term, spread_of
from thuocdo.publications.queries import (
    HeadCounts,
    Rights,
    Seat,
    counts_of_group,
    group_and_histories,
    rights_over,
    seat_by_code,
    visible_bodies,
)
from thuocdo.web.kept import kept

from .terms import with_term

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body
    from thuocdo.publications.lifecycle import Spread


@dataclass(frozen=True, slots=True)
class Found:
    """A head's days in a term, or vacant days; what the reader may do with the record."""

    body: "Body"
    seat: Seat
    tenure: Tenure
    term: Term
    rights: Rights
    today: date

    @property
    def address(self) -> str:
        """The page of this record."""
        return with_term(reverse("head", args=[self.body.code, self.tenure.key]), self.term, self.today)

    def rows_address(self, word: str, term: Term | None = None) -> str:
        """The rows behind a figure."""
        path = reverse("head_rows", args=[self.body.code, self.tenure.key, word])
        return with_term(path, term or self.term, self.today)


def body_or_404(code: str, actor: Actor) -> "Body":
    """The body, if the actor may see its heads' records; who may not is told of nothing."""
    body = body_by_code(code)
    if body is None or not visible_bodies(actor).filter(pk=body.pk).exists():
        raise Http404
    return body


def found_or_404(code: str, key: str, term: Term, actor: Actor) -> Found:
    """The record that an address names, if the actor may see it."""
    both = seat_by_code(code)
    if both is None:
        raise Http404
    body, seat = both
    tenure = seat.tenure(term, key)
    if tenure is None:
        # An appointment of another term: the page says so, with the terms in which there is something.
        known = next((one for one in seat.appointments if str(one.number) == key), None)
        if known is None or not visible_bodies(actor).filter(pk=body.pk).exists():
            raise Http404
        raise NotInTerm(body, seat, key)
    rights = rights_over(actor, body, tenure)
    if not rights.may_view:
        raise Http404
    return Found(body, seat, tenure, term, rights, actor.on)


class NotInTerm(LookupError):
    """The head held no day of the term."""

    def __init__(self, body: "Body", seat: Seat, key: str) -> None:
        super().__init__(f"{key} was not in office at {body.code} in the term")
        self.body, self.seat, self.key = body, seat, key


def group_figures(group: str, term: Term, today: date, newest: int) -> list[HeadCounts]:
    """The figures of every head of a group, computed once for each entry of the ledger."""
    return kept("heads-of-group", group, term.label, today, newest, build=lambda: counts_of_group(group, term, today))


def group_and_own(found: Found, since: date, newest: int) -> tuple[list[HeadCounts], list[History] | None]:
    """The figures of the group, and the histories of the body's own tasks where they were read along with it."""
    group, own = found.body.peer_group, None
    if not group:
        return [], None

    def build() -> list[HeadCounts]:
        nonlocal own
        counts, own = group_and_histories(group, found.term, found.today, (found.body.pk, since))
        return counts

    return kept("heads-of-group", group, found.term.label, found.today, newest, build=build), own


def head_title(tenure: Tenure) -> str:
    """Who: post and name, or that nobody holds the post."""
    if tenure.appointed is None:
        return gettext("Khuyết người đứng đầu")
    return f"{tenure.appointed.post} {tenure.appointed.person}"


def spread_among(heads: list[HeadCounts], name: str) -> "Spread | None":
    """Quartiles of a measure among the heads of a group; vacancies and heads who owed nothing are left out."""
    values = [getattr(one, name) for one in heads if not one.tenure.is_vacant and one.of("owed")]
    return spread_of([value for value in values if value is not None])
