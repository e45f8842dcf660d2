"""Loading a version of a method; loading the same text again changes nothing."""

from datetime import date, datetime

from django.db import transaction

from thuocdo.accounts.permissions import Actor, Permission, require_anywhere
from thuocdo.engine.canonical import digest_of_bytes
from thuocdo.engine.scoring import Spec, SpecError, load_spec
from thuocdo.engine.scoring.spec import Problem
from thuocdo.engine.spelling import nfc
from thuocdo.indicators.queries import indicators
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.scorecards.models import Scorecard


class ScorecardRefused(ValueError):
    """A scorecard file that cannot be used; the message names every problem with its remedy.

    `problems` are those of the file itself, each with its line; `absent` the indicators that nobody defined.
    """

    def __init__(self, message: str, problems: tuple[Problem, ...] = (), absent: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems, self.absent = problems, absent


def checked(text: str) -> Spec:
    """The method that a scorecard file holds, if this instance can rank by it; raises ScorecardRefused."""
    try:
        spec = load_spec(text)
    except SpecError as error:
        raise ScorecardRefused(str(error), error.problems) from error
    wanted = [one.code for one in spec.indicators]
    known = set(indicators(codes=wanted).values_list("code", flat=True))
    if absent := [code for code in wanted if code not in known]:
        raise ScorecardRefused(
            f"The dictionary lacks {', '.join(absent)}; load these indicators first.", absent=tuple(absent)
        )
    if spec.rounding.ties == "average":
        raise ScorecardRefused('rounding.ties: places in a ranking are whole numbers; use "min" or "dense".')
    return spec


@transaction.atomic
def load_scorecard(
    *, actor: Actor, at: datetime, text: str, valid_from: date | None = None, approved_by: str = ""
) -> Scorecard:
    """Load the text of a scorecard file as a version of its method; gives the version that holds this text.

    The file's `id` is the code; another text with the same id is the next version. What the approving document
    says of itself and of the first day prevails over the file. Raises ScorecardRefused.
    """
    require_anywhere(actor, Permission.MANAGE_METHODS)
    spec = checked(text)
    start = valid_from or spec.valid_from
    if start is None:
        raise ScorecardRefused("valid_from is missing; write the first day on which the method holds.")
    sealed = digest_of_bytes(text.encode())
    newest = Scorecard.objects.filter(code=spec.id).order_by("-version").first()
    if newest is not None and newest.digest == sealed:
        return newest
    scorecard = Scorecard.objects.create(
        code=spec.id,
        version=newest.version + 1 if newest else 1,
        title=nfc(spec.title.vi),
        title_en=spec.title.en,
        text=text,
        digest=sealed,
        approved_by=nfc(approved_by or spec.approved_by),
        valid_from=start,
        valid_to=spec.valid_to,
    )
    append(
        actor=actor.label,
        at=at,
        event=Event.SCORECARD_LOADED,
        subject=scorecard.label,
        data={"version": scorecard.version, "digest": sealed, "from": start},
    )
    return scorecard
