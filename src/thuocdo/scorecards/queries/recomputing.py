"""Computing a stored run again from what it kept, to show that nothing was changed since."""

from dataclasses import dataclass

from thuocdo.engine.scoring import compute
from thuocdo.scorecards.models import Run

from .content import content_of, inputs_digest, outputs_digest
from .methods import spec_of


@dataclass(frozen=True, slots=True)
class Recomputed:
    """A run computed again from what it kept: the digests now, and whether they are those of the run."""

    inputs_digest: str
    outputs_digest: str
    is_equal: bool


def recompute(run: Run) -> Recomputed:
    """Compute a run again from its kept inputs and its version of the method; writes nothing."""
    content = content_of(run)
    inputs_now = inputs_digest(content)
    outcome = compute(spec_of(run.scorecard), content.matrix)
    outputs_now = outputs_digest(outcome, earlier=content.earlier is not None)
    is_equal = (
        run.method_digest == run.scorecard.digest
        and inputs_now == run.inputs_digest
        and outputs_now == run.outputs_digest
    )
    return Recomputed(inputs_now, outputs_now, is_equal)
