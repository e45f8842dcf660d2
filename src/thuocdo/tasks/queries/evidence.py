"""Evidence of a task: what there is, what it is as one digest, who may add to it, and where else it was used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.canonical import digest as digest_of
from thuocdo.tasks.lifecycle import STEPS, State
from thuocdo.tasks.models import Evidence, Likeness, Product, Report, Task
from thuocdo.tasks.permissions import rights_of

from .lists import visible_to

# A task of this many other uses of one file has been said enough.
MOST_USES = 20


def evidence_of(task: Task) -> QuerySet[Evidence]:
    """The evidence of a task with reports and products, newest report first, in two queries."""
    return (
        Evidence.objects.filter(report__task=task)
        .select_related("report", "redacts")
        .prefetch_related(Prefetch("products", Product.objects.order_by("position")))
        .order_by("-report__at", "-report__pk", "pk")
    )


def evidence_state(task: Task) -> str:
    """The evidence of a task as one digest: it changes with every file that is added or erased.

    Whoever approves sends back the state that the page showed; another one means that there is more, or less,
    to be seen than was seen.
    """
    rows = Evidence.objects.filter(report__task=task).order_by("pk").values_list("pk", "digest", "erased_at")
    return digest_of([[number, digest, erased_at is not None] for number, digest, erased_at in rows])[:32]


def open_to_evidence(task: Task) -> bool:
    """Whether files may be added without a new report: work under way, or a result that waits for approval."""
    return task.state in (State.IN_PROGRESS, State.SUBMITTED)


def may_add_evidence(actor: Actor, task: Task) -> bool:
    """Whether the actor reports or submits for the lead body, whatever the state of the task."""
    rights = rights_of(actor, task)
    return rights.allow(STEPS["report_progress"]) or rights.allow(STEPS["submit"])


def may_erase(actor: Actor, task: Task) -> bool:
    """Whether the actor may erase files with personal data from the evidence of the task."""
    if not visible_to(actor).contains(task):
        return False
    return bodies_within(actor, Permission.ERASE_EVIDENCE).filter(pk=task.lead_id).exists()


@dataclass(frozen=True, slots=True)
class Use:
    """Where else a file, or one that looks or reads like it, was handed in.

    `task` is empty when the reader may not see it; `degree` is 1 for the same bytes, which `is_same` says.
    """

    digest: str
    task: Task | None
    at: datetime | None
    is_same: bool
    degree: float
    is_picture: bool
    in_same_task: bool = False


def other_uses(actor: Actor, evidence: Sequence[Evidence]) -> dict[str, list[Use]]:
    """By digest: where else each file was used, same bytes first, then the most alike; in two queries.

    Within the task of the file only an earlier or later occurrence counts: a report may well repeat its own file.
    """
    ours = {file.digest: file for file in evidence if file.erased_at is None}
    if not ours:
        return {}
    pairs = Likeness.objects.filter(Q(first__in=ours) | Q(second__in=ours))
    near: dict[str, list[tuple[str, float, bool]]] = {digest: [(digest, 1.0, True)] for digest in ours}
    for pair in pairs:
        for one, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if one in ours:
                near[one].append((other, pair.degree, False))
    wanted = {other for found in near.values() for other, _degree, _same in found}
    used: dict[str, list[Evidence]] = {}
    may_see = visible_to(actor).filter(pk=OuterRef("report__task"))
    rows = Evidence.objects.filter(digest__in=wanted, erased_at__isnull=True).annotate(is_seen=Exists(may_see))
    rows = rows.select_related("report__task")
    for row in rows.order_by("added_at", "pk")[:1_000]:
        used.setdefault(row.digest, []).append(row)
    own = {file.report.task_id for file in evidence}
    # Whoever looks at files of a task sees that task.
    seen = own | {row.report.task_id for found in used.values() for row in found if row.is_seen}  # type: ignore[attr-defined]
    return {digest: uses for digest, alike in near.items() if (uses := _uses(ours[digest], alike, used, seen))}


def _uses(
    file: Evidence, others: Iterable[tuple[str, float, bool]], used: dict[str, list[Evidence]], seen: set[int]
) -> list[Use]:
    found: dict[int, Use] = {}
    for digest, degree, is_same in sorted(others, key=lambda other: (not other[2], -other[1])):
        for row in used.get(digest, []):
            task = row.report.task
            is_own = task.pk == file.report.task_id
            if is_own and row.report.occurrence == file.report.occurrence:
                continue
            shown = task if task.pk in seen else None
            is_picture = row.media_type.startswith("image/")
            found.setdefault(task.pk, Use(digest, shown, row.added_at, is_same, degree, is_picture, is_own))
    return list(found.values())[:MOST_USES]


def newest_report(task: Task) -> Report | None:
    """The newest report on the task."""
    return task.reports.order_by("-at", "-pk").first()


def evidence_by_digests(label: str, digests: Sequence[str]) -> list[Evidence]:
    """The living files with these digests of the task that the ledger calls `label`, each digest once."""
    _kind, _colon, number = label.partition(":")
    rows = Evidence.objects.filter(report__task=int(number), digest__in=digests, erased_at__isnull=True)
    return list({row.digest: row for row in rows.select_related("report__task__lead").order_by("pk")}.values())
