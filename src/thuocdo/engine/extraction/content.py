"""Whether an order has content: something that can be done and checked, not an attitude or a lone prohibition."""

import re

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.clauses import Opening
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.view import TextView
from thuocdo.engine.extraction.vocabulary import ADVERBS, ATTITUDES, VAGUE_ACTIONS

# "nghiêm túc triển khai thực hiện": that it be done, and nothing about what.
_NOTHING_MORE = re.compile(
    r"(?:(?:nghiêm\s+túc|khẩn\s+trương|quan\s+tâm|chủ\s+động|tích\s+cực|phối\s+hợp|chỉ\s+đạo|tổ\s+chức|triển\s+khai|thực\s+hiện|quyết\s+liệt"
    r"|hiệu\s+quả|và|ngay|quán\s+triệt)[\s,]*)+"
)

# "phải coi đây là ...": how a thing is seen, and nothing that is done.
_REGARDS = re.compile(r"(?:coi|xem)\s+[^,;.]{2,60}\slà\s")


def is_empty(view: TextView, opening: Opening, end: int, *, has_lead: bool, mentions: list[Mention]) -> bool:
    """Say whether nothing that can be checked is ordered: an attitude, a slogan, a lone prohibition."""
    offset = opening.action
    if stops.NO_ORDER.end_at(view, offset):
        return True
    words = len(view.flat[offset:end].split())
    if _NOTHING_MORE.fullmatch(view.flat, offset, end):
        return True
    if VAGUE_ACTIONS.end_at(view, offset) and words <= 6:
        return True
    if words < 3 and not any(opening.start <= m.start < end for m in mentions):
        return True
    number = view.number_at.get(offset)
    attitude = ATTITUDES.end_at(view, offset)
    if attitude and ADVERBS.end_at(view, offset) > attitude:
        return False
    if not attitude and number is not None and number + 2 < len(view.words):
        attitude = (
            max(ATTITUDES.end_at(view, view.words[number + k][0]) for k in (1, 2))
            if _begins_with_adverb(view, offset)
            else 0
        )
    if not attitude:
        return False
    if opening.force in ("directive", "weak") and opening.has_lead:
        return False
    if opening.force == "modal" and _REGARDS.match(view.flat, offset, end):
        return True
    return not (opening.force == "modal" and has_lead and words > 6) and not (
        opening.force in ("directive", "weak") and view.flat.startswith("có sự", offset)
    )


def _begins_with_adverb(view: TextView, offset: int) -> bool:
    """Say whether an action begins with an adverb, its verb coming after."""
    return view.flat.startswith(("tiếp tục", "kiên quyết", "nghiêm túc", "quyết liệt", "thực sự", "luôn"), offset)
