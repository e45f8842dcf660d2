"""An order that begins with its verb, without a subject."""

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import addressees_at
from thuocdo.engine.extraction.clauses.opening import ABSTRACT, Opening
from thuocdo.engine.extraction.clauses.unlisted import may_be_verb
from thuocdo.engine.extraction.predicates import predicate_at
from thuocdo.engine.extraction.view import TextView


def bare_opening(view: TextView, offset: int, limit: int, *, any_verb: bool = False) -> Opening | None:
    """Read a verb phrase without a subject at an offset; ``any_verb`` as in `addressed_opening`."""
    if stops.NO_ORDER.end_at(view, offset):
        return None
    predicate = predicate_at(view, offset, limit)
    if predicate is None or not predicate.known:
        if not any_verb or not may_be_verb(view, offset, limit) or ABSTRACT.match(view.flat, offset, limit):
            return None
        if addressees_at(view, offset, limit) is not None:
            return None
        return Opening(offset, offset, (), (), generic=False, force="open", has_lead=False)
    force = "modal" if predicate.modal else "bare"
    return Opening(
        offset,
        predicate.action,
        (),
        predicate.coordinating,
        generic=False,
        force=force,
        has_lead=False,
        restated=bool(predicate.coordinating),
    )
