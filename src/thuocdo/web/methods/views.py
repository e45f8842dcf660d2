"""Pages of versions: the list, two versions side by side, one draft with the rankings it would have made."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Permission, may_anywhere
from thuocdo.engine.scoring.differences import differences
from thuocdo.scorecards.queries import Scorecard, scorecard_by_code, spec_of
from thuocdo.scorecards.queries.drafts import (
    Draft,
    DraftState,
    backcast_of,
    draft_by_id,
    drafts,
    spec_of_draft,
    versions_of,
)
from thuocdo.web.design.figures import day, number
from thuocdo.web.design.tables import page_of
from thuocdo.web.rankings.choice import scorecard_in_force
from thuocdo.web.rankings.marks import title_of
from thuocdo.web.signed_in import actor_of

from .forms import ApprovalForm
from .gate import LARGEST, for_method_keepers
from .reading import Reading, against_of, failure_in_words, ranking_sentence, reading_of, rows_of, sentence_of
from .wording import chapters

if TYPE_CHECKING:
    from datetime import date


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """Every version of the method with validity, digest and approving document; for its keepers the drafts."""
    actor, today = actor_of(request), timezone.localdate()
    in_force = scorecard_in_force(today, request.GET.get("bo", "")[:60])
    keeps = may_anywhere(actor, Permission.MANAGE_METHODS)
    rows = versions_of(in_force.code) if in_force else []
    return render(
        request,
        "methods/versions.html",
        {
            "in_force": in_force,
            "rows": [_version(row, rows, in_force) for row in rows],
            "drafts": list(drafts(code=in_force.code)[:50]) if in_force and keeps else [],
            "keeps": keeps,
            "sentence": _sentence(rows, in_force, today),
        },
    )


def _version(row: Scorecard, rows: list[Scorecard], in_force: Scorecard | None) -> dict[str, Any]:
    """A version with the day on which the next one took over."""
    later = [one.valid_from for one in rows if one.version > row.version]
    ends = min([*later, *([row.valid_to] if row.valid_to else [])], default=None)
    former = next((one.version for one in rows if one.version == row.version - 1), None)
    return {"row": row, "ends": ends, "is_in_force": row == in_force, "former": former}


def _sentence(rows: list[Scorecard], in_force: Scorecard | None, today: "date") -> str:
    if in_force is None:
        return gettext("Chưa có phương pháp nào có hiệu lực.")
    text = gettext("Phiên bản %(version)s đang có hiệu lực, từ %(day)s") % {
        "version": number(in_force.version),
        "day": day(in_force.valid_from),
    }
    coming = [row for row in rows if row.valid_from > today]
    if coming:
        return gettext("%(text)s; phiên bản %(version)s thay thế từ %(day)s.") % {
            "text": text,
            "version": number(coming[-1].version),
            "day": day(coming[-1].valid_from),
        }
    return f"{text}."


@require_GET
def side_by_side(request: HttpRequest) -> HttpResponse:
    """What one version says otherwise than another (`cu`, `moi`), in words; 404 for versions that are none."""
    in_force = scorecard_in_force(timezone.localdate(), request.GET.get("bo", "")[:60])
    if in_force is None:
        raise Http404
    newer = _numbered(in_force, request.GET.get("moi", "")) or in_force
    older = _numbered(in_force, request.GET.get("cu", "")) or scorecard_by_code(
        in_force.code, version=newer.version - 1
    )
    if older is None:
        older = newer
    old, new = spec_of(older), spec_of(newer)
    found = chapters(differences(old, new), old, new)
    return render(
        request,
        "methods/side_by_side.html",
        {"older": older, "newer": newer, "chapters": found, "versions": versions_of(in_force.code)},
    )


def _numbered(in_force: Scorecard, text: str) -> Scorecard | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Http404
    found = scorecard_by_code(in_force.code, version=int(text))
    if found is None:
        raise Http404
    return found


def draft_or_404(number_of_draft: int) -> Draft:
    """The draft with this number."""
    found = draft_by_id(number_of_draft) if number_of_draft <= LARGEST else None
    if found is None:
        raise Http404
    return found


def read_or_404(draft: Draft) -> Reading:
    """The draft beside what it is compared with."""
    against = against_of(draft, scorecard_in_force(timezone.localdate(), draft.code))
    if against is None:
        raise Http404
    return reading_of(draft, against)


@require_GET
@for_method_keepers
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """A draft: what it changes, what the past would have been, approve or let go."""
    return draft_page(request, draft_or_404(number))


def draft_page(
    request: HttpRequest, found: Draft, *, form: ApprovalForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a draft, with the form of the approval as it was filled in."""
    reading = read_or_404(found)
    return render(
        request,
        "methods/draft.html",
        {
            "reading": reading,
            "draft": found,
            "title": (found.title_en if title_of(reading.spec.title) == found.title_en else found.title),
            "sentence": sentence_of(reading),
            "form": form or ApprovalForm(initial={"ma_bam": found.digest}),
            "is_open": found.state == DraftState.DRAFT,
            "is_discarded": found.state == DraftState.DISCARDED,
            **_progress(reading),
        },
        status=status,
    )


def _progress(reading: Reading) -> dict[str, Any]:
    return {
        "headway": reading.headway,
        "rows": reading.rows,
        "failures": sorted({failure_in_words(row.backcast.failure) for row in reading.rows if row.is_failed}),
    }


@require_GET
@for_method_keepers
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """How far the machine has come, and the table of what is computed: the part that follows it."""
    reading = read_or_404(draft_or_404(number))
    return render(request, "methods/_computed.html", {"draft": reading.draft, "reading": reading, **_progress(reading)})


@require_GET
@for_method_keepers
def ranking(request: HttpRequest, number: int, period: str, group: str) -> HttpResponse:
    """One past ranking by the draft beside the one that was made."""
    found = draft_or_404(number)
    backcast = backcast_of(found, peer_group=group[:40], period=period[:10])
    if backcast is None:
        raise Http404
    former = scorecard_by_code(found.code, version=backcast.version)
    spec = spec_of_draft(found)
    rows, movers = rows_of(backcast, spec, spec_of(former) if former else spec)
    title = next((title_of(one.title) for one in spec.peer_groups if one.code == backcast.peer_group), "")
    return render(
        request,
        "methods/ranking.html",
        {
            "draft": found,
            "backcast": backcast,
            "group": title,
            "page": page_of(request, rows),
            "risers": [one for one in movers if (one.row.won or 0) > 0][:5],
            "fallers": [one for one in movers if (one.row.won or 0) < 0][:5],
            "sentence": ranking_sentence(backcast, rows, title),
        },
    )
