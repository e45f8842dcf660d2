"""Evidence by what it is: the files with a digest, for figures that name their evidence by it."""

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.models import Evidence

from .lists import visible_to


def evidence_with_digest(actor: Actor, digest: str) -> Evidence | None:
    """The newest living file with this SHA-256 digest on a task that the actor may see; None without one."""
    found = Evidence.objects.filter(digest=digest, erased_at__isnull=True, report__task__in=visible_to(actor))
    return found.select_related("report__task").order_by("-pk").first()
