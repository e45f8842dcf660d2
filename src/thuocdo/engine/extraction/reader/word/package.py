"""The archive of a Word document: its parts, and what makes it an attack."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Self

from lxml import etree

from thuocdo.engine.extraction.reader.source import UnreadableDocument

_MOST_UNPACKED = 120_000_000
_MOST_ENTRIES = 5_000
_MOST_RATIO = 250
_SMALL = 2_000_000
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_USUAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = "{" + _USUAL.decode() + "}"
# What the library raises for damaged, locked or unusual archives.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Package:
    """The parts of a Word document, found by their relations as the format demands."""

    def __init__(self, data: bytes) -> None:
        """Inspect the archive; raises ``UnreadableDocument`` when it is broken or dangerous."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._names = set(self._archive.namelist())
            _inspect(self._archive)
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            ValueError,
            OSError,
            EOFError,
        ) as error:
            if isinstance(error, UnreadableDocument):
                raise
            raise UnreadableDocument("broken_docx") from error
        self.has_macros = any(name.lower().endswith("vbaproject.bin") for name in self._names)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def main_part(self) -> str:
        """The name of the part with the text; usually word/document.xml."""
        for kind, target in self._relations("_rels/.rels", ""):
            if kind == "officeDocument" and target in self._names:
                return target
        if "word/document.xml" in self._names:
            return "word/document.xml"
        raise UnreadableDocument("broken_docx")

    def related(self, part: str, kind: str) -> Any | None:
        """The root of the part to which another points by a relation (numbering, styles, footnotes), or None."""
        return next(self.all_related(part, kind), None)

    def all_related(self, part: str, kind: str) -> Iterator[Any]:
        """The roots of all parts to which another points by a relation."""
        folder, name = posixpath.split(part)
        for found, target in self._relations(f"{folder}/_rels/{name}.rels", folder):
            if found == kind and target in self._names:
                yield etree.fromstring(self.content(target), _parser())

    def content(self, part: str) -> bytes:
        """The bytes of a part; those of the strict variant of the format come in the usual names."""
        try:
            return self._archive.read(part).replace(_STRICT, _USUAL)
        except _BROKEN as error:
            raise UnreadableDocument("broken_docx", {"part": part}) from error

    def _relations(self, part: str, folder: str) -> list[tuple[str, str]]:
        if part not in self._names:
            return []
        found = []
        for relation in etree.fromstring(self.content(part), _parser()).iter(_RELATION):
            target = relation.get("Target") or ""
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found.append(((relation.get("Type") or "").rpartition("/")[2], path))
        return found


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def _inspect(archive: zipfile.ZipFile) -> None:
    """Refuse archives whose unpacked size, entry count or XML declarations are those of an attack."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED:
        raise UnreadableDocument("too_large", {"bytes": unpacked, "limit": _MOST_UNPACKED})
    for entry in entries:
        if entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * max(entry.compress_size, 1):
            raise UnreadableDocument("too_large", {"bytes": entry.file_size, "limit": _SMALL})
        if entry.filename.endswith((".xml", ".rels")):
            _refuse_entities(archive, entry)


def _refuse_entities(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read at most the announced size, and refuse a document type declaration, which Word never writes."""
    with archive.open(entry) as part:
        start = part.read(min(entry.file_size, 65_536) + 1)
    plain = start.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise UnreadableDocument("broken_docx", {"part": entry.filename})
