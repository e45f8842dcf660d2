"""What is known of an order where it begins."""

from dataclasses import dataclass

from thuocdo.engine.extraction.names import ABSTRACT_SUBJECTS
from thuocdo.engine.extraction.view import phrase

ABSTRACT = phrase(rf"(?:{ABSTRACT_SUBJECTS})")


@dataclass(frozen=True, slots=True)
class Opening:
    """The beginning of an order: its span, its addressees, its action and what gave it force."""

    start: int
    action: int
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    generic: bool
    force: str
    has_lead: bool
    restated: bool = False
