"""An order that begins with its addressee: "[addressee] [phải] [chủ trì, phối hợp với ...] [verb]"."""

import re

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import Addressees, addressees_at, distributed_names, names_of
from thuocdo.engine.extraction.bodies import Body
from thuocdo.engine.extraction.clauses.opening import ABSTRACT, Opening
from thuocdo.engine.extraction.clauses.unlisted import BASIS, free_verb, full_name_and_deadline, unknown_body
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.predicates import Predicate, after_subject, predicate_at
from thuocdo.engine.extraction.view import TextView, phrase, word_set
from thuocdo.engine.extraction.vocabulary import ACTION_VERBS, VAGUE_ACTIONS

# "Các đồng chí phụ trách địa bàn có trách nhiệm ...": what stands before the modal narrows the group down.
_CHARGED_LATER = re.compile(r"\s+[^,;.:]{3,60}?(?=\s+có\s+trách\s+nhiệm)")
_NOT_BEFORE_VERB = word_set("để được việc về và công tác tình hình kết quả sau khi")
# "Bộ trưởng Bộ A là người chịu trách nhiệm ...": an office that charges.
_CHARGED_AS = phrase(r"là (?:người|cơ quan|đơn vị) (?=chịu trách nhiệm|chủ trì)", whole=False)
_LONG_NAME = phrase(
    r"(?:cục|vụ|viện|trung tâm|phòng|ban|văn phòng|chi cục|tổng cục|sở|hội|liên hiệp)(?: [^;:.()]{3,140}?)"
    r" (?=(?:chủ trì|có trách nhiệm|chịu trách nhiệm|làm đầu mối|là đầu mối|là cơ quan|là đơn vị)(?!\w))",
    whole=False,
)


def addressed_opening(
    view: TextView,
    start: int,
    offset: int,
    limit: int,
    mentions: dict[int, Mention],
    *,
    force: str = "",
    any_verb: bool = False,
) -> Opening | None:
    """Read "[addressee] [phải] [chủ trì, phối hợp với ...] [verb]" at an offset; ``start`` is where the span begins.

    With ``any_verb`` whatever follows a body's name is taken for its verb when no known verb does: a list of verbs
    never is complete, and in the operative part of a document an addressee is followed by what it must do.
    """
    if ABSTRACT.match(view.flat, offset, limit):
        return None
    found = addressees_at(view, offset, limit) or (unknown_body(view, offset, limit) if any_verb else None)
    if found is None:
        return None
    charged = _CHARGED_LATER.match(view.flat, found.end, limit) if found.generic else None
    if charged and len(found.bodies) == 1:
        body = Body(found.start, charged.end(), generic=True)
        found = Addressees(found.start, charged.end(), (body,))
    lead, end = names_of(view, found), found.end
    distributed = distributed_names(view, found, limit)
    generic = found.generic and distributed is None
    if distributed:
        end, lead = distributed
    after = after_subject(view, end, limit, mentions)
    charged_as = _CHARGED_AS.match(view.flat, after, limit)
    if charged_as:
        after = charged_as.end()
    if after >= limit or stops.NOT_ORDERED.end_at(view, after):
        return None
    predicate = predicate_at(view, after, limit)
    if predicate is None and BASIS.match(view.flat, after, limit):
        predicate = _verb_after_basis(view, after, limit)
    open_verb = False
    if predicate is None and found.bodies[0].start == offset and not found.generic:
        long_name = _LONG_NAME.match(view.flat, offset, min(limit, offset + 160))
        if long_name and long_name.end() > end:
            # "Cục Quản lý, giám sát chính sách thuế, phí và lệ phí làm đầu mối": a name of many parts, then its office.
            body = Body(offset, len(view.flat[: long_name.end()].rstrip()), generic=False)
            following = skip_spaces(view, long_name.end())
            found = Addressees(offset, body.end, (body,))
            lead, predicate = names_of(view, found), predicate_at(view, following, limit)
            predicate = predicate or Predicate(following, (), modal=True, known=True)
    if predicate is None and any_verb and not distributed:
        free = free_verb(view, found, after, limit)
        if free is not None:
            found, predicate, open_verb = *free, True
            lead = names_of(view, found)
    if predicate is None:
        if force != "directive" and not full_name_and_deadline(view, found, after, mentions, limit):
            return None
        if (
            after not in view.number_at
            or view.is_capital(after)
            or view.flat[after : after + 3] in ("và ", "để ", "là ")
        ):
            return None
        predicate = Predicate(after, (), modal=False, known=False)
    if predicate.action >= limit or (
        not predicate.known and not predicate.modal and not force and not mentions and not open_verb
    ):
        return None
    kind = force or ("modal" if predicate.modal else "open" if open_verb else "addressee")
    return Opening(
        start,
        predicate.action,
        lead,
        predicate.coordinating,
        generic,
        kind,
        has_lead=True,
        restated=bool(predicate.coordinating),
    )


def _verb_after_basis(view: TextView, offset: int, limit: int) -> Predicate | None:
    """Return the predicate after "căn cứ Kết luận này và tình hình thực tế", which no comma closes."""
    number = view.number_at[offset]
    for start, _, _ in view.words[number + 2 : number + 18]:
        if start >= limit or set(view.flat[offset:start]) & set(",;:."):
            return None
        before = view.flat[:start].rstrip().rpartition(" ")[2]
        verb = ACTION_VERBS.end_at(view, start)
        if (
            verb
            and " " in view.flat[start:verb]
            and before not in _NOT_BEFORE_VERB
            and not view.is_capital(start)
            and not VAGUE_ACTIONS.end_at(view, start)
        ):
            return predicate_at(view, start, limit)
    return None
