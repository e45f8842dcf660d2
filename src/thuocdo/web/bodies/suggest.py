"""Choosing bodies by typing: form fields for one body or several, and the part that suggests while one types.

Accents do not matter. Without JavaScript the typed name is settled when the form is sent; a name that several
bodies fit comes back with those bodies to choose from. A page that wants suggestions while typing loads htmx
(design/live_frame.html, or its scripts alone) and puts `{{ form.media }}` into its block `head`:

    lead = BodyField(label=_("Cơ quan chủ trì"), permission=Permission.ASSIGN_TASK)
    helpers = BodiesField(label=_("Cơ quan phối hợp"), required=False)
    form.fields["lead"].restrict(actor)      # only bodies for which the actor has the permission, today's only

The cleaned value is a body (or None), or a list of bodies.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, bodies_within
from thuocdo.engine.spelling import nfc
from thuocdo.organisations.queries import (
    COMMUNE_KINDS,
    Hierarchy,
    bodies,
    bodies_by_code,
    bodies_named,
    search,
)
from thuocdo.web.design.figures import named
from thuocdo.web.signed_in import actor_of

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from thuocdo.organisations.models import Body

# The ending of the name under which a ticked code travels beside the typed text.
CHOSEN = "_ma"
MOST_SUGGESTIONS = 8
LONGEST_TEXT = 200
_BETWEEN = re.compile(r"[;\n]")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for: the typed text, and the codes ticked among the suggestions."""

    text: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """A body to choose, with the place that tells it from others of its name."""

    body: "Body"
    place: str
    is_chosen: bool
    address: str = ""

    @property
    def name(self) -> str:
        return named(self.body)


def suggestions(text: str, *, among: QuerySet["Body"], limit: int = MOST_SUGGESTIONS) -> list["Body"]:
    """Bodies that fit the text, best first; a code leads to its body alone."""
    words = nfc(text).strip()[:LONGEST_TEXT]
    if not words:
        return []
    by_code = among.filter(code__in=[words, words.upper()]).first()
    return [by_code] if by_code else search(words, among=among, limit=limit)


def settle(text: str, *, among: QuerySet["Body"], on: date) -> list["Body"]:
    """The one body that a text means, or all those that it may mean; empty when nothing fits."""
    found = suggestions(text, among=among)
    if len(found) < 2:
        return found
    exact = {body.pk for body in bodies_named(text, on=on)}
    fitting = [body for body in found if body.pk in exact]
    return fitting if len(fitting) == 1 else found


def fits(text: str, ticked: Sequence["Body"], *, among: QuerySet["Body"]) -> bool:
    """Whether the text may mean one of the ticked bodies: a tick counts only as long as it does."""
    if any(text == named(body) for body in ticked):
        return True
    return bool(suggestions(text, among=among.filter(pk__in=[body.pk for body in ticked]), limit=1))


def options(found: Iterable["Body"], *, chosen: Iterable["Body"] = (), on: date) -> list[Option]:
    """Rows of the list of suggestions, the chosen ones first."""
    ticked = {body.pk for body in chosen}
    rows = list({body.pk: body for body in (*chosen, *found)}.values())
    communes = [body for body in rows if body.kind in COMMUNE_KINDS]
    if communes:
        prefetch_related_objects(communes, "ascents__ancestor")
    return [
        Option(body, _place(body, on) if body.kind in COMMUNE_KINDS else "", body.pk in ticked, _address(body))
        for body in rows
    ]


def _place(body: "Body", on: date) -> str:
    """The province of a commune on the day."""
    for line in body.ascents.all():
        if line.hierarchy != Hierarchy.TERRITORIAL or line.depth != 1:
            continue
        if line.valid_from <= on and (line.valid_to is None or line.valid_to > on):
            return named(line.ancestor)
    return ""


def _address(body: "Body") -> str:
    try:
        return reverse("body", args=[body.code])
    except NoReverseMatch:
        return ""


class BodyInput(forms.Widget):
    """A text field with the fitting bodies below it, as one choice or as ticks."""

    template_name = "bodies/_chooser.html"
    several = False

    class Media:
        css = {"all": ["css/chooser.css"]}

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.permission: Permission | None = None
        self.among: QuerySet[Body] | None = None
        # Bodies that the page has read already, by code: they are not asked for once more.
        self.known: Mapping[str, Body] = {}
        self.on: date | None = None

    def value_from_datadict(self, data: Mapping[str, Any], files: "MultiValueDict[str, Any]", name: str) -> Asked:
        """The typed text and the ticked codes of this field."""
        codes = data.getlist(f"{name}{CHOSEN}") if hasattr(data, "getlist") else data.get(f"{name}{CHOSEN}", ())
        return Asked(str(data.get(name, "")), tuple(codes))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether neither text nor tick came."""
        return name not in data and f"{name}{CHOSEN}" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What the template needs; looks bodies up only where something was asked."""
        context = super().get_context(name, None, attrs)
        asked = value if isinstance(value, Asked) else Asked()
        on = self.on or timezone.localdate()
        among = self.among if self.among is not None else bodies(on=on)
        text, found = asked.text, list["Body"]()
        codes = asked.codes if self.several else asked.codes[:1]
        known = self.known if self.known.keys() >= set(codes) else bodies_by_code(codes)
        chosen = [known[code] for code in codes if code in known]
        if not self.several and not (chosen and text and fits(text, chosen, among=among)):
            chosen = found = settle(text, among=among, on=on) if text else []
            if len(found) > 1:
                chosen = []
        if not self.several and chosen:
            # What was asked for by code, short name or a part of the name reads as the name.
            text = named(chosen[0])
        elif self.several and text:
            found = settle(_BETWEEN.split(text)[-1], among=among, on=on)
        question = {"ten": name} | ({"nhieu": "1"} if self.several else {})
        if self.permission:
            question["quyen"] = self.permission.value
        context["widget"] |= {
            "text": text,
            "several": self.several,
            "address": f"{reverse('suggest_bodies')}?{urlencode(question)}",
            "options": options(found, chosen=chosen, on=on),
            "chosen_name": f"{name}{CHOSEN}",
        }
        return context


class BodiesInput(BodyInput):
    """The same for several bodies: ticks, and further names separated by semicolons."""

    several = True


class BodyField(forms.Field):
    """One body that exists today. `permission` narrows it to bodies for which the actor has it, see `restrict`."""

    widget = BodyInput
    default_error_messages = {
        "required": gettext_lazy("Chưa chọn cơ quan; gõ tên rồi chọn trong danh sách."),
        "unknown": gettext_lazy(
            "Không tìm thấy cơ quan nào tên “%(text)s” trong phạm vi được chọn; gõ một phần tên khác."
        ),
        "several": gettext_lazy("Có nhiều cơ quan khớp với “%(text)s”; chọn một trong danh sách bên dưới."),
    }

    def __init__(self, *, permission: Permission | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.permission = permission

    def restrict(self, actor: Actor) -> None:
        """Use the actor's day, and the actor's reach if the field asks for a permission."""
        reach = bodies_within(actor, self.permission) if self.permission else None
        today = bodies(on=actor.on)
        widget: BodyInput = self.widget  # type: ignore[assignment]
        widget.on, widget.permission = actor.on, self.permission
        widget.among = today if reach is None else today.filter(pk__in=reach.values("pk"))

    def prepare_value(self, value: Any) -> Asked:
        """A body, bodies or a text given as initial value, as what would have been asked."""
        if isinstance(value, Asked):
            return value
        if isinstance(value, str):
            return Asked(value)
        given = list(value) if isinstance(value, list | tuple) else [value] if value is not None else []
        text = named(given[0]) if len(given) == 1 and not isinstance(value, list | tuple) else ""
        return Asked(text, tuple(body.code for body in given))

    def clean(self, value: Any) -> Any:
        """The body, or None; the ticked one counts as long as it fits the typed text."""
        found = self._settled(value if isinstance(value, Asked) else Asked())
        if self.required and not found:
            raise ValidationError(self.error_messages["required"], code="required")
        return found[0] if found else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether something else was asked for than what stood there."""
        return bool(self.prepare_value(initial) != data)

    def _settled(self, asked: Asked) -> list["Body"]:
        text = nfc(asked.text).strip()
        ticked = self._ticked(asked.codes[:1])
        if not text or self._fits(text, ticked):
            return ticked if text else []
        return [self._one(text)]

    def _among(self) -> tuple[QuerySet["Body"], date]:
        widget: BodyInput = self.widget  # type: ignore[assignment]
        on = widget.on or timezone.localdate()
        return (widget.among if widget.among is not None else bodies(on=on)), on

    def _ticked(self, codes: Iterable[str]) -> list["Body"]:
        wanted = list(codes)
        return list(self._among()[0].filter(code__in=wanted).order_by("code")) if wanted else []

    def _fits(self, text: str, ticked: Sequence["Body"]) -> bool:
        return bool(ticked) and fits(text, ticked, among=self._among()[0])

    def _one(self, text: str) -> "Body":
        among, on = self._among()
        found = settle(text, among=among, on=on)
        if len(found) != 1:
            code = "several" if found else "unknown"
            raise ValidationError(self.error_messages[code], code=code, params={"text": text[:80]})
        return found[0]


class BodiesField(BodyField):
    """Several bodies: those ticked and those named in the text, each once."""

    widget = BodiesInput

    def clean(self, value: Any) -> list["Body"]:
        """The bodies in the order in which they were chosen."""
        asked = value if isinstance(value, Asked) else Asked()
        ticked = self._ticked(asked.codes)
        ticked.sort(key=lambda body: asked.codes.index(body.code))
        for name in filter(None, (part.strip() for part in _BETWEEN.split(nfc(asked.text)))):
            if not self._fits(name, ticked):
                ticked.append(self._one(name))
        if self.required and not ticked:
            raise ValidationError(self.error_messages["required"], code="required")
        return list({body.pk: body for body in ticked}.values())


@require_GET
def part(request: HttpRequest) -> HttpResponse:
    """The list of suggestions: choices for the field `ten`, or links to the bodies' pages without it."""
    actor = actor_of(request)
    field = request.GET.get("ten", "")
    several = request.GET.get("nhieu") == "1"
    text = request.GET.get(field or "q", "") or request.GET.get("q", "")
    among = bodies(on=actor.on)
    asked_permission = request.GET.get("quyen", "")
    if asked_permission:
        permission = next((known for known in Permission if known.value == asked_permission), None)
        among = among.filter(pk__in=bodies_within(actor, permission).values("pk")) if permission else among.none()
    codes = request.GET.getlist(f"{field}{CHOSEN}") if several else []
    chosen = list(among.filter(code__in=codes[:200]).order_by("code")) if codes else []
    # In a list of names only the one being typed is looked for.
    typed = _BETWEEN.split(text)[-1] if several else text
    found = suggestions(typed, among=among)
    status = ""
    if typed.strip():
        status = (
            gettext("%(count)s cơ quan phù hợp.") % {"count": len(found)}
            if found
            else gettext("Không có cơ quan nào khớp; gõ một phần tên khác.")
        )
    return render(
        request,
        "bodies/_suggestions.html",
        {
            "options": options(found, chosen=chosen, on=actor.on),
            "field": f"{field}{CHOSEN}" if field.isidentifier() else "",
            "several": several,
            "status": status,
        },
    )
