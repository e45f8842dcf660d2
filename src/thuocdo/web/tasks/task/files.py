"""Evidence files in a form: several at once, read only when their size allows it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext

from thuocdo.tasks.files import ALLOWED
from thuocdo.tasks.operations import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping

MEGABYTE = 1_000_000
# More than an operation takes, so that it is the operation that says so.
_MOST_READ = 21


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several files."""

    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True

    def __init__(self) -> None:
        endings = ",".join(f".{ending}" for ending in [*ALLOWED.split(", "), "jpeg"])
        super().__init__({"multiple": True, "accept": endings})


class FilesField(forms.FileField):
    """Any number of files as `Upload`s; their content is judged by the operation."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Upload]:
        """The files with their bytes; raises ValidationError for one that is too large to be read."""
        given: list[UploadedFile[bytes]] = [file for file in data or [] if isinstance(file, UploadedFile)]
        uploads = []
        for file in given[:_MOST_READ]:
            if (file.size or 0) > settings.MAX_UPLOAD:
                words = {"name": file.name, "most": settings.MAX_UPLOAD // MEGABYTE}
                raise ValidationError(
                    gettext("Tệp “%(name)s” lớn hơn %(most)s MB; giảm dung lượng hoặc chia nhỏ rồi chọn lại.") % words,
                    code="too_large",
                )
            uploads.append(Upload(file.name or "", file.read()))
        return uploads


def limits() -> "Mapping[str, str]":
    """Words about what is taken, for the hint."""
    return {"allowed": ALLOWED, "most": str(settings.MAX_UPLOAD // MEGABYTE)}
