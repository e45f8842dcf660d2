"""Pictures and texts of evidence, made once and kept under the digest of the file that they show.

What is kept here can be made again at any time, so it is no part of a backup; what was erased is forgotten here too.
"""

import json
from dataclasses import asdict
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages

from thuocdo.tasks.previewing import (
    DOCX,
    MOST_PAGES,
    PDF,
    PICTURES,
    TEXTS,
    XLSX,
    NotShown,
    Words,
    page_count,
    page_picture,
    words_of,
)

# The widths in which pages are drawn: to read, and to read closely.
WIDTHS = (1_000, 2_000)


def is_drawn(media_type: str) -> bool:
    """Whether a file is shown as pictures: a PDF or a photograph."""
    return media_type == PDF or media_type in PICTURES


def is_told(media_type: str) -> bool:
    """Whether a file is shown as text: a Word document, a spreadsheet, a plain text."""
    return media_type in (DOCX, XLSX) or media_type in TEXTS


def number_of_pages(address: str, digest: str, media_type: str) -> int:
    """How many pages can be looked at, at most 300; one for a photograph. Raises NotShown."""
    if media_type in PICTURES:
        return 1
    told = _kept(digest, "pages", lambda: {"pages": page_count(_bytes(address))})
    return min(int(told["pages"]), MOST_PAGES)


def picture(address: str, digest: str, media_type: str, page: int, width: int) -> bytes:
    """Page `page` (from 1) as JPEG in one of the widths; raises NotShown."""
    name = f"{_folder(digest)}/{page}-{width}.jpg"
    store = storages["previews"]
    if store.exists(name):
        with store.open(name) as file:
            return bytes(file.read())
    _raise_if_refused(digest, f"{page}-{width}")
    try:
        made = page_picture(_bytes(address), media_type, page, width)
    except NotShown as error:
        _remember_refusal(digest, f"{page}-{width}", error)
        raise
    store.save(name, ContentFile(made))
    return made


def words(address: str, digest: str, media_type: str) -> Words:
    """The text of a file; raises NotShown."""
    told = _kept(digest, "words", lambda: asdict(words_of(_bytes(address), media_type)))
    return Words(tuple(told["paragraphs"]), tuple(tuple(row) for row in told["rows"]), told["is_cut"])


def forget(digest: str) -> None:
    """Remove everything that was made of a file."""
    store = storages["previews"]
    if store.exists(_folder(digest)):
        for name in store.listdir(_folder(digest))[1]:
            store.delete(f"{_folder(digest)}/{name}")
        store.delete(_folder(digest))


def _folder(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _bytes(address: str) -> bytes:
    with default_storage.open(address, "rb") as file:
        return bytes(file.read())


def _kept(digest: str, what: str, make: Any) -> dict[str, Any]:
    name = f"{_folder(digest)}/{what}.json"
    store = storages["previews"]
    if store.exists(name):
        with store.open(name) as file:
            told: dict[str, Any] = json.loads(file.read())
        if "code" in told:
            raise NotShown(told["code"])
        return told
    try:
        made: dict[str, Any] = make()
    except NotShown as error:
        _remember_refusal(digest, what, error)
        raise
    store.save(name, ContentFile(json.dumps(made).encode()))
    return made


def _remember_refusal(digest: str, what: str, error: NotShown) -> None:
    """A file that nobody can look into is not tried again and again; a busy server is no fault of the file."""
    if error.code != "busy":
        storages["previews"].save(
            f"{_folder(digest)}/{what}.json", ContentFile(json.dumps({"code": error.code}).encode())
        )


def _raise_if_refused(digest: str, what: str) -> None:
    name = f"{_folder(digest)}/{what}.json"
    if storages["previews"].exists(name):
        with storages["previews"].open(name) as file:
            raise NotShown(json.loads(file.read())["code"])
