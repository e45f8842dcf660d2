"""Lists on their way in: those of a person, and those that a worker left behind."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from thuocdo.accounts.permissions import Actor
from thuocdo.exchanges.lifecycle import AT_WORK
from thuocdo.exchanges.models import ImportRun
from thuocdo.ledger.queries import entry_by_number


def imports_of(actor: Actor) -> QuerySet[ImportRun]:
    """The lists that the person brought, newest first."""
    return ImportRun.objects.filter(by_user=actor.user_id or 0).select_related("mapping").order_by("-pk")


def import_of(actor: Actor, number: int) -> ImportRun | None:
    """One list that the person brought."""
    return imports_of(actor).select_related("mapping__system").filter(pk=number).first()


def import_of_entry(entry: int) -> int | None:
    """The number of the import that a ledger entry is about."""
    told = entry_by_number(entry)
    kind, _colon, number = told.subject.partition(":") if told is not None else ("", "", "")
    return int(number) if kind == "import" and number.isdecimal() else None


def imports_left(*, untouched_since: datetime) -> list[int]:
    """Numbers of lists at work that no worker has touched since."""
    touched = Coalesce(F("started_at"), F("decided_at"), F("received_at"))
    found = ImportRun.objects.filter(stage__in=AT_WORK).annotate(touched=touched)
    return list(found.filter(Q(touched__lt=untouched_since)).order_by("pk").values_list("pk", flat=True))
