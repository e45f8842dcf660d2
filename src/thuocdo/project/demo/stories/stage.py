"""Where stories are told: who acts, and when the next act comes."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import Actor
from thuocdo.organisations.models import Body
from thuocdo.project.demo.cast import Cast
from thuocdo.project.demo.chronicle import Chronicle
from thuocdo.project.demo.days import Days
from thuocdo.project.demo.evidence import evidence
from thuocdo.project.demo.traits import chance
from thuocdo.tasks.files import Upload
from thuocdo.tasks.lifecycle import Secrecy
from thuocdo.tasks.models import Task
from thuocdo.tasks.operations import TaskDescription, accept_assignment, approve_result, assign, submit

# A story yields the day of its next act (days from today, negative: past) and is given the moment of it.
Acts = Generator[float, datetime, None]
OFFICE, VERIFIER, EVALUATOR = "thuongtruc", "thamdinh", "danhgia"


@dataclass(slots=True)
class Stage:
    """Tells stories to the chronicle, act by act; an act in the future never happens."""

    days: Days
    cast: Cast
    chronicle: Chronicle

    def tell(self, story: Callable[["Stage"], Acts]) -> None:
        """Put the first act of a story into the queue; each act puts the next one there."""
        acts = story(self)
        draw = chance("story", story.__name__)

        def happen(at: datetime) -> None:
            try:
                offset = acts.send(at)
            except StopIteration:
                return
            self._queue(offset, happen, draw.randrange(500))

        self._queue(next(acts), happen, draw.randrange(500))

    def _queue(self, offset: float, happening: Callable[[datetime], None], minute: int) -> None:
        if offset == 0:
            # Today is told last, whatever the hour at which somebody loads the demonstration.
            self.chronicle.at(self.days.now, happening)
        else:
            self.chronicle.at(self.days.moment(self.days.working_day(offset), minute), happening)

    # --- Who

    def body(self, code: str) -> Body:
        """The body with this code."""
        return self.cast.bodies[code]

    def actor(self, username: str, at: datetime) -> Actor:
        """The person with this sign-in name, with the roles of the day."""
        return self.cast.actor(username, localdate(at))

    def focal(self, body: str, at: datetime) -> Actor:
        """Whoever reports for the body."""
        return self.cast.focal_point(body, localdate(at))

    # --- What is done in every story

    def day(self, offset: float) -> date:
        """A working day at an offset from today."""
        return self.days.working_day(offset)

    def given(self, at: datetime, title: str, lead: str, due: float | None, **more: object) -> Task:
        """A task that the standing office gives."""
        described = TaskDescription(
            title=title,
            lead=self.body(lead),
            due_on=None if due is None else self.day(due),
            secrecy=Secrecy.PUBLIC,
            programme="nq57",
            **more,  # type: ignore[arg-type]
        )
        return assign(actor=self.actor(OFFICE, at), at=at, task=described)

    def taken(self, at: datetime, task: Task) -> None:
        """The lead body takes the task on."""
        accept_assignment(actor=self.focal(task.lead.code, at), at=at, task=task)

    def handed_in(self, at: datetime, task: Task, text: str, files: Sequence[Upload]) -> None:
        """The lead body hands in its result."""
        submit(actor=self.focal(task.lead.code, at), at=at, task=task, text=text, files=files)

    def accepted(self, at: datetime, task: Task, note: str = "Sản phẩm đạt yêu cầu.") -> None:
        """The verifier accepts the result."""
        approve_result(actor=self.actor(VERIFIER, at), at=at, task=task, note=note)

    def paper(self, at: datetime, name: str, title: str, *lines: str, ending: str = "docx") -> Upload:
        """A small file of evidence."""
        return evidence(ending=ending, name=name, title=title, lines=list(lines), on=localdate(at))
