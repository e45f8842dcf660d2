"""Column mappings: which one reads a list, which ones a person may see and change."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.exchanges.models import ColumnMapping
from thuocdo.organisations.models import Body


def mappings_for(actor: Actor) -> QuerySet[ColumnMapping]:
    """The living mappings by which the actor's lists are read: those of the actor's bodies, then those for all."""
    living = ColumnMapping.objects.filter(retired_at__isnull=True).select_related("system", "body")
    if actor.is_machine:
        return living
    return living.filter(Q(body__isnull=True) | Q(body__in=[held.body_id for held in actor.held]))


def mapping_for(actor: Actor, digest: str) -> ColumnMapping | None:
    """The mapping that reads lists with headings of this digest, a body's own before one for all."""
    found = mappings_for(actor).filter(headings_digest=digest)
    if actor.is_machine:
        # Whoever runs the instance reads by what is kept for all; a body's own is asked for by its name.
        found = found.filter(body__isnull=True)
    own: Sequence[ColumnMapping] = sorted(found, key=lambda one: (one.body_id is None, one.pk))
    return own[0] if own else None


def mapping_named(actor: Actor, name: str) -> ColumnMapping | None:
    """The mapping of this name, a body's own before one for all."""
    wanted = " ".join(name.split()).casefold()
    found = [one for one in mappings_for(actor) if one.name.casefold() == wanted]
    return min(found, key=lambda one: (one.body_id is None, one.pk)) if found else None


def mappings_managed(actor: Actor) -> QuerySet[ColumnMapping]:
    """The living mappings of all bodies whose exchanges the actor manages."""
    bodies = bodies_within(actor, Permission.MANAGE_EXCHANGES)
    return (
        ColumnMapping.objects.filter(retired_at__isnull=True, body__in=bodies)
        .select_related("system", "body")
        .order_by("name", "pk")
    )


def mapping_managed(actor: Actor, number: int) -> ColumnMapping | None:
    """A mapping, also a retired one, whose body's exchanges the actor manages."""
    bodies = bodies_within(actor, Permission.MANAGE_EXCHANGES)
    return ColumnMapping.objects.filter(pk=number, body__in=bodies).select_related("system", "body").first()


def mapping_body(actor: Actor) -> Body | None:
    """The body of the actor for which mappings are kept: the first at which the actor manages exchanges."""
    own = [held.body_id for held in actor.held]
    return bodies_within(actor, Permission.MANAGE_EXCHANGES).filter(pk__in=own).order_by("pk").first()
