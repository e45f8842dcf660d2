"""`POST /files` takes a file ahead of the report that names it by digest; `GET /files/{sha256}` gives it back."""

from typing import Annotated, Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Status

from thuocdo.accounts.permissions import Permission
from thuocdo.exchanges.operations.calls import take_file
from thuocdo.exchanges.queries.calls import file_visible
from thuocdo.tasks.files import FileRefused, Upload, open_file

from .answers import PLAIN, Answer, require_scope
from .keys import caller
from .problems import NotFound, Problem, Refused
from .tasks.shapes import FileOut

router = Router(tags=["files"])
BYTES = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
SHA256: Any = Path(  # type: ignore[type-arg]
    ..., pattern=r"^[0-9a-f]{64}$", examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
)
BINARY = {
    "responses": {
        200: {
            "description": "The bytes.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.post(
    "/files",
    response={201: FileOut, (401, 403, 413, 422, 429, 503, 507): Problem},
    openapi_extra=BYTES,
    summary="Send a file ahead",
)
def post_file(
    request: HttpRequest,
    name: Annotated[str, Query(pattern=PLAIN, min_length=1, max_length=255, description="What the file is called.")],
) -> Answer:
    """Keep the bytes under their digest; a report then names them. The same bytes again change nothing."""
    require_scope(request, Permission.REPORT_PROGRESS)
    try:
        row = take_file(actor=caller(request), at=timezone.now(), upload=Upload(name, request.body))
    except FileRefused as error:
        raise Refused(422, error.code, str(error), "file") from error
    return Status(201, {"sha256": row.digest, "name": row.name, "media_type": row.media_type, "size": row.size})


@router.get(
    "/files/{sha256}",
    response={(401, 403, 404, 422, 429, 503): Problem},
    openapi_extra=BINARY,
    summary="A file by its digest",
)
def get_file(request: HttpRequest, sha256: str = SHA256) -> HttpResponse:
    """The bytes of a file that the key sent, or that is evidence of a task it may see."""
    require_scope(request, Permission.VIEW_TASKS)
    found = file_visible(caller(request), sha256)
    if found is None:
        raise NotFound(_("Không có tệp mang mã này trong phạm vi của khóa."))
    name, address = found
    # Whatever it is, a browser shall not run it.
    return FileResponse(  # type: ignore[return-value]
        open_file(address), as_attachment=True, filename=name, content_type="application/octet-stream"
    )
