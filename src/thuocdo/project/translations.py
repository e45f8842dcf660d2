"""Collects every sentence of the interface and keeps the English catalogue complete.

`python -m thuocdo.project.translations` adds new sentences to the catalogue (to be translated by a person) and
drops those no longer used; with `--check` it changes nothing and fails while any sentence has no English.
Vietnamese is the source language, so there is no Vietnamese catalogue.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, Any] = dict(DEFAULT_KEYWORDS) | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _template_source(path: Path) -> bytes:
    """A template as the calls of gettext in it; indentation is dropped, for Python would stumble over it."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in calls.splitlines()).encode()


def _sources() -> Iterator[tuple[Path, bytes]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, path.read_bytes()
    for pattern in ("*.html", "*.txt"):
        for path in sorted((PACKAGE / "web").rglob(pattern)):
            yield path, _template_source(path)


def collect() -> Catalog:
    """All sentences in code and templates, without line numbers, which would change at every edit."""
    # Fixed dates: the file changes only when a sentence does.
    written = datetime(2026, 1, 1, tzinfo=UTC)
    found = Catalog(
        locale="en",
        project="thuocdo",
        fuzzy=False,
        header_comment="# The interface in English; the Vietnamese sentence is the key.",
        creation_date=written,
        revision_date=written,
        last_translator="Thước Đo",
        language_team="Thước Đo",
    )
    for path, source in _sources():
        for _line, function, arguments, _comments in extract_python(BytesIO(source), KEYWORDS, [], {}):
            place = (path.relative_to(PACKAGE).as_posix(), None)
            texts = arguments if isinstance(arguments, tuple) else (arguments,)
            context = texts[0] if "pgettext" in str(function) else None
            words = texts[1:] if context is not None else texts
            plural = "n" in str(function).removeprefix("u").partition("gettext")[0]
            if not words or not isinstance(words[0], str) or not words[0]:
                continue
            message = tuple(words[:2]) if plural else words[0]
            found.add(message, locations=[place], context=context)
    return found


def stored() -> Catalog:
    """The English catalogue as it is in the tree."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def untranslated(wanted: Catalog, catalogue: Catalog) -> list[str]:
    """Sentences that the catalogue lacks or holds without English (both forms for plurals)."""
    missing = []
    for message in wanted:
        if not message.id:
            continue
        identifier = message.id if isinstance(message.id, str) else message.id[0]
        known = catalogue.get(identifier, message.context)
        strings = () if known is None else known.string if isinstance(known.string, tuple) else (known.string,)
        forms = 2 if not isinstance(message.id, str) else 1
        if known is None or known.fuzzy or len(strings) < forms or not all(strings):
            missing.append(f"{message.locations[0][0]}: {identifier}")
    return missing


def update() -> int:
    """Bring the catalogue up to date with the sources; gives the number of sentences without English."""
    wanted, catalogue = collect(), stored()
    for message in wanted:
        if not message.id:
            continue
        identifier = message.id if isinstance(message.id, str) else message.id[0]
        known = catalogue.get(identifier, message.context)
        # A text for one form says nothing about the other: a sentence that began to count is translated anew.
        if known is not None and isinstance(known.string, tuple) == isinstance(message.id, tuple):
            message.string = known.string
    with CATALOGUE.open("wb") as file:
        write_po(file, wanted, width=110, sort_output=True, omit_header=False, include_lineno=False)
    return len(untranslated(wanted, wanted))


def main() -> int:
    """The command; its exit status is 1 while a sentence has no English or the catalogue holds an unused one."""
    if "--check" not in sys.argv[1:]:
        left = update()
        sys.stdout.write(f"{left} sentences wait for an English text in {CATALOGUE.name}.\n")
        return 0
    wanted, catalogue = collect(), stored()
    missing = untranslated(wanted, catalogue)
    ids = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in wanted}
    unused = [m.id for m in catalogue if m.id and (m.id if isinstance(m.id, str) else m.id[0], m.context) not in ids]
    for line in missing:
        sys.stderr.write(f"no English: {line}\n")
    for identifier in unused:
        sys.stderr.write(f"no longer used: {identifier} (run `make messages`)\n")
    return 1 if missing or unused else 0


if __name__ == "__main__":
    sys.exit(main())
