"""The course of one task after it was assigned: who takes it on when, reports, hands in, sends back, approves."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor
from thuocdo.organisations.models import Body, Kind
from thuocdo.tasks.files import Upload
from thuocdo.tasks.lifecycle import Effectiveness
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import (
    Outcome,
    accept_assignment,
    approve_result,
    cancel,
    decide_dispute,
    dispute,
    extend,
    judge_effectiveness,
    report_progress,
    resume,
    return_result,
    submit,
    suspend,
)

from . import words
from .cast import Cast
from .chronicle import Chronicle, Happening
from .days import Days
from .documents import Directive
from .evidence import ENDINGS, evidence
from .fates import FATES, NEW_LEAD, Fate
from .habits import NARRATIVE, copies, is_hasty, last_days, recycles
from .traits import Traits, chance, traits_of

# Communes write no intermediate reports: their tasks are short, and they are many.
BRIEF_KINDS = {Kind.COMMUNE, Kind.WARD, Kind.SPECIAL_ZONE}
# Files of each kind among ten.
ENDING_OF = (0, 0, 0, 0, 1, 2, 2, 2, 2, 2)
EVALUATOR_AT = "VHLKHXH"
EVALUATOR = "danhgia"


@dataclass(slots=True)
class Course:
    """One task on its way; every step is put into the chronicle when the one before it has happened."""

    days: Days
    cast: Cast
    chronicle: Chronicle
    directive: Directive
    task: Task
    place: tuple[str, str] = field(init=False)
    fate: Fate = field(init=False)
    draw: Random = field(init=False)
    traits: Traits = field(init=False)
    is_handed_in: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        lead = self.task.lead.code
        self.place = (self.directive.code, lead)
        self.fate = FATES.get(self.place, Fate.NATURAL)
        self.draw = chance("course", self.directive.code, lead, self.task.start)
        self.traits = traits_of(lead)

    @property
    def is_written(self) -> bool:
        """Whether the course is one of those that are laid down."""
        return self.fate is not Fate.NATURAL

    # --- Taking on

    def begin(self, assigned_at: datetime) -> None:
        """Put the first step into the chronicle."""
        today = localdate(assigned_at)
        if self.fate in (Fate.DISPUTED, Fate.UPHELD, Fate.TRANSFERRED, Fate.WITHDRAWN):
            self._on(today + timedelta(days=2), self._dispute)
        elif self.fate is not Fate.IGNORED:
            wait = 1 + round(self.draw.random() * (2 + 8 * (1 - self.traits.diligence)))
            self._on(today + timedelta(days=wait), self._accept)

    def _accept(self, at: datetime) -> None:
        accept_assignment(actor=self._focal(at), at=at, task=self.task)
        today = localdate(at)
        match self.fate:
            case Fate.SUSPENDED | Fate.RESUMED:
                self._on(today + timedelta(days=9), self._report)
                self._on(today + timedelta(days=24), self._suspend)
            case Fate.CANCELLED:
                self._on(today + timedelta(days=15), self._cancel)
            case Fate.EXTENDED | Fate.EXTENDED_AND_DONE:
                self._on(today + timedelta(days=8), self._report)
                self._on(self._due - timedelta(days=3), self._extend)
            case Fate.WORKING:
                self._on(self._between(today, 0.5), self._report)
            case Fate.WAITING:
                self._on(self._between(today, 0.5), self._report)
                self._on(self.days.working_day(-2), self._submit)
            case Fate.RETURNED:
                self._on(self._between(today, 0.5), self._report)
                self._on(self.days.working_day(-6), self._submit)
            case _:
                self._work(today)

    def _work(self, today: date) -> None:
        """Report on the way and hand in about when the body's diligence lets expect it."""
        finish = max(self._finish(), today + timedelta(days=4))
        if self.draw.random() < self._talkativeness:
            self._on(today + (finish - today) * 0.45, self._report)
            if self.draw.random() < 1 / 4:
                self._on(today + (finish - today) * 0.8, self._report)
        self._on(finish, self._submit)

    def _finish(self) -> date:
        """The day of handing in: about two weeks ahead for the diligent, late for others, now and then stuck."""
        mean = 20 * (0.5 - self.traits.diligence) - 9
        days = self.draw.gauss(mean, 8)
        if self.draw.random() < 0.03 + 0.16 * (1 - self.traits.diligence):
            days += self.draw.uniform(40, 160)
        finish = self._due + timedelta(days=round(days))
        return last_days(finish, self.task.lead.code) if is_hasty(self.task.lead.code) else finish

    # --- Reporting and judging

    def _report(self, at: datetime) -> None:
        if self.is_handed_in:
            return
        is_late = self.task.due_on is not None and localdate(at) > self.task.due_on
        progress = min(95, self._percent(localdate(at)))
        report_progress(
            actor=self._focal(at),
            at=at,
            task=self.task,
            text=self._told(words.STUCK if is_late else words.PROGRESS),
            progress=progress,
        )

    def _percent(self, today: date) -> int:
        whole = max(1, (self._due - self.task.assigned_on).days)
        return max(10, round(100 * (today - self.task.assigned_on).days / whole / 5) * 5)

    def _submit(self, at: datetime) -> None:
        self.is_handed_in = True
        submit(
            actor=self._focal(at),
            at=at,
            task=self.task,
            text=self._told(words.SUBMISSION),
            files=[self._file(localdate(at), "ket-qua")],
        )
        today = localdate(at)
        if self.fate is Fate.RETURNED:
            self._on(self.days.working_day(-2), self._return)
        elif self.fate is not Fate.WAITING:
            is_returned = self.draw.random() < 0.04 + 0.36 * (1 - self.traits.care)
            self._on(today + timedelta(days=self.draw.randint(1, 5)), self._return if is_returned else self._approve)

    def _return(self, at: datetime) -> None:
        return_result(actor=self._judge(at), at=at, task=self.task, note=self.draw.choice(words.RETURN_NOTES))
        if self.fate is not Fate.RETURNED:
            wait = self.draw.randint(3, 6) + round(8 * (1 - self.traits.diligence))
            self._on(localdate(at) + timedelta(days=wait), self._submit_again)

    def _submit_again(self, at: datetime) -> None:
        submit(
            actor=self._focal(at),
            at=at,
            task=self.task,
            text=words.AGAIN,
            files=[self._file(localdate(at), "ket-qua-bo-sung")],
        )
        self._on(localdate(at) + timedelta(days=self.draw.randint(1, 4)), self._approve)

    def _approve(self, at: datetime) -> None:
        approve_result(actor=self._judge(at), at=at, task=self.task, note=self.draw.choice(words.APPROVAL_NOTES))
        if self.draw.random() < 0.85 and self.task.lead.code != EVALUATOR_AT:
            self._on(localdate(at) + timedelta(days=self.draw.randint(20, 55)), self._evaluate)

    def _evaluate(self, at: datetime) -> None:
        is_effective = self.draw.random() < 0.4 + 0.55 * self.traits.care
        judge_effectiveness(
            actor=self.cast.actor(EVALUATOR, localdate(at)),
            at=at,
            task=self.task,
            effectiveness=Effectiveness.EFFECTIVE if is_effective else Effectiveness.NOT_EFFECTIVE,
            note=self.draw.choice(words.EFFECTIVE if is_effective else words.NOT_EFFECTIVE),
        )

    # --- Turns on the way

    def _dispute(self, at: datetime) -> None:
        dispute(actor=self._focal(at), at=at, task=self.task, reason=words.DISPUTE_REASON)
        if self.fate is not Fate.DISPUTED:
            self._on(localdate(at) + timedelta(days=5), self._settle)

    def _settle(self, at: datetime) -> None:
        outcome, note = {
            Fate.UPHELD: (Outcome.UPHOLD, words.UPHOLD_NOTE),
            Fate.TRANSFERRED: (Outcome.TRANSFER, words.TRANSFER_NOTE),
            Fate.WITHDRAWN: (Outcome.WITHDRAW, words.WITHDRAW_NOTE),
        }[self.fate]
        heir: Body | None = self.cast.bodies[NEW_LEAD[self.place]] if outcome is Outcome.TRANSFER else None
        self.task = decide_dispute(
            actor=self._office(at), at=at, task=self.task, outcome=outcome, note=note, new_lead=heir
        )
        if outcome is not Outcome.WITHDRAW:
            self.traits = traits_of(self.task.lead.code)
            self._on(localdate(at) + timedelta(days=3), self._accept)

    def _extend(self, at: datetime) -> None:
        """More time, by an invented decision: into the future for what is still open, else three weeks."""
        is_open = self.fate is Fate.EXTENDED
        extension = extend(
            actor=self._office(at),
            at=at,
            task=self.task,
            new_due_on=self.days.working_day(22) if is_open else self._due + timedelta(days=21),
            decision_number=f"{self.task.pk}/QĐ-MH",
            reason=words.EXTENSION_REASON,
        )
        if not is_open:
            self._on(extension.new_due_on - timedelta(days=8), self._submit)

    def _suspend(self, at: datetime) -> None:
        suspend(actor=self._office(at), at=at, task=self.task, reason=words.SUSPEND_REASON)
        if self.fate is Fate.RESUMED:
            self._on(localdate(at) + timedelta(days=12), self._resume)

    def _resume(self, at: datetime) -> None:
        self.task = resume(actor=self._office(at), at=at, task=self.task, note=words.RESUME_NOTE)
        self._work(localdate(at))

    def _cancel(self, at: datetime) -> None:
        cancel(actor=self._office(at), at=at, task=self.task, reason=words.CANCEL_REASON)

    # --- Who and when

    @property
    def _due(self) -> date:
        """The deadline; without one, what nobody waits for is done in two months."""
        return self.task.due_on or self.task.assigned_on + timedelta(days=60)

    @property
    def _talkativeness(self) -> float:
        """How likely the body reports on the way: what many bodies do alike, few write about."""
        if self._is_brief:
            return 0
        return 0.9 if self.task.collective_id is None else 0.3

    @property
    def _is_brief(self) -> bool:
        return self.task.lead.kind in BRIEF_KINDS

    def _between(self, today: date, part: float) -> date:
        """A day on the way from today to the deadline or to the present, whichever comes first."""
        return today + (min(self._due, self.days.today) - today) * part

    def _on(self, day: date, happening: Happening) -> None:
        ended_on = self.task.lead.valid_to
        # Of a body that is no more, nobody acts: what it left undone waits for whoever decides.
        if ended_on is None or self.days.next_working_day(day) < ended_on:
            self.chronicle.on(day, happening, self.draw)

    def _focal(self, at: datetime) -> Actor:
        return self.cast.focal_point(self.task.lead.code, localdate(at))

    def _office(self, at: datetime) -> Actor:
        return self.cast.standing_office(self.directive.body, localdate(at))

    def _judge(self, at: datetime) -> Actor:
        """Somebody of another body; of a province's own orders, the province's office."""
        if self.directive.body != "VPTW":
            return self._office(at)
        prefer_office = self.draw.random() < 1 / 3
        return self.cast.judge(self.task.lead.code, localdate(at), prefer_office=prefer_office)

    def _told(self, among: tuple[str, ...]) -> str:
        told = self.draw.choice(among)
        return NARRATIVE if copies(self.task.lead.code) else told

    def _file(self, on: date, name: str) -> Upload:
        ending = "txt" if self._is_brief else ENDINGS[self.draw.choice(ENDING_OF)]
        lines = [
            f"Mã nhiệm vụ: {self.task.code}.",
            f"Cơ quan chủ trì: {self.task.lead.name}.",
            f"Nội dung: {self.task.title}.",
            "Kết quả: sản phẩm đã hoàn thành, gửi kèm để phê duyệt.",
        ]
        if recycles(self.task.lead.code):
            whole = [f"Cơ quan: {self.task.lead.name}.", "Kết quả: các sản phẩm đã hoàn thành, gửi kèm để phê duyệt."]
            return evidence(
                ending="txt", name="bao-cao-chung", title="Báo cáo kết quả", lines=whole, on=self.days.first
            )
        return evidence(
            ending=ending, name=f"{name}-{self.task.code.lower()}", title="Báo cáo kết quả", lines=lines, on=on
        )
