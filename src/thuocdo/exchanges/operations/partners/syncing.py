"""One round of the exchange: pull the orders, push what waits, pull what came of it.

Nothing is lost and nothing is done twice, wherever the line breaks: orders are states and are told again from the
last cursor that was kept, and what goes up bears an identifier under which the parent does it once.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, machine
from thuocdo.client import Client, Patience, Unauthorised, Unreachable, Unwelcome
from thuocdo.exchanges.models import Mirror, Outgoing, Parent, SentFile
from thuocdo.exchanges.partner_keys import key_of
from thuocdo.exchanges.protocol import HEADER, MACHINE, UNDERSTOOD, VERSION
from thuocdo.exchanges.queries.figures import rows_to_send
from thuocdo.tasks.models import Evidence

from .gathering import gather
from .orders import carry_out, take_order

PAGE = 200
TIMEOUT = 20.0
# The pause after failures in a row: longer each time, by chance, and never beyond an hour.
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Synced:
    """What one round brought: orders taken, reports told, reports refused; `failure` is empty when all went well."""

    orders: int = 0
    told: int = 0
    refused: int = 0
    failure: str = ""


class _OtherVersion(RuntimeError):
    """The parent speaks a version of the protocol that this instance does not understand."""


def connect(parent: Parent) -> Client:
    """A client of the parent with our key, which tries once: the next round is the repetition."""
    return Client(parent.address, key_of(parent.pk), timeout=TIMEOUT, patience=Patience(attempts=1))


def sync_due(*, at: datetime, connected: Callable[[Parent], Client] = connect) -> list[Synced]:
    """A round with every parent that is not paused and whose pause after a failure is over."""
    due = Parent.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=at), is_paused=False)
    return [sync(at=at, parent=parent, connected=connected) for parent in due.order_by("pk")]


def sync(*, at: datetime, parent: Parent, connected: Callable[[Parent], Client] = connect) -> Synced:
    """One round with one parent; a broken line is noted with the time of the next attempt, and never raised."""
    actor = machine(MACHINE, localdate(at))
    gather(at=at, parent=parent)
    tally = {"orders": 0, "told": 0, "refused": 0}
    failure, detail = "", ""
    try:
        if not key_of(parent.pk):
            raise Unauthorised(gettext("Chưa có khóa của bản cấp trên trên máy này."))  # noqa: TRY301
        client = connected(parent)
        tally["orders"] = _pull(client, parent, actor=actor, at=at)
        told, refused = _push(client, parent, at=at)
        tally |= {"told": told, "refused": refused}
        if told:
            tally["orders"] += _pull(client, parent, actor=actor, at=at)
    except Unauthorised as error:
        failure, detail = "key_refused", str(error)
    except _OtherVersion as error:
        failure, detail = "other_version", str(error)
    except Unwelcome as error:
        code = str(error.answer.get("code", "")) if isinstance(error.answer, dict) else ""
        failure, detail = ("other_version" if code == "protocol_unknown" else "not_understood"), str(error)
    except (Unreachable, OSError) as error:
        failure, detail = "unreachable", str(error)
    _note(parent, failure, detail, at=at)
    return Synced(**tally, failure=failure)


def _note(parent: Parent, failure: str, detail: str, *, at: datetime) -> None:
    row = Parent.objects.get(pk=parent.pk)
    row.tried_at, row.failure, row.failure_detail = at, failure, detail[:300]
    if failure:
        row.failures += 1
        pause = min(LONGEST, FIRST * 2.0 ** min(row.failures - 1, 10))
        row.not_before = at + pause / 2 + pause / 2 * random.random()  # noqa: S311
    else:
        row.failures, row.not_before, row.reached_at = 0, None, at
    row.save(update_fields=["tried_at", "failure", "failure_detail", "failures", "not_before", "reached_at"])


def _pull(client: Client, parent: Parent, *, actor: Actor, at: datetime) -> int:
    """Take every order that changed; the cursor is kept once the whole page is carried out."""
    number = 0
    for mirror in Mirror.objects.filter(parent=parent).exclude(problem="").order_by("pk"):
        carry_out(actor=actor, at=at, mirror=mirror)
    while True:
        cursor = Parent.objects.values_list("cursor", flat=True).get(pk=parent.pk)
        answer = client.call(
            "GET", f"/api/v1/exchange/tasks?limit={PAGE}&cursor={cursor}", headers={HEADER: str(VERSION)}
        )
        if answer.get("protocol") not in UNDERSTOOD:
            text = gettext(
                "Bản cấp trên trao đổi theo giao thức phiên bản %(theirs)s, bản này hiểu phiên bản %(ours)s."
            )
            raise _OtherVersion(text % {"theirs": answer.get("protocol"), "ours": VERSION})
        for item in answer["items"]:
            take_order(actor=actor, at=at, parent=parent, item=item)
            number += 1
        # An answer that comes twice, or late, must not lead back: only the one asked for moves the cursor.
        Parent.objects.filter(pk=parent.pk, cursor=cursor).update(cursor=answer["next"])
        if not answer["has_more"]:
            return number


def _push(client: Client, parent: Parent, *, at: datetime) -> tuple[int, int]:
    """Tell what waits, in order; what the parent refuses is set aside with its reason, and the next goes on."""
    told = refused = 0
    waiting = Outgoing.objects.filter(parent=parent, state=Outgoing.State.WAITING)
    for number in list(waiting.order_by("entry", "pk").values_list("pk", flat=True)):
        row = Outgoing.objects.select_related("mirror").get(pk=number)
        try:
            _tell(client, parent, row, at=at)
        except Unauthorised as error:
            if error.code != "not_allowed":
                raise
            # The key is good, but this one thing is not ours to do any more: the task has another lead.
            _set_aside(row, error.code, error)
            refused += 1
        except Unwelcome as error:
            plain = error.answer if isinstance(error.answer, dict) else {}
            _set_aside(row, str(plain.get("code") or error.status), error)
            refused += 1
        else:
            row.state = Outgoing.State.SENT
            told += 1
        row.finished_at = at
        row.save(update_fields=["state", "finished_at", "refusal", "refusal_detail"])
    return told, refused


def _set_aside(row: Outgoing, code: str, error: Exception) -> None:
    row.state, row.refusal, row.refusal_detail = Outgoing.State.REFUSED, code[:60], str(error)[:300]


def _tell(client: Client, parent: Parent, row: Outgoing, *, at: datetime) -> None:
    if row.mirror is None:
        rows = rows_to_send(row.entry, parent)
        if rows:
            client.send(rows, on_error="keep_good", key=f"figures-{row.entry}")
        return
    for file in row.content.get("evidence", []):
        _send_file(client, parent, file, at=at)
    client.call(
        "POST",
        f"/api/v1/tasks/{row.mirror.remote}/{row.kind}",
        row.content,
        key=f"exchange-{parent.pk}-{row.entry}-{row.kind}-{row.mirror.remote}",
    )


def _send_file(client: Client, parent: Parent, file: dict[str, Any], *, at: datetime) -> None:
    """Send a file unless the parent has it; one that was erased meanwhile for its personal data stays away."""
    digest = file["sha256"]
    if SentFile.objects.filter(parent=parent, digest=digest).exists():
        return
    kept = Evidence.objects.filter(digest=digest, erased_at__isnull=True).first()
    if kept is None:
        return
    with default_storage.open(kept.file, "rb") as content:
        client.send_file(content.read(), file["name"])
    SentFile.objects.get_or_create(parent=parent, digest=digest, defaults={"at": at})
