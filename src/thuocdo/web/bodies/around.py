"""What stands around a body's score: who it is, what it owes, what lies below it, as one person may see it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Value
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, Permission, bodies_within, may_anywhere
from thuocdo.organisations.queries import head_of
from thuocdo.web.design.blocks import breadcrumbs
from thuocdo.web.design.figures import named, short_named
from thuocdo.web.kept import kept
from thuocdo.web.rankings.marks import body_address

from .kin import Kin, kin_of, kind_in_words
from .owed import Tally, by_urgency, debts, seen_by, tally

if TYPE_CHECKING:
    from thuocdo.organisations.models import Body

MOST_OWED = 8


@dataclass(frozen=True, slots=True)
class Around:
    """The parts of a body's page that do not follow from its score, drawn for one person."""

    granted: frozenset[str]
    counts: Tally
    tasks_address: str
    crumbs: SafeString
    facts: SafeString
    owed: SafeString
    merged: SafeString
    below: SafeString

    @property
    def sees_heads(self) -> bool:
        """Whether the person may see what the body's heads answer for."""
        return self.may(Permission.VIEW_DOSSIER)

    def may(self, permission: Permission) -> bool:
        """Whether the person has the permission for the body."""
        return permission.value in self.granted


def around(actor: Actor, body: "Body", today: date, asked: str, *, newest: int) -> Around:
    """What the person may see of the body today; kept for this person until the ledger has another entry.

    `asked` is the period of the address, which a link of the page keeps; `newest` the newest entry.
    """
    marks = (newest, today, actor.label, body.pk, asked)
    return kept("body-around", *marks, build=lambda: _drawn(actor, body, today, asked))


def permitted(actor: Actor, body: "Body", *asked: Permission) -> set[str]:
    """Which of the permissions the actor has for the body, in one query."""
    own = [
        bodies_within(actor, one).filter(pk=body.pk).order_by().values_list(Value(one.value), flat=True)
        for one in asked
        if may_anywhere(actor, one)
    ]
    if not own:
        return set()
    return set(own[0].union(*own[1:]) if len(own) > 1 else own[0])


def day_of(body: "Body", today: date) -> date:
    """The day on which neighbours are looked up: within the validity of a body that is no more."""
    if body.valid_to is not None and body.valid_to <= today:
        return body.valid_to - date.resolution
    return today


def _drawn(actor: Actor, body: "Body", today: date, asked: str) -> Around:
    asked_for = (Permission.VIEW_SCORES, Permission.VIEW_TASKS, Permission.VIEW_INDICATORS, Permission.VIEW_DOSSIER)
    granted = permitted(actor, body, *asked_for)
    sees_tasks, day = Permission.VIEW_TASKS in granted, day_of(body, today)
    tasks, kin = seen_by(actor).filter(lead=body), kin_of(body, day)
    counts = tally(tasks, today)
    tasks_address = f"{reverse('tasks')}?{urlencode({'co_quan': named(body), 'co_quan_ma': body.code})}"
    context = {
        "body": body,
        "kind": kind_in_words(body),
        "head": head_of(body, on=day) if Permission.VIEW_SCORES in granted else None,
        "kin": kin,
        "counts": counts,
        "owed": debts(by_urgency(tasks)[:MOST_OWED], today, actor=actor, sees_all=sees_tasks),
        "tasks_address": tasks_address if sees_tasks else "",
        "asked": asked,
    }

    def drawn(name: str) -> SafeString:
        return SafeString(render_to_string(f"bodies/{name}.html", context))

    return Around(
        granted=frozenset(granted),
        counts=counts,
        tasks_address=tasks_address if sees_tasks else "",
        crumbs=breadcrumbs(*_crumbs(kin, body)),
        facts=drawn("_facts"),
        owed=drawn("_owed"),
        merged=drawn("_merged"),
        below=drawn("_below"),
    )


def _crumbs(kin: Kin, body: "Body") -> list[str]:
    pairs = [reverse("bodies"), gettext("Cơ quan")]
    for above in reversed(kin.above):
        if above.kind not in ("centre", "bloc"):
            pairs += [body_address(above.code), short_named(above)]
    return [*pairs, short_named(body)]
