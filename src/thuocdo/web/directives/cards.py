"""What the review shows: a card for each assignment, whom it will go to, how many tasks will come of it."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may
from thuocdo.directives.queries import CandidateState, DocumentState, Named, Proposal, named, review_list
from thuocdo.engine.spelling import name_key
from thuocdo.organisations.queries import bodies
from thuocdo.tasks.queries import visible_to as visible_tasks
from thuocdo.web.design.figures import named as name_of
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.figures import titled
from thuocdo.web.design.marks import door

from .text import TextPart, draw, part_at, parts_of
from .wording import FAIR, MANNERS, reasons_in_words, sureness

if TYPE_CHECKING:
    from thuocdo.directives.models import AddresseeGroup, Candidate, Document


def name_of_group(group: "AddresseeGroup") -> str:
    """A collective addressee in the reader's language."""
    return titled({"vi": group.title_vi, "en": group.title_en})


class Reach:
    """How many bodies of each kind the actor may give tasks to today; asked once, when first needed."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor

    @cached_property
    def by_kind(self) -> dict[str, int]:
        within = bodies_within(self._actor, Permission.ASSIGN_TASK).values("pk")
        rows = bodies(on=self._actor.on).filter(pk__in=within).values("kind").annotate(count=Count("pk")).order_by()
        return {row["kind"]: row["count"] for row in rows}

    def of(self, kinds: Iterable[str]) -> int:
        """How many bodies are of these kinds."""
        return sum(self.by_kind.get(kind, 0) for kind in set(kinds))


@dataclass(frozen=True, slots=True)
class Choice:
    """One body or group that may lead, as the value of a radio button."""

    value: str
    name: str
    note: str
    tasks: int
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A name as the text has it, and what it was read as (empty: nothing certain)."""

    written: str
    read_as: str
    note: str

    @property
    def shown(self) -> str:
        return self.read_as or self.written

    @property
    def is_plain(self) -> bool:
        """Whether the text says just what was read, but for spelling."""
        return not self.note and name_key(self.written) == name_key(self.read_as)


@dataclass
class Card:
    """One assignment as the review shows it."""

    candidate: "Candidate"
    number: int
    reach: Reach
    may_review: bool
    page: int | None = None
    tasks: int = 0
    first_task: str = ""
    error: str = ""
    chosen: str = ""
    is_core: bool = False
    names: list[Named] = field(init=False)

    def __post_init__(self) -> None:
        self.names = named(self.candidate)

    @property
    def is_open(self) -> bool:
        return self.candidate.state == CandidateState.PROPOSED

    @property
    def is_doubtful(self) -> bool:
        return self.candidate.confidence < FAIR

    @property
    def sureness(self) -> str:
        return sureness(self.candidate.confidence)

    @property
    def percent(self) -> int:
        return round(self.candidate.confidence * 100)

    @property
    def why(self) -> str:
        return reasons_in_words(self.candidate.reasons)

    @property
    def leads(self) -> list[Line]:
        return [_line(name) for name in self._lead_names]

    @property
    def coordinators(self) -> list[Line]:
        return [_line(name) for name in self.names if name.part != "lead"]

    @property
    def title(self) -> str:
        """Whom it goes to, in a few words."""
        lines = self.leads
        if not lines:
            return gettext("Chưa nêu cơ quan chủ trì")
        first = lines[0].shown
        if len(lines) == 1:
            return first
        return gettext("%(name)s và %(count)s cơ quan khác") % {"name": first, "count": len(lines) - 1}

    @property
    def needs_choice(self) -> bool:
        """Whether it cannot be confirmed before a person says who leads."""
        names = self._lead_names
        if not names or names[0].settled is None:
            return True
        return names[0].settled.group is not None and any(name.settled is None for name in names)

    @property
    def planned(self) -> int:
        """How many tasks come of a confirmation without any choice; 0 when a choice is needed."""
        if self.needs_choice:
            return 0
        settled = [name.settled for name in self._lead_names if name.settled is not None]
        if settled[0].group is None:
            return 1
        kinds = {kind for one in settled if one.group is not None for kind in one.group.kinds}
        beside = {one.body.pk for one in settled if one.body is not None and one.body.kind not in kinds}
        return self.reach.of(kinds) + len(beside)

    @property
    def plan(self) -> str:
        """What a confirmation will do, in one sentence."""
        if self.needs_choice:
            return gettext("Chưa rõ ai chủ trì nên chưa xác nhận được.")
        names = self._lead_names
        if names[0].settled is not None and names[0].settled.group is not None:
            return ngettext(
                "Sẽ tạo %(count)s nhiệm vụ, mỗi cơ quan trong nhóm một nhiệm vụ.",
                "Sẽ tạo %(count)s nhiệm vụ, mỗi cơ quan trong nhóm một nhiệm vụ.",
                self.planned,
            ) % {"count": figure(self.planned)}
        if len(names) > 1:
            return gettext("Sẽ tạo 1 nhiệm vụ: một cơ quan chủ trì, các cơ quan còn lại phối hợp.")
        return gettext("Sẽ tạo 1 nhiệm vụ.")

    @cached_property
    def choices(self) -> list[Choice]:
        """Who may lead, where there is something to choose: several leads, or a name that is not certain."""
        found: dict[str, Choice] = {}
        first = self._lead_names[0].settled if self._lead_names else None
        if first is not None and first.group is not None and len(self._lead_names) > 1 and not self.needs_choice:
            found[""] = Choice("", gettext("Tất cả như văn bản nêu"), "", self.planned, is_default=True)
        for name in self._lead_names:
            for proposal in name.proposals:
                choice = self._choice(proposal, is_default=proposal == first and not found)
                found.setdefault(choice.value, choice)
        return list(found.values()) if len(found) > 1 or self.needs_choice else []

    def _choice(self, proposal: Proposal, *, is_default: bool) -> Choice:
        note = str(MANNERS.get(proposal.manner, ""))
        if proposal.group is not None:
            return Choice(
                f"group:{proposal.group.code}",
                name_of_group(proposal.group),
                note,
                self.reach.of(proposal.group.kinds),
                is_default,
            )
        body = proposal.body
        return Choice(f"body:{body.code}" if body else "", name_of(body), note, 1, is_default)

    @property
    def _lead_names(self) -> list[Named]:
        return [name for name in self.names if name.part == "lead"]


def _line(name: Named) -> Line:
    settled = name.settled
    if settled is None:
        note = gettext("có nhiều khả năng") if len(name.proposals) > 1 else gettext("chưa xác định")
        if len(name.proposals) == 1:
            only = name.proposals[0]
            note = gettext("có thể là %(name)s") % {"name": _proposed(only)}
        return Line(name.written, "", note)
    return Line(name.written, _proposed(settled), str(MANNERS.get(settled.manner, "")))


def _proposed(proposal: Proposal) -> str:
    return name_of_group(proposal.group) if proposal.group is not None else name_of(proposal.body)


@dataclass(slots=True)
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
        """Cards with the tasks that came of those confirmed, in one query."""
        confirmed = [found.pk for found in candidates if found.state == CandidateState.CONFIRMED]
        tasks: dict[int, tuple[int, str]] = {}
        if confirmed:
            rows = visible_tasks(self.actor).filter(candidate__in=confirmed).order_by().values("candidate")
            counted = rows.annotate(count=Count("pk"), first=Min("code"))
            tasks = {row["candidate"]: (row["count"], row["first"]) for row in counted}
        passages = [passage for passage in self.document.passages if passage["page"] is not None]
        starts = [passage["start"] for passage in passages]
        cards = []
        for found in candidates:
            count, first = tasks.get(found.pk, (0, ""))
            place = bisect_right(starts, found.start) - 1
            cards.append(
                Card(
                    candidate=found,
                    number=self.numbers[found.pk],
                    reach=self.reach,
                    may_review=self.may_review,
                    page=passages[place]["page"] if place >= 0 else None,
                    tasks=count,
                    first_task=first,
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

    @property
    def total(self) -> int:
        return len(self.candidates)

    @property
    def decided(self) -> int:
        return self.total - len(self.waiting)

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
            confirmed = sum(found.state == CandidateState.CONFIRMED for found in self.candidates)
            words = gettext("Đã xử lý xong cả %(total)s nhiệm vụ: %(confirmed)s được xác nhận, %(rejected)s bị loại.")
            return words % {
                "total": figure(self.total),
                "confirmed": figure(confirmed),
                "rejected": figure(self.total - confirmed),
            }
        return self._waiting_in_words()

    def _waiting_in_words(self) -> SafeString:
        waiting = self.waiting
        cards = [Card(found, self.numbers[found.pk], self.reach, self.may_review) for found in waiting]
        doubtful = [card for card in cards if card.is_doubtful]
        unclear = [card for card in cards if card.needs_choice]
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
