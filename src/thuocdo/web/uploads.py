"""Uploads on their way: one that was cut off leaves nothing, and a script that shows progress learns where to go."""

from collections.abc import Callable
from functools import wraps
from io import SEEK_END
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError

WANTED, TOLD = "X-Wants-Address", "X-Address"


class WholeUploads(FileUploadHandler):
    """Refuses a body that does not end with its closing boundary: the last file in it would be kept cut off.

    Django takes the end of a body for the end of the file in it. The first of the handlers; it keeps nothing.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django's name)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Look at the last bytes; a body that cannot be wound back is left to the server, which counts its bytes."""
        body = getattr(input_data, "_stream", input_data)
        if not (hasattr(body, "seekable") and body.seekable()):
            return
        here = body.tell()
        length = body.seek(0, SEEK_END)
        body.seek(max(0, length - len(boundary) - 64))
        end = body.read()
        body.seek(here)
        if b"--" + boundary + b"--" not in end:
            raise MultiPartParserError("The upload was cut off.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Hand everything on to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def with_progress(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose redirect a script is told of instead of following it, so that nothing said gets lost."""

    @wraps(view)
    def answered(request: HttpRequest, *given: Any, **named: Any) -> HttpResponseBase:
        response = view(request, *given, **named)
        if WANTED in request.headers and response.status_code == 302:
            return HttpResponse(status=204, headers={TOLD: response.headers["Location"]})
        return response

    return answered
