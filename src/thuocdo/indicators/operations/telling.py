"""What is told of a batch: how many rows were kept, what is wrong with the others, the entry that seals it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .cells import Wrong

# What an answer holds of many errors and warnings; their numbers by code are whole.
MOST_TOLD = 1_000
# No body has a longer code.
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row, counted from 1; row 0 is the batch itself. The message names the remedy."""

    row: int
    field: str
    code: str
    message: str

    def as_plain(self) -> dict[str, Any]:
        """The error as it stands in an answer."""
        return {"row": self.row, "field": self.field, "code": self.code, "message": self.message}


class Told:
    """What is told of wrong rows: the first of them in full, all of them by code and by the body they name."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.errors: list[RowError] = []
        self.codes: Counter[str] = Counter()
        self.bodies: Counter[str] = Counter()
        self.warnings: list[RowError] = []
        self.warned: Counter[str] = Counter()

    def add(self, error: RowError, row: object = None) -> None:
        """Count an error, keep it if there is room, and remember the body, unless it is not the actor's."""
        self.codes[error.code] += 1
        if self.most is None or len(self.errors) < self.most:
            self.errors.append(error)
        if error.code in ("out_of_scope", "unknown_body") or not isinstance(row, Mapping):
            return
        # Codes are asked of the database afterwards, which does not take every character.
        if isinstance(code := row.get("body"), str) and code.isprintable() and len(code) <= LONGEST_CODE:
            self.bodies[code] += 1

    def warn(self, number: int, wrong: Wrong) -> None:
        """Count what is taken but looks odd."""
        self.warned[wrong.code] += 1
        if len(self.warnings) < MOST_TOLD:
            self.warnings.append(RowError(number, wrong.field, wrong.code, wrong.message))

    def sort(self) -> None:
        """Put the errors into the order of the rows."""
        self.errors.sort(key=lambda error: error.row)

    def __bool__(self) -> bool:
        return bool(self.codes)


@dataclass(frozen=True, slots=True)
class RecordingResult:
    """The answer to a batch: counts, errors as data, the number of the ledger entry when rows were stored.

    Of very many errors and warnings only the first stand in the answer; `counts` and `warned` count all by code.
    """

    accepted: int
    rejected: int
    errors: tuple[dict[str, Any], ...]
    ledger: int | None
    counts: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[dict[str, Any], ...] = ()
    warned: Mapping[str, int] = field(default_factory=dict)
    batch: int | None = None
    is_repeated: bool = False

    @property
    def status(self) -> int:
        """As an HTTP status: 201 when anything was stored, 422 when all was refused."""
        return 201 if self.accepted else 422

    def as_plain(self) -> dict[str, Any]:
        """The answer as the contract of the interface writes it."""
        return {
            "accepted": self.accepted,
            "rejected": self.rejected,
            "errors": list(self.errors),
            "counts": dict(self.counts),
            "warnings": list(self.warnings),
            "warned": dict(self.warned),
            "batch": self.batch,
            "ledger": self.ledger,
        }

    @classmethod
    def read(cls, answer: Mapping[str, Any]) -> "RecordingResult":
        """The answer as it was kept; those of older versions hold less."""
        return cls(
            accepted=answer["accepted"],
            rejected=answer["rejected"],
            errors=tuple(answer["errors"]),
            ledger=answer["ledger"],
            counts=answer.get("counts", {}),
            warnings=tuple(answer.get("warnings", ())),
            warned=answer.get("warned", {}),
            batch=answer.get("batch"),
            is_repeated=True,
        )
