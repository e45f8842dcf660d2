"""Notices of conclusions as files: those that went out, and the draft of the first one."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from thuocdo.meetings.files import NoticePaper, notice_docx, notice_pdf
from thuocdo.meetings.queries import may_keep, notice_paper, notices_of
from thuocdo.web.downloads import attachment
from thuocdo.web.signed_in import actor_of, login_required

from .views import readable_or_404

if TYPE_CHECKING:
    from collections.abc import Callable

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FILES: "dict[str, tuple[str, Callable[[NoticePaper], bytes]]]" = {
    "docx": (_WORD, notice_docx),
    "pdf": ("application/pdf", notice_pdf),
}


@require_GET
@login_required
def notice_file(request: HttpRequest, number: int, position: int, ending: str) -> HttpResponse:
    """A notice as it went out; 0 is the draft of the first one, for those who keep the meeting."""
    if ending not in FILES:
        raise Http404
    actor = actor_of(request)
    meeting = readable_or_404(number, actor)
    notice = None
    if position:
        notice = next((one for one in notices_of(meeting) if one.position == position), None)
        if notice is None:
            raise Http404
    elif not may_keep(actor, meeting):
        raise Http404
    media_type, draw = FILES[ending]
    name = f"thong-bao-ket-luan-{number}-{position}" if notice else f"du-thao-thong-bao-ket-luan-{number}"
    return attachment(draw(notice_paper(meeting, notice)), name=f"{name}.{ending}", media_type=media_type)
