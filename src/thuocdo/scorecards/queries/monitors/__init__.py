"""Signs that figures or reports may have been made to please, each with the rows behind it; no accusation.

What is looked for stands in engine/quality/gaming.py. Everybody sees the signs of the bodies that their
permission reaches, and of tasks only those that they may open.
"""

from dataclasses import dataclass
from datetime import date

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.tasks.models import Evidence
from thuocdo.tasks.queries import visible_to

from .ceilings import Ceiling, ceilings
from .heaps import Heap, Told, declared, heaps
from .hurries import Hurry, hurries
from .lookback import quarters_before
from .reuse import Copied, Reuse, copied, reused

__all__ = ["Ceiling", "Copied", "Heap", "Hurry", "Reuse", "Signs", "Told", "signs"]


@dataclass(frozen=True, slots=True)
class Signs:
    """Everything that stands out, most striking first, and how much was looked at."""

    ceilings: list[Ceiling]
    heaps: list[Heap]
    hurries: list[Hurry]
    reused: list[Reuse]
    copied: list[Copied]
    looked_at: dict[str, int]

    @property
    def number(self) -> int:
        found = (self.ceilings, self.heaps, self.hurries, self.reused, self.copied)
        return sum(len(kind) for kind in found)


def signs(actor: Actor, *, on: date, scorecard: str) -> Signs:
    """All signs of the newest five quarters, for the bodies that the actor's VIEW_SIGNALS reaches."""
    bodies = {body.pk: body for body in bodies_within(actor, Permission.VIEW_SIGNALS)}
    quarters = quarters_before(on)
    tasks = visible_to(actor).filter(lead__in=bodies)
    values = declared(bodies, since=quarters[0])
    hurried, tested = hurries(tasks, values, bodies, quarters, on)
    alike, compared = copied(tasks, since=quarters[0].start)
    # The running quarter still fills up: its ceilings would say nothing.
    over = [one for one in quarters if one.end <= on]
    reached, columns = ceilings({body.code for body in bodies.values()}, scorecard, over)
    looked_at = {
        "ceilings": columns,
        "heaps": len({row[0] for row in values}),
        "hurries": tested,
        "reports": compared,
        "evidence": Evidence.objects.filter(report__task__in=tasks).count(),
    }
    return Signs(reached, heaps(values, bodies), hurried, reused(tasks), alike, looked_at)
