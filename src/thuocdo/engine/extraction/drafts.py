"""Orders, rows and blocks turned into assignments, with their deadline, product, target, confidence and reasons."""

from dataclasses import dataclass, field
from datetime import date

from thuocdo.engine.extraction.deadlines import NO_DEADLINE, Deadline, Mention
from thuocdo.engine.extraction.products import find_deliverable, find_target, product_subject
from thuocdo.engine.extraction.units import Order, action_end
from thuocdo.engine.extraction.view import TextView

# How sure the reading is, by what gave the order its force.
_CONFIDENCE = {
    "directive": 0.9,
    "modal": 0.8,
    "addressee": 0.8,
    "row": 0.9,
    "passive": 0.7,
    "weak": 0.55,
    "bare": 0.5,
    "open": 0.5,
}

# Names of more words than this have often swallowed what comes after them.
_LONG_NAME = 14


@dataclass(frozen=True, slots=True)
class Assignment:
    """One order: its span in the text, its fields in the labelling scheme, and why it was taken for one."""

    start: int
    end: int
    lead: tuple[str, ...]
    coordinating: tuple[str, ...]
    action: str
    deliverable: str | None
    deadline: Deadline
    target: str | None
    addressee_kind: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Drafts:
    """The assignments found so far, and the last deadline, to which ditto marks point."""

    view: TextView
    found: list[Assignment] = field(default_factory=list)
    last_deadline: Deadline = NO_DEADLINE
    # Whether the text shows marks of optical recognition.
    misread: bool = False

    def keep(self, order: Order, of_heading: Deadline | None) -> None:
        view = self.view
        deadline = self.deadline_of(order.mentions)
        reasons = [order.force]
        if deadline.kind == "none" and of_heading is not None:
            deadline = of_heading
            reasons.append("deadline_of_heading")
        stop = action_end(view, order.action, order.end, order.mentions)
        action = (order.action, max(stop, order.action + 1))
        product = find_deliverable(view, *action)
        if order.subject is not None:
            product = product_subject(view, *order.subject)
            if view.flat.startswith("việc ", order.subject[0]) and view.flat.startswith("hoàn thành", order.action):
                action = (order.subject[0] + 5, order.subject[1])
        target = find_target(view, order.action, order.end)
        if order.inherited:
            reasons.append("lead_inherited")
        self.append(
            (order.start, order.end),
            action,
            order.lead,
            order.coordinating,
            order.generic,
            product,
            target,
            deadline,
            reasons,
        )

    def append(
        self,
        span: tuple[int, int],
        action: tuple[int, int],
        lead: tuple[str, ...],
        coordinating: tuple[str, ...],
        generic: bool,
        product: tuple[int, int] | None,
        target: tuple[int, int] | None,
        deadline: Deadline,
        reasons: list[str],
    ) -> None:
        view = self.view
        kind = "none" if not lead else "generic" if generic else "named"
        reasons.append(f"addressee_{kind}")
        if deadline.kind != "none":
            reasons.append(f"deadline_{deadline.kind}")
        confidence = _CONFIDENCE[reasons[0]] + 0.05 * (deadline.kind != "none")
        confidence += {"named": 0.05, "generic": 0.0, "none": -0.1}[kind]
        if reasons[0] in ("bare", "open") and "lead_inherited" in reasons:
            # A list under a heading that names its addressee is as sure as the heading.
            confidence += 0.25
        for reason, cost in self._doubts(lead, deadline):
            reasons.append(reason)
            confidence -= cost
        if deadline.kind != "none":
            self.last_deadline = deadline
        self.found.append(
            Assignment(
                view.origin(span[0]),
                view.origin(span[1]),
                lead,
                coordinating,
                view.cut(*action),
                view.cut(*product) if product else None,
                deadline,
                view.cut(*target) if target else None,
                kind,
                round(max(0.05, min(confidence, 0.99)), 2),
                tuple(reasons),
            )
        )

    def _doubts(self, lead: tuple[str, ...], deadline: Deadline) -> list[tuple[str, float]]:
        """Return what makes a reading less sure, with how much."""
        found: list[tuple[str, float]] = []
        if self.misread:
            found.append(("misread", 0.1))
        if any(len(name.split()) > _LONG_NAME for name in lead):
            found.append(("long_name", 0.1))
        if deadline.date is None and deadline.kind not in ("none", "recurring", "relative"):
            found.append(("deadline_unclear", 0.15))
        return found

    def deadline_of(self, mentions: list[Mention]) -> Deadline:
        """Choose what binds: a date beats a relative expression, an earlier date a later one."""
        dated = sorted((m for m in mentions if m.date is not None), key=lambda m: m.date or date.max)
        chosen = (dated or mentions)[:1]
        if not chosen:
            return NO_DEADLINE
        mention = chosen[0]
        raw = self.view.cut(mention.start, mention.end)
        if mention.kind == "ditto":
            return Deadline(raw, self.last_deadline.date, self.last_deadline.kind)
        return Deadline(raw, mention.date, mention.kind)
