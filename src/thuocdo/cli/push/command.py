"""The command: options, chunk after chunk, the errors beside the file, the exit status."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import click

from thuocdo.client import Client, Patience, Unauthorised, Unreachable, Unwelcome, pack

from .headway import MOST_ERRORS, Headway
from .tables import FIELDS, Line, TableUnreadable, lines_of, read_table
from .wording import say

# The exit status beside 0 (all recorded) and 2 (the command is written wrongly).
# So many kinds of errors are named, the most frequent first.
MOST_CODES = 10
REFUSED, UNAUTHORISED, UNSENT, UNREADABLE, INTERRUPTED = 1, 3, 4, 5, 130


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", envvar="THUOCDO_URL", required=True, help="Address of the instance; or THUOCDO_URL.")
@click.option("--key", envvar="THUOCDO_KEY", required=True, help="Key of the source system; better THUOCDO_KEY.")
@click.option("--map", "mapped", multiple=True, metavar="FIELD=COLUMN", help="Which column holds a field.")
@click.option("--set", "fixed", multiple=True, metavar="FIELD=TEXT", help="A field that is the same in every row.")
@click.option("--sheet", default="", help="Sheet of a workbook; default: the first.")
@click.option("--decimal-comma", "commas", is_flag=True, help="Texts such as 1.234,5 are numbers: read 1234.5.")
@click.option("--rows-per-call", "size", default=1_000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--check", is_flag=True, help="Have every row checked by the instance; record nothing.")
@click.option("--attempts", default=8, show_default=True, type=click.IntRange(1, 100), help="Calls before giving up.")
@click.option("--language", default="vi", type=click.Choice(["vi", "en"]), show_default=True)
def push(
    file: Path,
    url: str,
    key: str,
    mapped: tuple[str, ...],
    fixed: tuple[str, ...],
    sheet: str,
    commas: bool,
    size: int,
    check: bool,
    attempts: int,
    language: str,
) -> None:
    """Send a table of figures (csv, xlsx, parquet) to an instance.

    Good rows are recorded, refused ones stand in FILE.errors.csv with their line and what to do; mended there, that
    file can be sent. Killed or cut off, the same command goes on where it was: FILE.push.json remembers, and nothing
    is recorded twice.
    """
    try:
        client = Client(
            url,
            key,
            language=language,
            patience=Patience(attempts=attempts),
            tell=lambda why, seconds: click.echo(say(language, "again", why=why, seconds=round(seconds, 1)), err=True),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    try:
        columns, rows = read_table(file, sheet=sheet)
        lines = lines_of(
            columns, rows, mapping=_pairs(mapped, language), fixed=_pairs(fixed, language), decimal_comma=commas
        )
        options = json.dumps([sorted(mapped), sorted(fixed), sheet, size, url, *(["commas"] if commas else [])])
        with closing(Progress(language)) as progress:
            headway = None if check else Headway.of(file, options)
            status = _push(client, file, lines, size, headway, language, progress)
    except TableUnreadable as wrong:
        _leave(UNREADABLE, say(language, wrong.code, **wrong.words))
    except Unauthorised as wrong:
        _leave(UNAUTHORISED, say(language, "unauthorised", why=wrong))
    except Unwelcome as wrong:
        _leave(UNSENT, say(language, "unwelcome", why=wrong))
    except Unreachable as wrong:
        _leave(UNSENT, say(language, "unreachable", why=wrong))
    except KeyboardInterrupt:
        _leave(INTERRUPTED, say(language, "interrupted"))
    sys.exit(status)


def _push(
    client: Client,
    file: Path,
    lines: Iterator[Line],
    size: int,
    headway: Headway | None,
    language: str,
    progress: "Progress",
) -> int:
    """Send chunk after chunk; gives the exit status."""
    if headway is not None and headway.lines:
        click.echo(say(language, "resumed", sent=len(headway.lines)), err=True)
    accepted = rejected = number = 0
    warned, refused = Counter[str](), Counter[str]()
    with Errors(file) as errors:
        while chunk := list(islice(lines, size)):
            answer = _answer(client, chunk, number, headway)
            accepted, rejected = accepted + answer["accepted"], rejected + answer["rejected"]
            warned.update(answer.get("warned") or {})
            refused.update(answer.get("counts") or {})
            errors.write(answer, chunk)
            number += 1
            progress.tell(accepted + rejected)
    if number == 0:
        raise TableUnreadable("empty")
    for code, count in warned.items():
        click.echo(say(language, "warned", count=count, code=code), err=True)
    progress.close()
    click.echo(say(language, "done" if headway is not None else "checked", accepted=accepted, rejected=rejected))
    if not rejected:
        return 0
    for code, count in refused.most_common(MOST_CODES):
        click.echo(say(language, "refused", count=f"{count:,}", code=code))
    if refused.get("decimal_comma"):
        click.echo(say(language, "commas"), err=True)
    click.echo(say(language, "errors", file=errors.place))
    if (left := refused.total() - errors.written) > 0:
        click.echo(say(language, "more", left=f"{left:,}", written=f"{errors.written:,}"))
    return REFUSED


def _answer(client: Client, chunk: list[Line], number: int, headway: Headway | None) -> dict[str, Any]:
    """The answer to a chunk: the one that is remembered, else the server's."""
    rows = [row for _line, row in chunk]
    if headway is None:
        return client.check(rows)
    before = headway.answer(number)
    if before is not None:
        return before
    return headway.keep(number, client.send_packed(pack(rows), on_error="keep_good"))


class Errors:
    """FILE.errors.csv: each refused row with its line in the file, whole, so that it can be mended there and sent.

    Not there when nothing was refused. Of a million refused rows the first stand in it; the rest is counted by code.
    """

    def __init__(self, file: Path) -> None:
        self.place = file.with_name(f"{file.name}.errors.csv")
        self.written = 0
        self._file: Any = None
        self._writer: Any = None

    def __enter__(self) -> "Errors":
        self.place.unlink(missing_ok=True)
        return self

    def __exit__(self, *_problem: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, answer: dict[str, Any], chunk: list[Line]) -> None:
        """Write the errors of one chunk."""
        for error in answer["errors"]:
            if self.written >= MOST_ERRORS:
                return
            if self._writer is None:
                # The mark lets Excel read Vietnamese letters.
                self._file = self.place.open("w", encoding="utf-8-sig", newline="")
                self._writer = csv.writer(self._file)
                self._writer.writerow(["line", "field", "code", "message", *FIELDS])
            self.written += 1
            line, row = chunk[error["row"] - 1] if error["row"] else ("", {})
            told = [row.get(name, "") for name in FIELDS]
            cells = [line, error["field"], error["code"], error["message"], *told]
            self._writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell[:1] else cell


class Progress:
    """How many rows are through: one line that is rewritten on a screen, one line now and then in a log."""

    def __init__(self, language: str) -> None:
        self._language, self._last, self._is_open = language, 0, False
        self._is_screen = sys.stderr.isatty()

    def tell(self, rows: int) -> None:
        """Say how many rows are through."""
        words = say(self._language, "going", rows=f"{rows:,}")
        if self._is_screen:
            click.echo(f"\r{words} …", nl=False, err=True)
            self._is_open = True
        elif rows - self._last >= 50_000:
            click.echo(words, err=True)
            self._last = rows

    def close(self) -> None:
        """End the line that is rewritten."""
        if self._is_open:
            click.echo("", err=True)
            self._is_open = False


def _pairs(given: tuple[str, ...], language: str) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign or not name.strip() or not text.strip():
            raise click.UsageError(say(language, "pair", given=one))
        pairs[name.strip()] = text.strip()
    return pairs


def _leave(status: int, words: str) -> None:
    click.echo(words, err=True)
    sys.exit(status)
