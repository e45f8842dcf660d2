"""Files that people attach as evidence: whether they are let in, and the names under which they are kept.

Bytes to plain objects; decides nothing about tasks.
"""

from dataclasses import dataclass
from pathlib import PurePosixPath

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext

from thuocdo.engine.spelling import nfc

from .contents import FileRefused, kind_of

_OTHER_ENDINGS = {".jpg": {".jpeg"}}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives: what the person calls it, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was let in, with a name that is safe to show and the type that its content says."""

    name: str
    media_type: str
    data: bytes


def check_upload(upload: Upload, *, max_bytes: int) -> CheckedFile:
    """The upload with its true media type; raises FileRefused for what is empty, too large or not allowed."""
    name = _plain_name(upload.name)
    if not upload.data:
        raise FileRefused("empty", name, gettext("Tệp “%(name)s” không có nội dung; chọn lại tệp."))
    if len(upload.data) > max_bytes:
        raise FileRefused(
            "too_large",
            name,
            gettext("Tệp “%(name)s” quá lớn; giảm dung lượng hoặc chia nhỏ để mỗi tệp không quá %(most)s MB."),
            most=max_bytes // 1_000_000,
        )
    media_type, ending = kind_of(upload.data, name)
    given = PurePosixPath(name).suffix.lower()
    if given != ending and given not in _OTHER_ENDINGS.get(ending, set()):
        # The content decides; whoever downloads the file gets the ending that fits it.
        name = f"{name[: 255 - len(ending)]}{ending}"
    return CheckedFile(name, media_type, upload.data)


def _plain_name(name: str) -> str:
    last = PurePosixPath(nfc(name).replace("\\", "/")).name
    return "".join(letter for letter in last if letter.isprintable()).strip(". ")[-255:] or "tep"


def open_file(address: str) -> File[bytes]:
    """The kept bytes of a piece of evidence, opened for reading."""
    return default_storage.open(address, "rb")
