"""The remembered ways to read lists from elsewhere: seen, changed, left, brought back."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thuocdo.accounts.permissions import Permission, require_anywhere
from thuocdo.exchanges.operations.mappings import change_mapping, restore_mapping, retire_mapping
from thuocdo.exchanges.operations.refusals import ExchangeRefused
from thuocdo.exchanges.queries.mappings import mapping_managed, mappings_managed
from thuocdo.tasks.files.layouts import heading_of
from thuocdo.web.design.blocks import say, say_undoable, say_wrong
from thuocdo.web.signed_in import actor_of, login_required

from .forms import ColumnsForm

if TYPE_CHECKING:
    from thuocdo.exchanges.models import ColumnMapping

_LARGEST_ID = 2**63 - 1


def _mapping_or_404(request: HttpRequest, number: int) -> "ColumnMapping":
    found = mapping_managed(actor_of(request), number) if number <= _LARGEST_ID else None
    if found is None:
        raise Http404
    return found


@require_GET
@login_required
def mappings(request: HttpRequest) -> HttpResponse:
    """Every remembered mapping of the bodies whose exchanges the person manages."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.MANAGE_EXCHANGES)
    rows = [
        {
            "mapping": one,
            "pairs": [
                (one.headings[place], heading_of(name))
                for name, place in sorted(one.columns.items(), key=lambda pair: pair[1])
            ],
        }
        for one in mappings_managed(actor)
    ]
    return render(request, "exchanges/mappings/list.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """One mapping with its name and its columns."""
    mapping = _mapping_or_404(request, number)
    if mapping.retired_at is not None:
        raise Http404
    table = {"words": mapping.headings, "samples": [], "proposed": {}}
    if request.method != "POST":
        form = ColumnsForm.of_table(table, mapping=mapping)
        return render(request, "exchanges/mappings/edit.html", {"mapping": mapping, "form": form})
    form = ColumnsForm(mapping.headings, [], request.POST)
    if form.is_valid():
        try:
            change_mapping(
                actor=actor_of(request),
                at=timezone.now(),
                mapping=mapping,
                name=form.cleaned_data["ten"],
                columns=form.chosen(),
                system=form.system(),
            )
        except ExchangeRefused as refusal:
            form.refuse(refusal)
        else:
            say(request, gettext("Đã sửa cách ghép cột."))
            return redirect("mappings")
    context = {"mapping": mapping, "form": form}
    return render(request, "exchanges/mappings/edit.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
@login_required
def retire(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a mapping; it can be brought back at once."""
    mapping = _mapping_or_404(request, number)
    retire_mapping(actor=actor_of(request), at=timezone.now(), mapping=mapping)
    say_undoable(
        request,
        gettext("Đã xóa cách ghép cột “%(name)s”.") % {"name": mapping.name},
        reverse("mapping_restore", args=[mapping.pk]),
    )
    return redirect("mappings")


@require_POST
@login_required
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Bring a forgotten mapping back."""
    mapping = _mapping_or_404(request, number)
    try:
        restore_mapping(actor=actor_of(request), at=timezone.now(), mapping=mapping)
    except ExchangeRefused as refusal:
        say_wrong(request, gettext("Chưa khôi phục được."), str(refusal))
    else:
        say(request, gettext("Đã khôi phục cách ghép cột “%(name)s”.") % {"name": mapping.name})
    return redirect("mappings")
