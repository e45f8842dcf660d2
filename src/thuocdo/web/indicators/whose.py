"""Which body's values a page shows: the one asked for, one's own, or the one that answers for the figure."""

from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.organisations.queries import bodies
from thuocdo.web.bodies.suggest import CHOSEN, settle

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.indicators.queries import Indicator
    from thuocdo.organisations.models import Body


def seen_by(actor: Actor) -> "QuerySet[Body]":
    """Today's bodies whose figures the actor may see."""
    return bodies(on=actor.on).filter(pk__in=bodies_within(actor, Permission.VIEW_INDICATORS).values("pk"))


def asked_body(query: QueryDict, among: "QuerySet[Body]", actor: Actor) -> "Body | None":
    """The body that the address names by code, or by a text that means one body alone."""
    text = query.get("co_quan", "").strip()
    code = query.get(f"co_quan{CHOSEN}", "")
    if not text:
        return None
    if code and (found := among.filter(code=code).first()) and text in (found.name, found.name_en, found.code):
        return found
    fitting = settle(text, among=among, on=actor.on)
    return fitting[0] if len(fitting) == 1 else None


def own_body(actor: Actor, among: "QuerySet[Body]") -> "Body | None":
    """The first body at which the actor holds a role, if its figures are measured at all."""
    order = {held.body_id: place for place, held in enumerate(actor.held)}
    own = sorted(among.filter(pk__in=list(order)).exclude(peer_group=""), key=lambda body: order[body.pk])
    return next(iter(own), None)


def body_for(indicator: "Indicator", query: QueryDict, among: "QuerySet[Body]", actor: Actor) -> Any:
    """Whose values the page of an indicator opens with: those asked for, one's own, the answering body's."""
    if query.get("co_quan"):
        return asked_body(query, among, actor)
    owner = indicator.owner
    order = {held.body_id: place for place, held in enumerate(actor.held)}
    seen = {body.pk: body for body in among.filter(pk__in=[*order, *([owner.pk] if owner is not None else [])])}
    own = min(
        (seen[pk] for pk in order if pk in seen and seen[pk].peer_group), key=lambda one: order[one.pk], default=None
    )
    if own is not None and indicator.applies_to and indicator.applies(own.peer_group):
        return own
    is_measured = owner is not None and (not indicator.applies_to or indicator.applies(owner.peer_group))
    return owner if is_measured and owner.pk in seen else None  # type: ignore[union-attr]
