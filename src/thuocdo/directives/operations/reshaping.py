"""One assignment or several: a person splits what the machine took for one, or merges what it took for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.directives.lifecycle import AddresseeKind, CandidateState, DeadlineKind, Origin
from thuocdo.directives.models import Candidate, Document

from .finding import write_addressees
from .refusals import DirectiveRefused
from .reviewing import EDGES, decide, pending, redraw_state, text_of


@dataclass(frozen=True, slots=True)
class Part:
    """A span of a document's text that becomes a candidate of its own."""

    start: int
    end: int


@transaction.atomic
def split(
    *,
    actor: Actor,
    at: datetime,
    candidate: Candidate,
    offset: int | None = None,
    parts: Sequence[Part] | None = None,
) -> list[Candidate]:
    """Replace a candidate by two or more, cut at an offset of the text or into the given parts.

    A deadline closes a unit: it covers the parts up to the one that states it, and none after. Product and
    target stay with the part that holds them; addressees stay with all.
    """
    current = pending(actor=actor, candidate=candidate, step="split")
    if parts is None:
        if offset is None:
            raise TypeError("A split needs an offset or parts.")
        parts = [Part(current.start, offset), Part(offset, current.end)]
    spans = [_trimmed(current.document, part) for part in parts]
    if len(spans) < 2 or any(not current.start <= span.start < span.end <= current.end for span in spans):
        raise DirectiveRefused(
            gettext("Điểm tách phải nằm trong đoạn và mỗi phần phải có chữ; chọn lại điểm tách."),
            code="split_outside",
            field="offset",
        )
    children = [_child(current, span) for span in spans]
    for child in children[_deadline_holder(current, children) + 1 :]:
        child.deadline_raw, child.deadline_date, child.deadline_kind = "", None, DeadlineKind.NONE
    return _replace([current], children, actor=actor, at=at, step="split")


def _child(parent: Candidate, span: Part) -> Candidate:
    text = text_of(parent.document, span.start, span.end)
    return Candidate(
        document=parent.document,
        start=span.start,
        end=span.end,
        lead=parent.lead,
        coordinating=parent.coordinating,
        action=text,
        deliverable=parent.deliverable if parent.deliverable in text else "",
        deadline_raw=parent.deadline_raw,
        deadline_date=parent.deadline_date,
        deadline_kind=parent.deadline_kind,
        target=parent.target if parent.target in text else "",
        addressee_kind=parent.addressee_kind,
        origin=Origin.PERSON,
    )


def _deadline_holder(parent: Candidate, children: Sequence[Candidate]) -> int:
    """The index of the part that states the deadline; the last one when it stands in none (inherited)."""
    if parent.deadline_raw:
        for index, child in enumerate(children):
            if parent.deadline_raw in parent.document.text[child.start : child.end]:
                return index
    return len(children) - 1


@transaction.atomic
def merge(*, actor: Actor, at: datetime, candidates: Sequence[Candidate]) -> Candidate:
    """Replace neighbouring candidates of one document by one that spans them; the earliest deadline holds."""
    numbers = {candidate.pk for candidate in candidates}
    if len(numbers) < 2 or len({candidate.document_id for candidate in candidates}) != 1:
        raise DirectiveRefused(
            gettext("Chọn ít nhất hai nhiệm vụ của cùng một văn bản để gộp."), code="merge_too_few", field="candidates"
        )
    parents = sorted(
        (pending(actor=actor, candidate=candidate, step="merge") for candidate in candidates),
        key=lambda one: (one.start, one.end, one.pk),
    )
    document, start, end = parents[0].document, parents[0].start, max(one.end for one in parents)
    between = document.candidates.exclude(pk__in=numbers).exclude(state=CandidateState.REPLACED)
    if between.filter(start__gte=start, end__lte=end).exists():
        raise DirectiveRefused(
            gettext("Giữa các nhiệm vụ được chọn còn nhiệm vụ khác; chỉ gộp những nhiệm vụ đứng liền nhau."),
            code="not_neighbours",
            field="candidates",
        )
    dated = [one for one in parents if one.deadline_date] or [one for one in parents if one.deadline_raw]
    first = min(dated, key=lambda one: one.deadline_date or date.max) if dated else parents[0]
    merged = Candidate(
        document=document,
        start=start,
        end=end,
        lead=_joined(one.lead for one in parents),
        coordinating=_joined(one.coordinating for one in parents),
        action="; ".join(dict.fromkeys(one.action for one in parents)),
        deliverable=next((one.deliverable for one in parents if one.deliverable), ""),
        deadline_raw=first.deadline_raw,
        deadline_date=first.deadline_date,
        deadline_kind=first.deadline_kind,
        target=next((one.target for one in parents if one.target), ""),
        addressee_kind=next(
            (one.addressee_kind for one in parents if one.addressee_kind != AddresseeKind.NONE), AddresseeKind.NONE
        ),
        origin=Origin.PERSON,
    )
    return _replace(parents, [merged], actor=actor, at=at, step="merge")[0]


def _joined(lists: Iterable[list[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))


def _replace(
    parents: Sequence[Candidate], children: Sequence[Candidate], *, actor: Actor, at: datetime, step: str
) -> list[Candidate]:
    document = parents[0].document
    new = Candidate.objects.bulk_create(children)
    for child in new:
        child.parents.set(parents)
    write_addressees(new, document, at=at)
    for parent in parents:
        decide(parent, step, actor=actor, at=at, data={"by": [child.pk for child in new]})
    redraw_state(document)
    return new


@transaction.atomic
def undo_reshaping(*, actor: Actor, at: datetime, candidate: Candidate) -> list[Candidate]:
    """Take back the split or the merge that this candidate came of; gives what waits again in its place.

    What came of it stays on record as replaced and loses its parents, so that what was written by hand is not
    gone. Raises DirectiveRefused once any of it was decided, split or merged further, or when it came of neither.
    """
    current = pending(actor=actor, candidate=candidate, step="dissolve")
    document = current.document
    parents = list(current.parents.select_for_update(of=("self",)).order_by("start", "end", "pk"))
    children = list(
        Candidate.objects.select_for_update(of=("self",))
        .filter(pk__in=Candidate.objects.filter(parents__in=parents).values("pk"))
        .order_by("start", "end", "pk")
    )
    if not parents:
        raise DirectiveRefused(
            gettext("Nhiệm vụ này không do tách hoặc gộp mà có nên không có gì để hoàn tác."), code="not_reshaped"
        )
    if any(child.state != CandidateState.PROPOSED for child in children):
        raise DirectiveRefused(
            gettext(
                "Đã có phần được xác nhận, loại, tách hoặc gộp tiếp nên không hoàn tác được; hoàn tác phần đó trước."
            ),
            code="part_decided",
        )
    for child in children:
        child.document = document
        decide(child, "dissolve", actor=actor, at=at, data={"back": [parent.pk for parent in parents]})
        child.parents.clear()
    for parent in parents:
        parent.document = document
        decide(parent, "return", actor=actor, at=at, data={})
    redraw_state(document)
    return parents


def _trimmed(document: Document, part: Part) -> Part:
    text = document.text[part.start : part.end]
    return Part(part.start + len(text) - len(text.lstrip(EDGES)), part.end - len(text) + len(text.rstrip(EDGES)))
