"""Lists that people keep under a name: one's own, and those shared with a body where one works."""

from django.db.models import Q, QuerySet

from thuocdo.accounts.permissions import Actor
from thuocdo.tasks.models import SavedList


def saved_lists(actor: Actor) -> QuerySet[SavedList]:
    """The actor's own lists and those shared with a body at which the actor holds a role, by name."""
    shared = Q(shared_with__in=[held.body_id for held in actor.held])
    mine = Q(owner=actor.user_id)
    return SavedList.objects.filter(mine | shared).select_related("owner", "shared_with").order_by("name", "pk")


def saved_list(actor: Actor, number: int) -> SavedList | None:
    """The list with this number, if it is the actor's own."""
    return SavedList.objects.filter(pk=number, owner=actor.user_id).select_related("shared_with").first()
