"""The orders of one sentence: every place where an order begins, what is no order, and the cut into units."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from thuocdo.engine.extraction import stops
from thuocdo.engine.extraction.addressees import addressees_at, names_of
from thuocdo.engine.extraction.clauses import Opening, addressed_opening, after_speaker, bare_opening, directive_opening
from thuocdo.engine.extraction.content import is_empty
from thuocdo.engine.extraction.deadlines import Mention
from thuocdo.engine.extraction.name_ends import skip_spaces
from thuocdo.engine.extraction.names import GROUP_NOUNS, GROUP_OPENERS
from thuocdo.engine.extraction.passives import passive_order
from thuocdo.engine.extraction.predicates import predicate_at
from thuocdo.engine.extraction.sentences import inside_quotes, semicolon_clauses, skip_links
from thuocdo.engine.extraction.units import Order, Unit, binding, cut_units, trim
from thuocdo.engine.extraction.view import TextView, phrase
from thuocdo.engine.extraction.vocabulary import SPEAKERS

_BOUNDARY = re.compile(r"[,;:]\s+|\snhưng\s+")
_PAST_SPEECH = phrase(
    rf"(?:{SPEAKERS})[^,;.]{{0,40}} (?:đã|từng|chưa) (?:giao|yêu cầu|đề nghị|chỉ đạo|phân công|nhấn mạnh|đồng ý)"
)
_MEETING = phrase(
    r"(?:các|quý|đề nghị) (?:đại biểu|đồng chí dự họp|ý kiến)[^.;]{0,40}(?:thảo luận|phát biểu|cho ý kiến"
    r"|góp ý|trao đổi|làm rõ)"
)
_SUBJECT_OF_PHRASE = re.compile(r"(?<!\w)(?:phải|cần)(?!\w)")
_SPEECH = phrase(
    rf"(?:{SPEAKERS})[^,;.]{{0,60}} (?:nhấn mạnh|nêu rõ|chỉ đạo|yêu cầu|đề nghị|kết luận|nhận định|khẳng định"
    rf"|cho rằng|lưu ý|giao|phân công|gợi mở)"
)
# "Báo cáo tổng hợp phải được gửi": what looks like a verb is a thing.
_MUST_BE = re.compile(
    r"(?:báo\s+cáo|quyết\s+định|thông\s+báo|quy\s+định|hướng\s+dẫn|dự\s+thảo|kết\s+luận)[^,;.]{0,70}\sphải\s"
)
_NEED = phrase(r"(?:cần phải|cần|phải)")
_SPEAKER_TOLD = phrase(rf"(?:cũng )?theo (?:{SPEAKERS})[^,;.]{{0,30}},", whole=False)
_TELLS = re.compile(r"\s+(?:đã|sẽ|đang|vừa|chưa|dự\s+kiến|cam\s+kết)\s")
_COMES_FROM_VERB = re.compile(r"(?:gửi|báo\s+cáo|trình|với|cùng|của|cho|về|tại|giữa|và|hoặc|từ)\s+$")


@dataclass(slots=True)
class Surroundings:
    """What a sentence may lean on: inherited addressees, and whether a phrase without a subject orders here."""

    lead: tuple[str, ...] = ()
    coordinating: tuple[str, ...] = ()
    generic: bool = False
    is_list: bool = False
    orders_here: bool = False
    addressed_here: bool = False
    any_verb: bool = False


@dataclass(slots=True)
class SentenceReader:
    """Reads sentence after sentence; in a report it remembers whether the authority is speaking."""

    view: TextView
    issued_on: date | None
    report: bool
    speaking: bool = False
    named: list[str] = field(default_factory=list)

    def read(self, start: int, end: int, mentions: list[Mention], around: Surroundings) -> list[Order]:
        """Return the orders of one sentence."""
        flat = self.view.flat
        if _MEETING.search(flat, start, end):
            self.speaking = False
            return []
        if stops.FORMULA.search(flat, start, end):
            return []
        first_clause = semicolon_clauses(self.view, start, end)[0]
        if stops.SENTENCE.search(flat[slice(*first_clause)]) or stops.DEFERRED.match(flat, start, end):
            return []
        past = _PAST_SPEECH.search(flat, start, end)
        if past is not None and flat[start : past.start()].rstrip()[-1:] in ("", ",", ";"):
            return []
        if self.report and not self.speaking and _SPEECH.search(flat, start, end):
            self.speaking = True
        start, end = inside_quotes(flat, start, end)
        if _SPEAKER_TOLD.match(flat, start, end):
            # "Theo Thủ tướng, cần ...": the authority speaks anew, to nobody in particular.
            around = replace(around, lead=(), coordinating=(), generic=False)
        at = {mention.start: mention for mention in mentions}
        openings, closed = self._openings(start, end, at, around)
        if not openings:
            silent = stops.CLAUSE.search(flat, start, end)
            return [] if silent else passive_order(self.view, start, end, mentions, self.issued_on)
        orders: list[Order] = []
        for number, opening in enumerate(openings):
            limit = openings[number + 1].start if number + 1 < len(openings) else end
            limit = min([limit, *(c for c in closed if c > opening.start)])
            orders += self._units(opening, trim(self.view, opening.start, limit), mentions, orders, around)
        return orders

    def _openings(
        self, start: int, end: int, at: dict[int, Mention], around: Surroundings
    ) -> tuple[list[Opening], list[int]]:
        """Return where orders begin in the sentence, and where a clause about somebody else ends them."""
        view = self.view
        openings: list[Opening] = []
        closed: list[int] = []
        fronted = stops.FRONTED.match(view.flat, start, end) is not None
        silent = [
            clause
            for clause in semicolon_clauses(view, start, end)
            if stops.CLAUSE.search(view.flat, *clause)
            or stops.SENTENCE.search(view.flat[slice(*clause)])
            or stops.TOLD_REASON.match(view.flat, *clause)
        ]
        boundaries = [(start, "")] + [(m.end(), m[0].strip()) for m in _BOUNDARY.finditer(view.flat, start, end)]
        for boundary, sign in boundaries:
            if openings and boundary < openings[-1].action:
                continue
            if closed and not openings and sign != ";":
                continue
            if any(first <= boundary < last for first, last in silent):
                closed.append(boundary)
                continue
            offset = skip_links(view, boundary, end)
            found = self._opening_at(offset, end, at, around, openings, sign, fronted)
            if found is not None:
                openings.append(found)
            elif sign == ";" and self._other_subject(offset, end):
                closed.append(boundary)
            elif not openings and fronted and self._told_of(offset, end):
                # "Trên cơ sở đó, Bộ A sẽ tổng hợp, báo cáo": what follows the comma is told of Bộ A as well.
                fronted = False
        if not openings and fronted and (around.orders_here or self.speaking):
            openings = self._need_after_front(start, end)
        return openings, closed

    def _need_after_front(self, start: int, end: int) -> list[Opening]:
        """Read "Đối với những khó khăn lớn nhất cần phải chỉ đạo ...", where no comma closes the front."""
        need = _NEED.search(self.view.flat, start, end)
        if need is None or re.search(r"[;:]|,\s+(?:các|những)\s", self.view.flat[start : need.start()]):
            return []
        words = self.view.words[max(0, self.view.number_at[need.start()] - 8) : self.view.number_at[need.start()]]
        if any(addressees_at(self.view, word[0], need.start()) for word in words if word[0] >= start):
            return []
        bare = bare_opening(self.view, need.start(), end)
        return [bare] if bare is not None else []

    def _opening_at(
        self,
        offset: int,
        end: int,
        at: dict[int, Mention],
        around: Surroundings,
        openings: list[Opening],
        sign: str,
        fronted: bool,
    ) -> Opening | None:
        view = self.view
        begin = offset
        mention = at.get(offset)
        if mention is not None:
            offset = skip_spaces(view, mention.end)
            aside = re.compile(r"\([^)]{1,40}\)\s*").match(view.flat, offset, end)
            offset = aside.end() if aside else offset
            offset = skip_spaces(view, offset + 1) if view.flat[offset : offset + 1] in (",", ":") else offset
        found = directive_opening(view, offset, end, at, report=self.report)
        if found is not None and openings and not self._may_follow(found, openings[-1], offset, begin, sign):
            found = None
        if found is None and (around.addressed_here or self.speaking or openings):
            free = around.addressed_here and not self.report and sign in ("", ";", ":")
            found = addressed_opening(view, offset, offset, end, at, any_verb=free)
        elif found is None:
            found = addressed_opening(view, offset, offset, end, at)
            found = found if found is not None and found.force == "modal" else None
        if found is not None and found.force not in ("directive", "weak"):
            if (
                sign == ","
                and (openings or not fronted)
                and not self._stands_alone(found, offset, follows=bool(openings))
            ):
                found = None
            elif sign == ";" and found.generic and found.force != "modal" and not GROUP_OPENERS.end_at(view, offset):
                found = None if GROUP_NOUNS.end_at(view, offset) and not view.is_capital(offset) else found
        if found is not None:
            fresh = mention is not None and mention.kind != "none" and found.force not in ("directive", "weak")
            return _moved(found, begin) if fresh else found
        if openings:
            return None
        if not (around.orders_here or (self.report and self.speaking)):
            return None
        if self.report and mention is not None and mention.bare:
            return None
        if sign in ("", ";") or fronted or sign in ("nhưng", ":"):
            free = around.any_verb and not sign
            bare = None if after_speaker(view, offset, end)[1] else bare_opening(view, offset, end, any_verb=free)
            if bare is not None and (sign != ":" or around.is_list or self.report) and self._reads_as_order(bare, sign):
                return _moved(bare, begin)
        return None

    def _reads_as_order(self, bare: Opening, sign: str) -> bool:
        """Say whether a verb phrase without a subject orders; in a report it may be the subject of "phải" itself."""
        if bare.force != "modal" and _MUST_BE.match(self.view.flat, bare.action):
            return False
        if bare.force == "modal" or not self.report:
            return True
        if _SUBJECT_OF_PHRASE.search(self.view.flat, bare.action, bare.action + 90):
            return False
        return sign != ";" and (not sign or self.speaking)

    def _may_follow(self, found: Opening, last: Opening, offset: int, begin: int, sign: str) -> bool:
        """Say whether an ordering verb inside a sentence begins a new order rather than going on with the action."""
        own = re.match(r"phân\s+công|chỉ\s+đạo|yêu\s+cầu|đề\s+nghị", self.view.flat[found.start : found.start + 12])
        acting = last.has_lead and last.force in ("addressee", "modal", "open") and not self.report
        if own and acting and (found.generic or not found.has_lead or own[0][0] in "pc"):
            # "Đảng ủy xã ban hành nghị quyết; phân công cấp ủy viên phụ trách": the body itself hands work on.
            return False
        if sign == ";":
            return True
        return (last.force in ("directive", "weak") and found.has_lead) or offset != found.start

    def _stands_alone(self, found: Opening, offset: int, *, follows: bool) -> bool:
        """Say whether an addressee after a comma is a new subject and not one more recipient in a list."""
        if follows and found.generic and found.force != "modal":
            return False
        view = self.view
        number = view.number_at[offset]
        for start, _, _ in reversed(view.words[max(0, number - 10) : number]):
            before = addressees_at(view, start, offset + 1)
            if before is not None and view.flat[before.end : offset].strip() in (",", ""):
                return False
        return True

    def _other_subject(self, offset: int, end: int) -> bool:
        """Say whether a clause tells of somebody ("; các hội có thể tham gia", "; việc này sẽ được xem xét")."""
        bodies = addressees_at(self.view, offset, end)
        after = skip_spaces(self.view, bodies.end) if bodies else 0
        if bodies and stops.NOT_ORDERED.end_at(self.view, after):
            return True
        return (
            re.compile(
                r"(?:việc|vấn\s+đề|nội\s+dung)\s+này|toàn\s+dân|nhân\s+dân|người\s+dân"
                r"|doanh\s+nghiệp\s+(?:là|phải|cần)"
            ).match(self.view.flat, offset, end)
            is not None
        )

    def _told_of(self, offset: int, end: int) -> bool:
        """Say whether a body stands here of which something is told: what it has done, does or will do."""
        bodies = addressees_at(self.view, offset, end)
        return bodies is not None and _TELLS.match(self.view.flat, bodies.end, end) is not None

    def _units(
        self, opening: Opening, end: int, mentions: list[Mention], before: list[Order], around: Surroundings
    ) -> list[Order]:
        """Cut what one opening orders into units and give each its fields."""
        view = self.view
        lead, generic, inherited = opening.lead, opening.generic, False
        coordinating = opening.coordinating
        if not opening.has_lead:
            source = before[-1] if before else None
            lead, generic = (source.lead, source.generic) if source else (around.lead, around.generic)
            inherited = bool(lead)
            if not opening.restated:
                coordinating = source.coordinating if source else around.coordinating
        if is_empty(view, opening, end, has_lead=bool(lead), mentions=mentions):
            return []
        lead = _resolved(lead, self.named)
        self.named += lead
        bound = binding(view, mentions, opening.start, end, opening.action, self.issued_on)
        orders = []
        for unit in cut_units(view, opening.start, end, opening.action, bound):
            order = self._order(unit, opening, lead, coordinating)
            order.generic, order.inherited = generic, inherited
            orders.append(order)
        return orders

    def _order(self, unit: Unit, opening: Opening, lead: tuple[str, ...], coordinating: tuple[str, ...]) -> Order:
        view = self.view
        first = unit.start <= opening.action < unit.end
        begin = unit.start if first else skip_links_softly(view, unit.start, unit.end)
        action = opening.action if first else begin
        if first:
            for mention in unit.mentions:
                if mention.start <= action <= mention.end:
                    action = skip_spaces(view, mention.end)
        else:
            leading = next((m for m in unit.mentions if m.start == action), None)
            if leading is not None:
                action = skip_spaces(view, leading.end)
                action = skip_spaces(view, action + 1) if view.flat[action : action + 1] == "," else action
            else:
                action = skip_links(view, action, unit.end)
            again = predicate_at(view, action, unit.end)
            if again is not None and again.coordinating:
                coordinating, action = again.coordinating, again.action
        end = trim(view, begin, unit.end)
        if not coordinating:
            coordinating = self._partners(action, end)
        return Order(begin, end, action, lead, coordinating, force=opening.force, mentions=unit.mentions)

    def _partners(self, start: int, end: int) -> tuple[str, ...]:
        """Return who is named after "phối hợp với" inside an action."""
        joint = re.compile(r"phối\s+hợp(?:\s+chặt\s+chẽ)?\s+(?:với|cùng)\s+").search(self.view.flat, start, end)
        partners = addressees_at(self.view, joint.end(), end) if joint else None
        return names_of(self.view, partners) if partners else ()


def skip_links_softly(view: TextView, offset: int, end: int) -> int:
    """Return the offset after "đồng thời" and "và" only; longer links stay in the span."""
    link = re.compile(r"\s*(?:(?:đồng\s+thời|và|nhưng),?\s+)*").match(view.flat, offset, end)
    return link.end() if link else offset


def _moved(opening: Opening, start: int) -> Opening:
    return Opening(
        start,
        opening.action,
        opening.lead,
        opening.coordinating,
        opening.generic,
        opening.force,
        opening.has_lead,
        opening.restated,
    )


def _resolved(lead: tuple[str, ...], named: list[str]) -> tuple[str, ...]:
    """Replace "Bộ này" by the body last named with the same first word."""
    if len(lead) != 1 or not lead[0].lower().endswith(" này"):
        return lead
    head = lead[0].split()[0].lower()
    if head in ("cơ", "đơn"):
        return next(((name,) for name in reversed(named)), lead)
    return next(((name,) for name in reversed(named) if name.lower().split()[0] == head), lead)
