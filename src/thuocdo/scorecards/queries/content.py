"""What a run keeps of its inputs: one block of bytes that its digest seals, kept whole or as what differs from another.

The sealed bytes are a line that names the form, a line of canonical JSON (units, indicators, peer group, names of the
provenances) and then, little-endian and row by row, values and confidence (float64), not applicable and in grace
(one byte each), and the number of the provenance (int8, −1 for none); where the error of any value is known, also the
standard errors (float64, nan for none), under a mark of their own. Which measurement stands behind a cell, and whether
it was carried over, is kept beside them and not sealed: numbers of rows differ from database to database.
Runs of earlier versions kept canonical JSON, which is still read.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.scoring import Matrix, Outcome
from thuocdo.indicators.queries import BY_STRENGTH, Provenance
from thuocdo.scorecards.models import Run, Snapshot

from .inputs import Inputs

# The order in which kept inputs number the provenances; -1 stands for no value.
PROVENANCES: Final[tuple[str, ...]] = (*BY_STRENGTH, Provenance.DERIVED.value)
DERIVED: Final = PROVENANCES.index(Provenance.DERIVED.value)

MARK: Final = b"thuocdo inputs 2\n"
MARK_WITH_ERRORS: Final = b"thuocdo inputs 3\n"
OUTPUTS_MARK: Final = b"thuocdo outputs 2\n"
# Field of Content and its written form; these are sealed by the digest, the errors where there are any.
SEALED: Final = (
    ("values", "<f8"),
    ("confidence", "<f8"),
    ("not_applicable", "|u1"),
    ("in_grace", "|u1"),
    ("provenance", "|i1"),
)
ERRORS: Final = (("error", "<f8"),)
BESIDE: Final = (("measurement", "<i8"), ("carried", "|u1"))
# Speed counts while values pour in; the higher levels save a tenth and take three times as long.
LEVEL: Final = 1


@dataclass(frozen=True, eq=False, slots=True)
class Content:
    """The inputs of a run as arrays of units × indicators; nan where there is no value.

    `measurement` is the row behind a cell (0 for none), `carried` marks values of an earlier period; runs of the
    earliest versions know neither. `provenance` numbers PROVENANCES; None where a run did not keep it.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    peer_group: str
    values: NDArray[np.float64]
    confidence: NDArray[np.float64]
    not_applicable: NDArray[np.bool_]
    in_grace: NDArray[np.bool_]
    provenance: NDArray[np.int8] | None
    measurement: NDArray[np.int64]
    carried: NDArray[np.bool_]
    # Standard errors in the unit of each indicator, nan where none is known; None where none is known of any value.
    error: NDArray[np.float64] | None = None
    # The bytes of an earlier form, as they were sealed.
    earlier: bytes | None = None

    @property
    def matrix(self) -> Matrix:
        """What the engine scores."""
        return Matrix(
            units=self.units,
            indicators=self.indicators,
            values=self.values,
            not_applicable=self.not_applicable,
            confidence=self.confidence,
            in_grace=self.in_grace,
            columns={"peer_group": np.full(len(self.units), self.peer_group)},
        )

    @property
    def vouched(self) -> NDArray[np.str_] | None:
        """Who vouches for each value, empty for none; None where the run did not keep it."""
        # A number of -1 picks the last name.
        return None if self.provenance is None else np.asarray(np.array([*PROVENANCES, ""])[self.provenance])

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return int(self.values.size)

    @property
    def nbytes(self) -> int:
        """How many bytes the arrays take."""
        forms = (*SEALED, *ERRORS, *BESIDE)
        return sum(getattr(self, name).nbytes for name, _ in forms if getattr(self, name) is not None)


def content_of_inputs(inputs: Inputs) -> Content:
    """The gathered inputs in the form that is kept."""
    given, cells = inputs.matrix, inputs.cells
    assert given.not_applicable is not None  # noqa: S101
    assert given.confidence is not None  # noqa: S101
    # Who vouches for a value decides how far it is moved when the run is simulated.
    vouched = np.where(cells.strength < 0, -1, np.where(cells.derived, DERIVED, cells.strength))
    return Content(
        units=given.units,
        indicators=given.indicators,
        peer_group=str(given.columns["peer_group"][0]) if given.units else "",
        values=np.where(np.isnan(given.values), np.nan, given.values),
        confidence=given.confidence,
        not_applicable=given.not_applicable,
        in_grace=inputs.in_grace,
        provenance=vouched.astype(np.int8),
        measurement=cells.measurement,
        carried=cells.carried,
        error=None if np.isnan(cells.error).all() else cells.error,
    )


def sealed(content: Content) -> bytes:
    """The bytes that the digest of the inputs covers."""
    if content.earlier is not None:
        return content.earlier
    forms = _sealed_forms(has_errors=content.error is not None)
    return _heading(content) + b"".join(_written(content, name, form) for name, form in forms)


def inputs_digest(content: Content) -> str:
    """SHA-256 over the sealed bytes, which are never put together: a nation has 13 MB of them."""
    if content.earlier is not None:
        return hashlib.sha256(content.earlier).hexdigest()
    found = hashlib.sha256(_heading(content))
    for name, form in _sealed_forms(has_errors=content.error is not None):
        found.update(_array(content, name, form).ravel().data)
    return found.hexdigest()


def outputs_digest(outcome: Outcome, *, earlier: bool = False) -> str:
    """SHA-256 over every unit's scores at full precision, rounded index, rank and class, in order of units.

    `earlier` gives the digest that runs with inputs in the earlier form bear.
    """
    top = outcome.spec.top
    rounded, ranks = outcome.rounded_of(top), outcome.ranks_of(top)
    if earlier:
        plain = [
            [unit, [repr(score) for score in scores], repr(points), repr(rank), score_class]
            for unit, scores, points, rank, score_class in zip(
                outcome.units, outcome.scores.tolist(), rounded.tolist(), ranks.tolist(), outcome.classes, strict=True
            )
        ]
        return hashlib.sha256(json.dumps(plain, separators=(",", ":")).encode()).hexdigest()
    found = hashlib.sha256(OUTPUTS_MARK)
    names = {"classes": list(outcome.classes), "columns": list(outcome.columns), "units": list(outcome.units)}
    found.update(_line(names))
    for numbers in (outcome.scores, rounded, ranks):
        # One way to write that there is no number.
        found.update(np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes())
    return found.hexdigest()


def packed(content: Content) -> bytes:
    """All of the content, compressed: what `content_of` reads from a run or a snapshot."""
    return zlib.compress(sealed(content) + b"".join(_written(content, name, form) for name, form in BESIDE), LEVEL)


def packed_beside(content: Content, base: Content) -> tuple[bytes, int] | None:
    """What differs from the base, compressed, and in how many cells; None where it is of other bodies or columns,
    or where only one of them has errors."""
    if _names(content) != _names(base) or (content.error is None) != (base.error is None):
        return None
    forms = (*_sealed_forms(has_errors=content.error is not None), *BESIDE)
    changed = np.zeros(content.values.shape, dtype=np.bool_)
    for name, form in forms:
        # Compared as they are written, for nan is no number that equals itself.
        plain = "<i8" if form == "<f8" else form
        changed |= _array(content, name, form).view(plain) != _array(base, name, form).view(plain)
    places = np.flatnonzero(changed).astype("<u4")
    parts = [_array(content, name, form).ravel()[places].tobytes() for name, form in forms]
    return zlib.compress(places.tobytes() + b"".join(parts), LEVEL), len(places)


def read_content(raw: bytes) -> Content:
    """What `packed` packed, or the JSON of an earlier version, both after decompression."""
    has_errors = raw.startswith(MARK_WITH_ERRORS)
    if not has_errors and not raw.startswith(MARK):
        return _read_earlier(raw)
    # Both marks are of one length.
    end = raw.index(b"\n", len(MARK)) + 1
    names = json.loads(raw[len(MARK) : end])
    shape = (len(names["units"]), len(names["indicators"]))
    arrays = _arrays(memoryview(raw)[end:], shape, has_errors=has_errors)
    return Content(
        units=tuple(names["units"]), indicators=tuple(names["indicators"]), peer_group=names["peer_group"], **arrays
    )


def content_of(run: Run, *, base: Content | None = None) -> Content:
    """The inputs that a run was computed from; at most two queries.

    `base`, the content of its snapshot where that is at hand, is changed and given back.
    """
    raw = zlib.decompress(bytes(run.inputs))
    if run.base_id is None:
        return read_content(raw)
    if base is None:
        (stored,) = Snapshot.objects.filter(pk=run.base_id).values_list("content", flat=True)
        base = read_content(zlib.decompress(bytes(stored)))
    # Each changed cell takes four bytes for its place, and those of its arrays.
    forms = (*_sealed_forms(has_errors=base.error is not None), *BESIDE)
    size = 4 + sum(np.dtype(form).itemsize for _, form in forms)
    count = len(raw) // size
    places = np.frombuffer(raw, "<u4", count)
    arrays = _arrays(memoryview(raw)[4 * count :], (count,), has_errors=base.error is not None)
    for name, _ in forms:
        getattr(base, name).ravel()[places] = arrays[name]
    return base


def _sealed_forms(*, has_errors: bool) -> tuple[tuple[str, str], ...]:
    """What is sealed. Runs without any known error are sealed as before there were errors: their digests stay."""
    return (*SEALED, *ERRORS) if has_errors else SEALED


def _heading(content: Content) -> bytes:
    return (MARK if content.error is None else MARK_WITH_ERRORS) + _line(_names(content))


def _names(content: Content) -> dict[str, Any]:
    return {
        "indicators": list(content.indicators),
        "peer_group": content.peer_group,
        "provenances": list(PROVENANCES),
        "units": list(content.units),
    }


def _line(names: dict[str, Any]) -> bytes:
    return json.dumps(names, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _array(content: Content, name: str, form: str) -> NDArray[Any]:
    """An array as it is written; flags are bytes already."""
    given = getattr(content, name)
    return np.ascontiguousarray(given).view(form) if given.dtype == np.bool_ else np.ascontiguousarray(given, form)


def _written(content: Content, name: str, form: str) -> bytes:
    return _array(content, name, form).tobytes()


def _arrays(raw: memoryview, shape: tuple[int, ...], *, has_errors: bool) -> dict[str, Any]:
    """The arrays that stand one behind the other, each with memory of its own."""
    count, at = int(np.prod(shape)), 0
    found: dict[str, Any] = {}
    for name, form in (*_sealed_forms(has_errors=has_errors), *BESIDE):
        kind = np.dtype(form)
        read = np.frombuffer(raw, kind, count, at).reshape(shape)
        found[name] = read.astype(np.bool_) if kind == np.uint8 else read.astype(kind.newbyteorder("="))
        at += count * kind.itemsize
    return found


def _read_earlier(raw: bytes) -> Content:
    plain: dict[str, Any] = json.loads(raw)
    shape = (len(plain["units"]), len(plain["indicators"]))

    def numbers(name: str) -> NDArray[np.float64]:
        rows = [[np.nan if value is None else float(value) for value in row] for row in plain[name]]
        return np.array(rows, dtype=np.float64).reshape(shape)

    provenance = None
    if "provenance" in plain:
        # Numbers of the names that stand in the same file, which may be others than today's.
        to_now = np.array([*(PROVENANCES.index(name) for name in plain["provenances"]), -1], dtype=np.int8)
        provenance = to_now[np.array(plain["provenance"], dtype=np.int64).reshape(shape)]
    return Content(
        units=tuple(plain["units"]),
        indicators=tuple(plain["indicators"]),
        peer_group=plain["peer_group"],
        values=numbers("values"),
        confidence=numbers("confidence"),
        not_applicable=numbers("not_applicable").astype(np.bool_),
        in_grace=numbers("in_grace").astype(np.bool_),
        provenance=provenance,
        measurement=np.zeros(shape, dtype=np.int64),
        carried=np.zeros(shape, dtype=np.bool_),
        earlier=raw,
    )
