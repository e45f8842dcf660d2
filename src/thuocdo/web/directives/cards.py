"""What the review shows: a card for each assignment, whom it will go to, how many tasks will come of it."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.directives.queries import AMENDS, CandidateState, Named, Origin, Proposal, named
from thuocdo.engine.spelling import name_key
from thuocdo.organisations.queries import bodies
from thuocdo.web.design.figures import named as name_of
from thuocdo.web.design.figures import number as figure
from thuocdo.web.design.figures import titled

from .known import KnownTask
from .wording import FAIR, MANNERS, reasons_in_words, sureness

if TYPE_CHECKING:
    from thuocdo.directives.models import AddresseeGroup, Candidate


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
    place: str = ""
    tasks: int = 0
    first_task: str = ""
    # The known task that the assignment was linked to, or amended.
    linked: str = ""
    # "split" or "merge" where it came of one that can still be taken back.
    reshaped: str = ""
    known: list[KnownTask] = field(default_factory=list)
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
    def version(self) -> str:
        """Changes whenever the card says something else; an open page asks by it which cards to draw anew."""
        found = self.candidate
        said = (found.state, found.action, found.lead, found.coordinating, found.deliverable, found.target)
        until = (
            found.deadline_raw,
            found.deadline_date,
            found.deadline_kind,
            self.number,
            self.tasks,
            self.linked,
            self.reshaped,
        )
        became = (self.tasks, self.linked, self.reshaped, [one.match.pk for one in self.known])
        return hashlib.blake2s(repr((said, until, became)).encode(), digest_size=6).hexdigest()

    @property
    def is_doubtful(self) -> bool:
        return self.candidate.confidence < FAIR

    @property
    def is_amendment(self) -> bool:
        """Whether the sentence changes a task that was given before, and gives none."""
        return AMENDS in self.candidate.reasons

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
        if not lines and self.is_amendment:
            return gettext("Sửa đổi nhiệm vụ đã giao")
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
    def is_plain_case(self) -> bool:
        """Whether a list can confirm it: found by the machine, known from nowhere, no amendment, one lead, one task."""
        is_new = self.candidate.origin == Origin.EXTRACTION and not self.known and not self.is_amendment
        return is_new and len(self._lead_names) == 1 and self.planned == 1

    @property
    def is_blocked(self) -> bool:
        """Whether nothing on the card itself can settle who leads: the choice is made in a form."""
        return not self.choices if self.needs_choice else self.planned == 0

    @property
    def plan(self) -> str:
        """What a confirmation will do, in one sentence."""
        if self.needs_choice:
            return gettext("Chưa rõ ai chủ trì nên chưa xác nhận được.")
        if not self.planned:
            return gettext("Không có cơ quan nào của nhóm này trong phạm vi được giao việc của bạn.")
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
