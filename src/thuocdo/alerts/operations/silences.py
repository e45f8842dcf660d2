"""Mail about a feed that fell silent, to those who have to see to it; its words are written when it goes out."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from thuocdo.accounts.models import RoleHolding, User
from thuocdo.accounts.permissions import ROLES, Permission
from thuocdo.accounts.queries import actor_for_user
from thuocdo.alerts.models import Message
from thuocdo.alerts.queries import wishes_of
from thuocdo.feeds.queries import silences_for
from thuocdo.organisations.models import Line

_SEEING = [role for role, grants in ROLES.items() if Permission.VIEW_LEDGER in grants]


@transaction.atomic
def mail_silence(*, noted_at: datetime) -> int:
    """Queue mail about the silence noted at that moment; gives the number of messages. Twice does no harm."""
    day = localdate(noted_at)
    # Feeds tell of all bodies: only who reaches everything sees them, and so holds a role over a body without superior.
    seeing = (
        RoleHolding.objects.valid_on(day)
        .annotate(reach=Coalesce("over", "body"))
        .filter(user=OuterRef("pk"), role__in=_SEEING)
        .exclude(reach__in=Line.objects.valid_on(day).values("body"))
    )
    people = [
        user
        for user in User.objects.filter(Exists(seeing), is_active=True).exclude(email="").order_by("pk")
        if silences_for(actor_for_user(user, on=day))
    ]
    told = set(
        Message.objects.filter(queued_at=noted_at, sort=Message.Sort.NOTICES, notices__isnull=True).values_list(
            "recipient", flat=True
        )
    )
    wishes = wishes_of([user.pk for user in people])
    messages = [
        Message(
            recipient=user,
            sort=Message.Sort.NOTICES,
            queued_at=noted_at,
            not_before=wishes[user.pk].not_before(noted_at),
        )
        for user in people
        if user.pk not in told
    ]
    Message.objects.bulk_create(messages)
    return len(messages)
