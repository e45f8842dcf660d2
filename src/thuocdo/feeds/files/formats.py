"""From the bytes of a batch to chunks of columns: NDJSON, gzip and Parquet, each within bounds."""

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow
import pyarrow.parquet
from django.utils.translation import gettext as _
from pydantic_core import from_json

from thuocdo.feeds.declaration import Feed, Treatment

from .cells import Fault, Wrong

CHUNK = 20_000
MOST_ROWS = 1_000_000
# Bytes of a batch when unpacked.
LARGEST_UNPACKED = 400_000_000
LONGEST_LINE = 1_000_000
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"


class Unreadable(Wrong):
    """A batch that cannot be read at all; nothing of it is taken."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows as columns of plain values; `first` is the number of the first row, counted from 1.

    `lines` are the numbers of the rows, `lost` those that could not be read, `extra` columns that nobody declared.
    """

    lines: Sequence[int]
    columns: Mapping[str, Sequence[object]]
    lost: Sequence[Fault] = ()
    extra: frozenset[str] = field(default_factory=frozenset)


def chunks(feed: Feed, content: bytes) -> Iterator[Chunk]:
    """The rows of a batch, some thousand at a time; dropped columns are never looked at.

    Raises Unreadable for what is no NDJSON (plain or gzip) and no Parquet, is cut off, or is too large.
    """
    wanted = [column.name for column in feed.columns if feed.personal.get(column.name) is not Treatment.DROP]
    known = frozenset(column.name for column in feed.columns)
    if content[:4] == PARQUET:
        yield from _parquet(content, wanted, known)
        return
    if content[:2] == GZIP:
        content = _unpacked(content)
    if not content.strip():
        raise Unreadable("no_rows", _("Không có dòng nào; gửi ít nhất một sự kiện."))
    yield from _ndjson(content, wanted, known)


def _unpacked(content: bytes) -> bytes:
    machine = zlib.decompressobj(wbits=31)
    out = bytearray()
    try:
        while content:
            out += machine.decompress(content, LARGEST_UNPACKED + 1 - len(out))
            if len(out) > LARGEST_UNPACKED:
                raise Unreadable("too_large", _("Nội dung giải nén quá lớn; hãy chia thành nhiều lần gửi."))
            # Several members one after the other are one file, as gzip itself sees it.
            content = machine.unconsumed_tail or machine.unused_data
            if machine.eof:
                if not machine.unused_data.strip(b"\0"):
                    return bytes(out)
                machine = zlib.decompressobj(wbits=31)
    except zlib.error as error:
        raise Unreadable("damaged", _("Tệp nén bị hỏng; nén và gửi lại.")) from error
    raise Unreadable("truncated", _("Tệp nén bị cắt cụt; gửi lại toàn bộ."))


def _ndjson(content: bytes, wanted: Sequence[str], known: frozenset[str]) -> Iterator[Chunk]:
    stream = io.BytesIO(content)
    number, counted = 0, 0
    while True:
        lines: list[int] = []
        rows: list[Mapping[str, Any]] = []
        lost: list[Fault] = []
        extra: set[str] = set()
        while len(rows) + len(lost) < CHUNK and (line := stream.readline()):
            number += 1
            if not line.strip():
                continue
            counted += 1
            if counted > MOST_ROWS:
                raise _too_many_rows()
            row = _row(line)
            if isinstance(row, Wrong):
                lost.append(Fault(number, "", row.code, row.message))
                continue
            if not row.keys() <= known:
                extra |= row.keys() - known
            lines.append(number)
            rows.append(row)
        if not lines and not lost:
            return
        yield Chunk(lines, {name: [row.get(name) for row in rows] for name in wanted}, lost, frozenset(extra))


def _row(line: bytes) -> dict[str, Any] | Wrong:
    if len(line) > LONGEST_LINE:
        return Wrong("too_long", _("Dòng quá dài; mỗi sự kiện là một dòng."))
    try:
        row = from_json(line, allow_inf_nan=True)
    except ValueError:
        return Wrong("not_json", _("Dòng này không phải là một đối tượng JSON trọn vẹn."))
    return row if isinstance(row, dict) else Wrong("not_an_object", _("Mỗi dòng phải là một đối tượng có tên trường."))


def _parquet(content: bytes, wanted: Sequence[str], known: frozenset[str]) -> Iterator[Chunk]:
    try:
        file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        meta = file.metadata
        if meta.num_rows > MOST_ROWS:
            raise _too_many_rows()
        if sum(meta.row_group(at).total_byte_size for at in range(meta.num_row_groups)) > LARGEST_UNPACKED:
            raise Unreadable("too_large", _("Nội dung giải nén quá lớn; hãy chia thành nhiều lần gửi."))
        names = file.schema_arrow.names
        extra = frozenset(names) - known
        present = [name for name in wanted if name in names]
        if not present:
            raise Unreadable("no_columns", _("Tệp Parquet không có cột nào của nguồn này; kiểm tra tên cột."))
        number = 0
        for batch in file.iter_batches(batch_size=CHUNK, columns=present, use_threads=False):
            lines = range(number + 1, number + batch.num_rows + 1)
            number += batch.num_rows
            columns = {name: _plain(batch.column(name)) for name in present}
            for name in wanted:
                columns.setdefault(name, [None] * batch.num_rows)
            yield Chunk(lines, columns, (), extra)
        if number == 0:
            raise Unreadable("no_rows", _("Không có dòng nào; gửi ít nhất một sự kiện."))
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("damaged", _("Tệp Parquet bị hỏng hoặc bị cắt cụt; gửi lại toàn bộ.")) from error


def _plain(column: Any) -> list[object]:
    """Python's values of an Arrow column; nanoseconds, which Python does not know, are cut to microseconds."""
    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    return list(column.to_pylist())


def _too_many_rows() -> Unreadable:
    text = _("Quá %(most)d dòng trong một lần gửi; hãy chia thành nhiều lần.") % {"most": MOST_ROWS}
    return Unreadable("too_many_rows", text)
