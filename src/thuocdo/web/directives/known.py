"""What a card says of a known task that its assignment may repeat or amend."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from thuocdo.web.design.figures import day, named
from thuocdo.web.design.figures import number as figure

if TYPE_CHECKING:
    from thuocdo.directives.models import Candidate
    from thuocdo.tasks.models import Match

LIKENESS: dict[str, Promise] = {
    "same_words": _("cùng nội dung"),
    "like_words": _("nội dung gần giống"),
    "same_deadline": _("cùng thời hạn"),
    "same_product": _("cùng sản phẩm"),
    "same_lead": _("cùng cơ quan chủ trì"),
    "same_group": _("cùng nhóm cơ quan"),
    "names_the_task": _("văn bản nêu đích danh nhiệm vụ"),
}


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A proposal as a card shows it."""

    match: "Match"
    candidate: "Candidate"

    @property
    def is_amendment(self) -> bool:
        return self.match.kind == "amends"

    @property
    def code(self) -> str:
        """The code of the task; empty for a collective one."""
        return self.match.task.code if self.match.task is not None else ""

    @property
    def title(self) -> str:
        owner = self.match.task or self.match.collective
        return owner.title if owner is not None else ""

    @property
    def given_by(self) -> str:
        """Number or title of the document that gave it."""
        owner = self.match.task or self.match.collective
        document = owner.document if owner is not None else None
        return (document.number or document.title) if document is not None else ""

    @property
    def owed(self) -> str:
        """Who owes it until when."""
        task = self.match.task
        if task is None:
            return gettext("giao chung cho một nhóm cơ quan")
        if task.due_on is None:
            return named(task.lead)
        return gettext("%(lead)s, hạn %(due)s") % {"lead": named(task.lead), "due": day(task.due_on)}

    @property
    def why(self) -> str:
        words = "; ".join(str(LIKENESS[code]) for code in self.match.reasons if code in LIKENESS)
        if self.is_amendment:
            return words
        return gettext("giống %(percent)s%%: %(why)s") % {
            "percent": figure(round(self.match.likeness * 100)),
            "why": words,
        }

    @property
    def moves(self) -> str:
        """The deadline that an amendment would move, in words; empty where it moves none."""
        task, new = self.match.task, self.candidate.deadline_date
        if not self.is_amendment or task is None or new is None or new == task.due_on:
            return ""
        old = day(task.due_on) if task.due_on else "–"
        return gettext("thời hạn %(old)s → %(new)s") % {"old": old, "new": day(new)}
