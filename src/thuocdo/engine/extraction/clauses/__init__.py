"""Where an order begins inside a sentence: the ordering verb, the addressee, the coordination, the action."""

from thuocdo.engine.extraction.clauses.addressed import addressed_opening
from thuocdo.engine.extraction.clauses.bare import bare_opening
from thuocdo.engine.extraction.clauses.directive import after_speaker, directive_opening
from thuocdo.engine.extraction.clauses.opening import Opening

__all__ = ["Opening", "addressed_opening", "after_speaker", "bare_opening", "directive_opening"]
