"""Findings that a person may see, their counts, what may be done to one, and the course of one."""

from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may
from thuocdo.accounts.queries import people_at
from thuocdo.evaluations.lifecycle import OPENISH, Act, By, acts_from
from thuocdo.evaluations.models import Comparison, Finding, Size, Step
from thuocdo.tasks.queries import visible_to as tasks_visible_to


def findings_visible_to(actor: Actor) -> QuerySet[Finding]:
    """Findings about bodies that the actor watches over or answers for; those about tasks only where the task is seen.

    Nobody sees the findings about their own house before it is asked, but the house itself sees what it must answer.
    """
    if actor.is_machine:
        return Finding.objects.all()
    watched = bodies_within(actor, Permission.VIEW_SIGNALS).values("pk")
    own = bodies_within(actor, Permission.ANSWER_FINDING).values("pk")
    seen = Q(task__isnull=True) | Q(task__in=tasks_visible_to(actor).values("pk"))
    return Finding.objects.filter(Q(body__in=watched) | Q(body__in=own)).filter(seen)


def for_findings_list(found: QuerySet[Finding]) -> QuerySet[Finding]:
    """The findings with everything a row of the list shows, riskiest first."""
    return found.select_related("body", "indicator", "task", "owner").order_by("-risk", "-opened_at", "-pk")


def finding_by_id(actor: Actor, number: int) -> Finding | None:
    """The finding with this number, if the actor may see it."""
    related = ("body", "indicator", "task", "owner", "claimed", "stronger")
    return findings_visible_to(actor).select_related(*related).filter(pk=number).first()


def counts_by_state(found: QuerySet[Finding]) -> dict[str, int]:
    """How many stand in each state."""
    return dict(found.order_by().values_list("state").annotate(Count("pk")))


def open_findings(actor: Actor, *, body_id: int | None = None) -> QuerySet[Finding]:
    """What waits for an answer or a judgement, of all the actor sees or of one body."""
    found = findings_visible_to(actor).filter(state__in=OPENISH)
    return found if body_id is None else found.filter(body=body_id)


def possible_acts(actor: Actor, finding: Finding) -> list[Act]:
    """What the actor may do to the finding now."""
    acts: list[Act] = []
    for by, permission in ((By.VERIFIER, Permission.VERIFY_FINDING), (By.BODY, Permission.ANSWER_FINDING)):
        offered = acts_from(finding.state, by)
        if offered and may(actor, permission, finding.body):
            acts += offered
    return acts


def possible_owners(actor: Actor, finding: Finding) -> QuerySet[User]:
    """People of the body who can be named to answer."""
    return people_at(finding.body, on=actor.on)


def steps_of(finding: Finding) -> QuerySet[Step]:
    """What was done about the finding, oldest first."""
    return finding.steps.order_by("at", "pk")


def asked_last_by(finding: Finding) -> int | None:
    """Number of the person who last asked the body for an answer; None when nobody has, or a machine did."""
    asked = finding.steps.filter(act__in=("assign", "ask", "resume"))
    return asked.order_by("-at", "-pk").values_list("by_user_id", flat=True).first()


def sizes_of(finding: Finding) -> QuerySet[Size]:
    """How large it was from when on, oldest first."""
    return finding.sizes.order_by("at", "pk")


def names_of(steps: Iterable[Step]) -> dict[int, str]:
    """Names of the people who took the steps, for those who may see the finding."""
    users = {step.by_user_id for step in steps if step.by_user_id}
    return dict(User.objects.filter(pk__in=users).values_list("pk", "full_name"))


def compared_pairs() -> int:
    """How many declared values stand beside a stronger one."""
    return Comparison.objects.count()
