"""The structure of a method on the data of its newest run, for those who keep methods: what to look at first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from thuocdo.scorecards.queries.structure import structure_of
from thuocdo.web.kept import kept
from thuocdo.web.methods.gate import for_method_keepers
from thuocdo.web.rankings.choice import Chosen, choose
from thuocdo.web.rankings.marks import title_of
from thuocdo.web.signed_in import actor_of

from .reading import Reading, reading_of


@require_GET
@for_method_keepers
def page(request: HttpRequest) -> HttpResponse:
    """The structure of the newest run of a peer group (`nhom`) for a period (`ky`); computed once for each run."""
    chosen = choose(
        actor_of(request),
        group=request.GET.get("nhom", ""),
        period=request.GET.get("ky", ""),
        code=request.GET.get("bo", ""),
    )
    run = chosen.run if chosen is not None else None
    reading = None
    if chosen is not None and run is not None:
        marks = (run.method_digest, run.inputs_digest, run.engine_version)
        reading = kept("method-structure", *marks, build=lambda: _read(chosen))
    return render(
        request,
        "method/structure.html",
        {
            "chosen": chosen,
            "run": run,
            "title": title_of(chosen.group.title) if chosen is not None else "",
            "tabs": _tabs(chosen),
            "reading": reading,
        },
    )


def _tabs(chosen: Chosen | None) -> list[dict[str, object]]:
    if chosen is None:
        return []
    return [
        {
            "address": f"{reverse('method_structure')}?nhom={group.code}",
            "title": title_of(group.title),
            "is_here": group.code == chosen.group.code,
        }
        for group in chosen.groups
    ]


def _read(chosen: Chosen) -> Reading | None:
    """The analysis in words; None where there are too few bodies."""
    assert chosen.run is not None  # noqa: S101
    found = structure_of(chosen.run)
    return None if found is None else reading_of(found, chosen.spec)
