"""What happens to directives: received, read by the machine, confirmed by a person, and so become tasks."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from django.utils.timezone import localdate

from thuocdo.accounts.permissions import machine
from thuocdo.directives.models import Candidate, Document
from thuocdo.directives.operations import correct, receive, record_found, reject
from thuocdo.directives.queries import review_list
from thuocdo.engine.extraction.assignments import find_assignments
from thuocdo.tasks.lifecycle import Secrecy
from thuocdo.tasks.operations import TaskRefused, assign_from_candidate

from .cast import Cast
from .chronicle import Chronicle
from .course import Course
from .days import Days
from .documents import DIRECTIVES, Directive, Review, file_of
from .traits import chance

# How many candidates of a half-reviewed directive are decided.
HALF = 3
PROGRAMME = "nq57"
# What the central bodies of the Party, the Assembly and justice do among themselves is not shown to the public.
INTERNAL = {"07"}
WEIGHTS = (Decimal(1), Decimal(1), Decimal("1.5"), Decimal(2))


@dataclass(slots=True)
class Story:
    """Tells the directives to the chronicle; each confirmed task goes on its own course from there."""

    days: Days
    cast: Cast
    chronicle: Chronicle
    # Tasks with a course of their own that were met on the way, so that a test can tell whether all were.
    met: set[tuple[str, str]] = field(default_factory=set)

    def tell(self) -> None:
        """Put the arrival of every directive into the queue."""
        for directive in DIRECTIVES:
            arrival = partial(self._receive, directive)
            if directive.received == 0:
                self.chronicle.at(self.days.now - timedelta(minutes=50), arrival)
            else:
                self.chronicle.on(self.days.working_day(directive.received), arrival, chance("arrival", directive.file))

    def _receive(self, directive: Directive, at: datetime) -> None:
        today = localdate(at)
        name, data = file_of(directive, self.days)
        office = self.cast.standing_office(directive.body, today)
        document = receive(actor=office, at=at, data=data, file_name=name)
        record_found(
            actor=machine("extraction", today),
            at=at + timedelta(seconds=5),
            document=document,
            found=find_assignments(document.text, issued_on=document.issued_on),
        )
        if directive.review is not Review.NONE:
            self.chronicle.at(at + timedelta(minutes=25), partial(self._review, directive, document))

    def _review(self, directive: Directive, document: Document, at: datetime) -> None:
        """Confirm what was found; what addresses nobody here is rejected."""
        candidates = list(review_list(document))
        for candidate in candidates[:HALF] if directive.review is Review.HALF else candidates:
            self._decide(directive, candidate, at)

    def _decide(self, directive: Directive, candidate: Candidate, at: datetime) -> None:
        office = self.cast.standing_office(directive.body, localdate(at))
        draw = chance("decision", directive.file, candidate.start)
        if not candidate.deliverable and draw.random() < 1 / 2:
            # Every second time somebody adds the product that the text leaves unsaid.
            correct(actor=office, at=at, candidate=candidate, deliverable="Báo cáo kết quả thực hiện kèm số liệu")
        try:
            tasks = assign_from_candidate(
                actor=office,
                at=at,
                candidate=candidate,
                title=candidate.action[:1].upper() + candidate.action[1:],
                is_core=draw.random() < 1 / 4,
                weight=draw.choice(WEIGHTS),
                secrecy=Secrecy.INTERNAL if directive.code in INTERNAL else Secrecy.PUBLIC,
                programme=PROGRAMME,
            )
        except TaskRefused:
            reject(actor=office, at=at, candidate=candidate)
            return
        for task in tasks:
            course = Course(self.days, self.cast, self.chronicle, directive, task)
            if course.is_written:
                self.met.add(course.place)
            course.begin(at)
