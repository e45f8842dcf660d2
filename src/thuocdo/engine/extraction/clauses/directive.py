"""An order that begins with a directive verb: "[speaker] giao|yêu cầu|đề nghị|... [addressee] [verb]"."""

import re

from thuocdo.engine.extraction.addressees import addressees_at
from thuocdo.engine.extraction.clauses.addressed import addressed_opening
from thuocdo.engine.extraction.clauses.opening import ABSTRACT, Opening
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.predicates import predicate_at
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import SPEAKERS, STRONG_DIRECTIVES, WEAK_DIRECTIVES

_SPEAKER = phrase(rf"(?:lãnh đạo |đồng chí |ông |bà )?(?:{SPEAKERS})")
_PERSON_SPEAKER = phrase(r"(?:đồng chí )?(?:tổng bí thư|chủ tịch nước|thủ tướng|phó thủ tướng|ông|bà)")
_POST_SPEAKER = phrase(
    r"(?:đồng chí )?(?:phó )?(?:bí thư|chủ tịch|bộ trưởng|giám đốc|trưởng ban|thường trực ban bí thư|người đứng đầu)",
    whole=False,
)
_SPEAKER_ADVERB = phrase(
    r"(?:cũng|còn|đồng thời|tiếp tục|đặc biệt|một lần nữa|và|,|thống nhất|kết luận|tỉnh|thành phố|xã|phường|ubnd)"
)
# "Đồng ý giao Bộ A ...": consent that hands the work out.
_CONSENTS = phrase(
    r"(?:cơ bản )?(?:đồng ý|nhất trí|thống nhất)(?: về)?(?: nguyên tắc)?(?: việc| chủ trương)?,? (?=giao|phân công)",
    whole=False,
)
_STRONG = phrase(rf"(?:{STRONG_DIRECTIVES})")
_WEAK = phrase(rf"(?:{WEAK_DIRECTIVES})(?: (?:về )?việc| yêu cầu)?")


def directive_opening(
    view: TextView, offset: int, limit: int, mentions: dict[int, Mention], *, report: bool = False
) -> Opening | None:
    """Read "[speaker] giao|yêu cầu|đề nghị|... [addressee] [verb]" at an offset.

    In a report whoever speaks is the authority; in a document "Chủ tịch UBND tỉnh chỉ đạo ..." is an addressee.
    """
    flat = view.flat
    verb_at, spoken, person = after_speaker(view, offset, limit)
    if report and spoken and (post := addressees_at(view, offset, limit)) is not None and len(post.bodies) == 1:
        # "Bộ trưởng Bộ Giáo dục và Đào tạo yêu cầu ...": the name of the office belongs to the speaker.
        verb_at = max(verb_at, skip_spaces(view, post.end))
    consent = _CONSENTS.match(flat, verb_at, limit)
    verb_at = skip_spaces(view, consent.end()) if consent else verb_at
    strong = _STRONG.match(flat, verb_at, limit)
    weak = None if strong else _WEAK.match(flat, verb_at, limit)
    match = strong or weak
    if match is None or (weak and not spoken):
        return None
    if match[0].startswith("chỉ đạo") and not (
        person or (report and spoken and _POST_SPEAKER.match(flat, offset, limit))
    ):
        return None
    after = skip_spaces(view, match.end())
    if flat[after : after + 1] in (",", ":"):
        after = skip_spaces(view, after + 1)
    mention = mentions.get(after)
    if mention is not None:
        after = skip_spaces(view, mention.end)
        after = skip_spaces(view, after + 1) if flat[after : after + 1] == "," else after
    addressed = addressed_opening(
        view, verb_at, after, limit, mentions, force="directive" if strong else "weak", any_verb=bool(strong)
    )
    if addressed is not None and (
        strong
        or view.flat[addressed.action - 12 : addressed.action].find("phải") >= 0
        or _has_modal(view, after, addressed.action)
    ):
        return addressed
    if addressed is not None and weak:
        return None
    if ABSTRACT.match(flat, after, limit):
        return None
    predicate = predicate_at(view, after, limit)
    if predicate is None or not predicate.known:
        return None
    return Opening(
        verb_at,
        predicate.action,
        (),
        predicate.coordinating,
        generic=False,
        force="directive" if strong else "weak",
        has_lead=False,
    )


def _has_modal(view: TextView, start: int, end: int) -> bool:
    return bool(re.search(r"(?<!\w)(?:phải|cần)(?!\w)", view.flat[start:end]))


def after_speaker(view: TextView, offset: int, limit: int) -> tuple[int, bool, bool]:
    """Return where the word after a speaker stands, whether one spoke, and whether a person above all bodies."""
    speaker = _SPEAKER.match(view.flat, offset, limit)
    if speaker is None:
        return offset, False, False
    person = _PERSON_SPEAKER.match(view.flat, offset, limit) is not None
    end = speaker.end()
    for _ in range(14):
        start = skip_spaces(view, end)
        adverb = _SPEAKER_ADVERB.match(view.flat, start, limit)
        if view.is_capital(start):
            end = view.words[view.number_at[start]][1]
        elif adverb:
            end = adverb.end()
        elif view.flat[start : start + 1] in (",", "-") and start < limit:
            end = start + 1
        else:
            break
    return skip_spaces(view, end), True, person
