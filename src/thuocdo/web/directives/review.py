"""A document under review: its parts, its cards, how far it has come, where each assignment stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, may
from thuocdo.directives.queries import CandidateState, DocumentState, Places, review_list, undoable_reshapings
from thuocdo.tasks.queries import linked_tasks, matches
from thuocdo.tasks.queries import visible_to as visible_tasks
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.marks import door
from thuocdo.web.tasks.layouts import Offer, offers_of_document

from .cards import Card, Reach
from .known import KnownTask
from .text import TextPart, draw, part_at, parts_of
from .wording import SURE_PERCENT, place_in_words

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate, Document

# As many as a person can still read through, and as one request can confirm in a few seconds.
MOST_TOGETHER = 50


@dataclass
class Review:
    """A document under review: all its assignments, and the cards of one part of its text."""

    actor: Actor
    document: "Document"
    asked: int = 1
    may_review: bool = field(init=False)
    candidates: list["Candidate"] = field(init=False)
    numbers: dict[int, int] = field(init=False)
    reach: Reach = field(init=False)
    parts: list[TextPart] = field(init=False)

    def __post_init__(self) -> None:
        self.may_review = may(self.actor, Permission.REVIEW_CANDIDATES, self.document.body)
        self.candidates = list(review_list(self.document))
        self.numbers = {found.pk: number for number, found in enumerate(self.candidates, 1)}
        self.reach = Reach(self.actor)
        self.parts = parts_of(self.document.text, [(found.start, found.end) for found in self.candidates])

    @property
    def part(self) -> TextPart:
        return self.parts[min(max(self.asked, 1), len(self.parts)) - 1]

    @property
    def shown(self) -> list["Candidate"]:
        """The assignments that begin in the part on screen."""
        return [found for found in self.candidates if self.part.start <= found.start < self.part.end]

    @property
    def text(self) -> SafeString:
        return draw(self.document, self.candidates, self.numbers, self.part)

    @property
    def cards(self) -> list[Card]:
        return self.cards_of(self.shown)

    def cards_of(self, candidates: Sequence["Candidate"]) -> list[Card]:
        """Cards with the tasks that came of those confirmed, or that those waiting may mean, in a query each."""
        confirmed = [found.pk for found in candidates if found.state == CandidateState.CONFIRMED]
        tasks: dict[int, tuple[int, str]] = {}
        linked: dict[int, str] = {}
        if confirmed:
            rows = visible_tasks(self.actor).filter(candidate__in=confirmed).order_by().values("candidate")
            counted = rows.annotate(count=Count("pk"), first=Min("code"))
            tasks = {row["candidate"]: (row["count"], row["first"]) for row in counted}
            linked = linked_tasks(self.actor, [pk for pk in confirmed if pk not in tasks])
        known = matches(self.actor, [found for found in candidates if found.state == CandidateState.PROPOSED])
        reshaped = undoable_reshapings(candidates) if self.may_review else {}
        places = Places(self.document)
        cards = []
        for found in candidates:
            count, first = tasks.get(found.pk, (0, ""))
            cards.append(
                Card(
                    candidate=found,
                    number=self.numbers[found.pk],
                    reach=self.reach,
                    may_review=self.may_review,
                    place=place_in_words(places.of(found.start)),
                    tasks=count,
                    first_task=first,
                    linked=linked.get(found.pk, ""),
                    reshaped=reshaped.get(found.pk, ""),
                    known=[KnownTask(row, found) for row in known.get(found.pk, [])],
                )
            )
        return cards

    def part_of(self, candidate: "Candidate") -> TextPart:
        """The part of the text in which the assignment begins."""
        return part_at(self.parts, candidate.start)

    def after(self, candidate: "Candidate") -> "Candidate | None":
        """The next assignment that waits for a decision, else the first that waits."""
        waiting = self.waiting
        place = (candidate.start, candidate.end, candidate.pk)
        return next((found for found in waiting if (found.start, found.end, found.pk) > place), None) or (
            waiting[0] if waiting else None
        )

    def address(self, candidate: "Candidate | None" = None, mark: str = "k") -> str:
        """Where a card (mark `k`) or its sentence (mark `c`) stands."""
        address = reverse("directive", args=[self.document.pk])
        if candidate is None:
            return address
        part = self.part_of(candidate).number
        return f"{address}{f'?phan={part}' if part > 1 else ''}#{mark}{candidate.pk}"

    @property
    def waiting(self) -> list["Candidate"]:
        return [found for found in self.candidates if found.state == CandidateState.PROPOSED]

    @cached_property
    def plain_cases(self) -> list[Card]:
        """Those that wait and of which one task comes without a choice, however sure the rules are."""
        return [card for card in self.cards_of(self.waiting) if card.is_plain_case]

    def certain(self, least: int = SURE_PERCENT) -> list[Card]:
        """The plain cases of which the rules are at least so sure, in percent."""
        return [card for card in self.plain_cases if card.percent >= least]

    @property
    def total(self) -> int:
        return len(self.candidates)

    @property
    def decided(self) -> int:
        return self.total - len(self.waiting)

    @property
    def confirmed(self) -> int:
        return sum(found.state == CandidateState.CONFIRMED for found in self.candidates)

    @property
    def layouts(self) -> list[Offer]:
        """The official layouts in which what was confirmed can be had."""
        return list(offers_of_document(self.document.pk))

    @property
    def may_add(self) -> bool:
        """Whether one may add by hand: only what the machine has looked through, or it would leave the rest alone."""
        return self.may_review and self.document.state in (DocumentState.EXTRACTED, DocumentState.REVIEWED)

    @property
    def is_being_read(self) -> bool:
        return self.document.state == DocumentState.RECEIVED

    @property
    def has_failed(self) -> bool:
        return self.document.state == DocumentState.FAILED

    @property
    def answer(self) -> SafeString | str:
        """The sentence that opens the review."""
        if self.is_being_read:
            return gettext("Đang đọc văn bản để tìm các nhiệm vụ được giao; trang tự hiện kết quả khi xong.")
        if self.has_failed and not self.total:
            return gettext("Máy chưa tìm được nhiệm vụ trong văn bản này.")
        if not self.total:
            return gettext("Không tìm thấy nhiệm vụ nào được giao trong văn bản này.")
        if not self.waiting:
            words = gettext("Đã xử lý xong cả %(total)s nhiệm vụ: %(confirmed)s được xác nhận, %(rejected)s bị loại.")
            return words % {
                "total": figure(self.total),
                "confirmed": figure(self.confirmed),
                "rejected": figure(self.total - self.confirmed),
            }
        return self._waiting_in_words()

    def _waiting_in_words(self) -> SafeString:
        waiting = self.waiting
        cards = [Card(found, self.numbers[found.pk], self.reach, self.may_review) for found in waiting]
        doubtful = [card for card in cards if card.is_doubtful]
        unclear = [card for card in cards if card.needs_choice and not card.is_amendment]
        sentence = format_html(
            gettext("Còn {} nhiệm vụ chờ xác nhận"),
            door(self.address(waiting[0]), len(waiting), gettext("nhiệm vụ chờ xác nhận, đến nhiệm vụ đầu tiên")),
        )
        further = []
        if doubtful:
            first = door(self.address(doubtful[0].candidate), len(doubtful), gettext("nhiệm vụ cần đọc kỹ"))
            further.append(format_html(gettext("{} cần đọc kỹ vì độ chắc chắn thấp"), first))
        if unclear:
            first = door(self.address(unclear[0].candidate), len(unclear), gettext("nhiệm vụ chưa rõ chủ trì"))
            further.append(format_html(gettext("{} chưa rõ cơ quan chủ trì"), first))
        if not further:
            return format_html("{}.", sentence)
        if len(further) == 1:
            return format_html(gettext("{}, trong đó {}."), sentence, further[0])
        return format_html(gettext("{}, trong đó {} và {}."), sentence, *further)
