"""From the bytes of a batch to chunks of columns: NDJSON, gzip and Parquet, each within bounds."""

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow
import pyarrow.compute
import pyarrow.parquet
from django.utils.translation import gettext as _
from pydantic_core import from_json

from thuocdo.feeds.declaration import Feed, Treatment

from .cells import LONGEST_TEXT, Fault, Wrong

CHUNK = 20_000
MOST_ROWS = 1_000_000
# Bytes of a batch when unpacked.
LARGEST_UNPACKED = 400_000_000
LONGEST_LINE = 1_000_000
GZIP, PARQUET = b"\x1f\x8b", b"PAR1"


# What Arrow raises for times outside of Python's calendar, unknown zones and texts that are no UTF-8.
_UNKNOWN = (pyarrow.ArrowException, ValueError, OverflowError)


class _Nothing:
    """Stands for a value that no column can take, so that its row is told and the others are kept."""

    def __str__(self) -> str:
        return "?"


UNREADABLE = _Nothing()


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
        schema = file.schema_arrow
        extra = frozenset(schema.names) - known
        present = [name for name in wanted if name in schema.names]
        if not present:
            raise Unreadable("no_columns", _("Tệp Parquet không có cột nào của nguồn này; kiểm tra tên cột."))
        for name in present:
            if schema.names.count(name) > 1:
                text = _("Tệp Parquet có hai cột cùng tên “%(name)s”; chỉ để lại một cột.") % {"name": name}
                raise Unreadable("repeated_column", text)
        readable = [name for name in present if not _is_unfit(schema.field(name).type)]
        # Texts stay in their dictionaries until it is known how long they are: a file of 50 kB can hold 20 GB of them.
        file = pyarrow.parquet.ParquetFile(
            io.BytesIO(content), read_dictionary=[name for name in readable if _is_text(schema.field(name).type)]
        )
        number = 0
        for batch in file.iter_batches(batch_size=CHUNK, columns=readable, use_threads=False):
            lines = range(number + 1, number + batch.num_rows + 1)
            number += batch.num_rows
            columns = {name: _plain(batch.column(name)) for name in readable}
            for name in present:
                columns.setdefault(name, [UNREADABLE] * batch.num_rows)
            for name in wanted:
                columns.setdefault(name, [None] * batch.num_rows)
            yield Chunk(lines, columns, (), extra)
        if number == 0:
            raise Unreadable("no_rows", _("Không có dòng nào; gửi ít nhất một sự kiện."))
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("damaged", _("Tệp Parquet bị hỏng hoặc bị cắt cụt; gửi lại toàn bộ.")) from error


def _is_text(kind: pyarrow.DataType) -> bool:
    return bool(pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind))


def _is_unfit(kind: pyarrow.DataType) -> bool:
    """Whether no column of a feed can hold such values: lists, structures and bytes, which may be of any size."""
    types = pyarrow.types
    return bool(
        types.is_nested(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
        or (types.is_dictionary(kind) and _is_unfit(kind.value_type))
    )


def _plain(column: Any) -> list[object]:
    """Python's values of an Arrow column, UNREADABLE where Python knows none.

    Nanoseconds, which Python does not know, are cut to microseconds.
    """
    if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
        column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    if pyarrow.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        column = _shortened(column)
    try:
        return list(column.to_pylist())
    except _UNKNOWN:
        return [_cell(cell) for cell in column]


def _shortened(column: Any) -> Any:
    """The texts of a dictionary; those far too long are replaced by one that is too long, too."""
    texts = column.dictionary
    is_long = pyarrow.compute.greater(pyarrow.compute.binary_length(texts), 8 * LONGEST_TEXT)
    texts = pyarrow.compute.if_else(is_long, pyarrow.scalar("x" * (LONGEST_TEXT + 1), texts.type), texts)
    return pyarrow.DictionaryArray.from_arrays(column.indices, texts).dictionary_decode()


def _cell(cell: Any) -> object:
    try:
        return cell.as_py()
    except _UNKNOWN:
        return UNREADABLE


def _too_many_rows() -> Unreadable:
    text = _("Quá %(most)d dòng trong một lần gửi; hãy chia thành nhiều lần.") % {"most": MOST_ROWS}
    return Unreadable("too_many_rows", text)
