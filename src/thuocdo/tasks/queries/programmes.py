"""Work programmes: their versions, which one is in force, and what one version changed against another."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.tasks.models import Programme, ProgrammeEntry, ProgrammeVersion, Task

from .lists import visible_to


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version changed against an earlier one."""

    added: list[Task]
    dropped: list[Task]
    became_core: list[Task]
    no_longer_core: list[Task]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.dropped or self.became_core or self.no_longer_core)


def programmes(actor: Actor) -> QuerySet[Programme]:
    """The programmes of bodies whose tasks the actor may see, with their versions, newest first."""
    versions = ProgrammeVersion.objects.annotate(number_of_tasks=Count("entries")).order_by("-number")
    bodies = bodies_within(actor, Permission.VIEW_TASKS).values("pk")
    found = Programme.objects.filter(body__in=bodies).select_related("body")
    return found.prefetch_related(Prefetch("versions", versions)).order_by("-pk")


def programme_by_code(code: str, *, actor: Actor) -> Programme | None:
    """The programme with this code, if the actor may see it."""
    return programmes(actor).filter(code=code).first()


def version_in_force(programme: Programme) -> ProgrammeVersion | None:
    """The approved version with the highest number."""
    return ProgrammeVersion.objects.filter(programme=programme, approved_on__isnull=False).order_by("-number").first()


def core_tasks() -> Q:
    """Tasks that the version in force of some programme names as core, as a condition on tasks."""
    newest = ProgrammeVersion.objects.filter(
        programme=OuterRef("version__programme"), approved_on__isnull=False
    ).order_by("-number")
    core = ProgrammeEntry.objects.filter(task=OuterRef("pk"), is_core=True, version=Subquery(newest.values("pk")[:1]))
    return Q(Exists(core))


def entries(version: ProgrammeVersion, actor: Actor) -> list[ProgrammeEntry]:
    """The entries of a version whose tasks the actor may see, core ones first, then in their order."""
    seen = visible_to(actor).values("pk")
    found = ProgrammeEntry.objects.filter(version=version, task__in=seen)
    return list(found.select_related("task__lead").order_by("-is_core", "position"))


def changes_between(old: ProgrammeVersion | None, new: ProgrammeVersion, actor: Actor) -> Changes:
    """What the newer version changed against the older one, among the tasks that the actor may see."""
    before = {row.task_id: row for row in entries(old, actor)} if old is not None else {}
    after = {row.task_id: row for row in entries(new, actor)}
    both = [(before[pk], after[pk]) for pk in after if pk in before]
    return Changes(
        added=[row.task for pk, row in after.items() if pk not in before],
        dropped=[row.task for pk, row in before.items() if pk not in after],
        became_core=[now.task for then, now in both if now.is_core and not then.is_core],
        no_longer_core=[now.task for then, now in both if then.is_core and not now.is_core],
    )


def awaiting_approval(actor: Actor, today: date) -> QuerySet[Programme]:
    """Programmes whose day of approval has passed without any approved version."""
    approved = ProgrammeVersion.objects.filter(programme=OuterRef("pk"), approved_on__isnull=False)
    return programmes(actor).filter(~Exists(approved), due_on__lt=today)


def draft_versions(actor: Actor) -> QuerySet[ProgrammeVersion]:
    """Versions that are not approved yet, of programmes of bodies for which the actor assigns."""
    bodies = bodies_within(actor, Permission.ASSIGN_TASK)
    found = ProgrammeVersion.objects.filter(approved_on__isnull=True, programme__body__in=bodies)
    return found.select_related("programme").order_by("programme__code", "-number")
