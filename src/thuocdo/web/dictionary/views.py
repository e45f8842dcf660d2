"""The definition of one indicator to the full, and the report on what hangs together with nothing."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from thuocdo.accounts.permissions import Actor, Permission, may, may_anywhere, may_everywhere, require_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.indicators.operations import may_set_path
from thuocdo.indicators.queries import (
    Breakdown,
    Held,
    Openness,
    breakdowns_of,
    indicator_by_code,
    level_due,
    names_in,
    paths,
    sees_indicator,
    targets,
    tree_sums,
    used_by,
    versions_of,
    visible_indicators,
)
from thuocdo.tasks.queries import orphans as find_orphans
from thuocdo.tasks.queries import tasks_for
from thuocdo.web.design.figures import named
from thuocdo.web.downloads import attachment
from thuocdo.web.indicators.compared import newest_period
from thuocdo.web.indicators.facts import facts_of
from thuocdo.web.indicators.whose import body_for, seen_by
from thuocdo.web.indicators.words import demand, group_titles, period_in_words, title_of, unit_of, until, with_unit
from thuocdo.web.ledger.wording import actor_in_words
from thuocdo.web.signed_in import actor_of, login_required

from .words import FIELDS, SHAPES, change_in_words, formula_in_names, sentence, validity

if TYPE_CHECKING:
    from thuocdo.indicators.queries import Indicator, TargetPoint
    from thuocdo.organisations.models import Body

MOST_TASKS = 50
MOST_PATHS = 60
MOST_ORPHANS = 100
# Bodies below a body are listed by name; a province has about a hundred communes.
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Path:
    """A path of a body (None: of all) with what is due today."""

    body: "Body | None"
    shape: str
    points: "list[TargetPoint]"
    today: str
    address: str


@require_GET
@login_required
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """Formula, parts of a whole, targets and paths, versions with what they changed, tasks."""
    actor = actor_of(request)
    found = found_or_404(actor, code)
    today = timezone.localdate()
    among = seen_by(actor)
    names = names_in(found.formula or "") | {one for one in (found.numerator, found.denominator) if one}
    names |= {part for one in found.breakdowns or [] for part in one["parts"]}
    known = {row.code: row for row in visible_indicators(actor).filter(code__in=names)} if names else {}
    users = [one for one in used_by(code) if sees_indicator(actor, one)]
    tasks = list(tasks_for(found, actor)[: MOST_TASKS + 1])
    target = next(iter(targets().filter(indicator=found)), None)
    body = body_for(found, request.GET, among, actor)
    label = request.GET.get("ky") or newest_period(found, among, None)
    unit = unit_of(found)
    inputs = names_in(found.formula or "")
    return render(
        request,
        "dictionary/definition.html",
        {
            "indicator": found,
            "title": title_of(found),
            "unit": unit,
            "sentence": sentence(found, len(inputs), len(tasks)),
            "facts": facts_of(found, target, group_titles(today)),
            "formula": formula_in_names(found.formula, known) if found.formula else "",
            "inputs": [known[one] for one in sorted(inputs) if one in known],
            "share": (known.get(found.numerator or ""), known.get(found.denominator or "")),
            "users": users,
            "scale": found.scale or [],
            "body": body,
            "when": period_in_words(label) if label else "",
            "wholes": _wholes(found, body, label, unit, known) if body is not None and label else [],
            "named_parts": [
                (one["title"], [title_of(known[part]) if part in known else part for part in one["parts"]])
                for one in found.breakdowns or []
            ],
            "has_parts": bool(found.breakdowns or found.adds_up_the_tree),
            "demand": f"{demand(target)}, {until(target)}" if target else "",
            "paths": _paths(found, among, today, every_year=bool(target and target.every_year)),
            "may_set_path": may_set_path(actor, found, None) or may_anywhere(actor, Permission.SET_TARGETS),
            "versions": [_version(one) for one in versions_of(found)],
            "tasks": tasks[:MOST_TASKS],
            "is_cut": len(tasks) > MOST_TASKS,
            "may_change": found.kept_by is not None and may(actor, Permission.MANAGE_INDICATORS, found.kept_by),
        },
    )


def found_or_404(actor: Actor, code: str) -> "Indicator":
    """The indicator, if the actor may read its definition; who loads the dictionary may read it, too."""
    if not may_anywhere(actor, Permission.MANAGE_METHODS):
        require_anywhere(actor, Permission.VIEW_INDICATORS)
    found = indicator_by_code(code)
    if found is None or not sees_indicator(actor, found):
        raise Http404
    is_restricted = found.openness == Openness.RESTRICTED and found.kept_by is None
    if is_restricted and not may_everywhere(actor, Permission.VIEW_INDICATORS):
        raise Http404
    return found


def _wholes(
    found: "Indicator", body: "Body", label: str, unit: str, known: "Mapping[str, Indicator]"
) -> list[dict[str, Any]]:
    """Every whole with its parts in words, for one body and period."""
    period = parse_period(label)
    sums: list[Breakdown] = breakdowns_of(found, period, [body])
    if found.adds_up_the_tree:
        sums += tree_sums(found, period, [body])
    return [
        {
            "title": one.title or gettext("Cộng từ cấp dưới"),
            "is_gap": one.is_gap,
            "whole": with_unit(one.sum.whole, unit),
            "total": with_unit(one.sum.total, unit),
            "difference": "" if one.sum.difference is None else with_unit(one.sum.difference, unit),
            "missing": one.sum.missing,
            "number": len(one.parts),
            "parts": [
                (
                    part,
                    title_of(known[part]) if part in known else part,
                    with_unit(value, unit),
                    _share(value, one.sum.whole),
                    one.dimension != "tree",
                )
                for part, value in list(one.parts.items())[:MOST_PARTS]
                if one.dimension != "tree" or value is not None
            ],
        }
        for one in sums
    ]


def _share(value: Decimal | None, whole: Decimal | None) -> float | None:
    return None if value is None or not whole else float(value / whole * 100)


def _paths(found: "Indicator", among: Any, today: date, *, every_year: bool) -> list[Path]:
    """The common path and those of bodies in sight; the first of them when there are very many."""
    by_body = paths([found]).get(found.pk, {})
    bodies = {one.pk: one for one in among.filter(pk__in=[pk for pk in by_body if pk is not None][:MOST_PATHS])}
    unit = unit_of(found)
    rows = []
    for pk, points in by_body.items():
        if pk is not None and pk not in bodies:
            continue
        due = level_due(points, today, every_year=every_year)
        rows.append(
            Path(
                body=None if pk is None else bodies[pk],
                shape=str(SHAPES[points[0].shape or "linear"]),
                points=points,
                today="" if due is None else with_unit(round(due, 2), unit),
                address=reverse("indicator_path", args=[found.code])
                + ("" if pk is None else f"?co_quan={bodies[pk].code}"),
            )
        )
    return sorted(rows, key=lambda row: "" if row.body is None else row.body.code)


def _version(held: Held) -> dict[str, Any]:
    return {
        "number": held.version.version,
        "validity": validity(held),
        "is_void": held.is_void,
        "at": held.version.recorded_at,
        "by": actor_in_words(held.version.recorded_by),
        "changes": [
            (
                FIELDS.get(one.field, one.field),
                *(change_in_words(one.field, value) for value in (one.before, one.after)),
            )
            for one in held.changes
        ],
    }


@require_GET
@login_required
def orphans(request: HttpRequest) -> HttpResponse:
    """Indicators without a task, tasks without an indicator, targets without one, indicators never measured."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    found = find_orphans(actor, on=actor.on)
    tasks = found.tasks.count()
    return render(
        request,
        "dictionary/orphans.html",
        {
            "found": found,
            "numbers": {
                "indicators": len(found.indicators),
                "tasks": tasks,
                "targets": len(found.targets),
                "unmeasured": len(found.unmeasured),
            },
            "indicators": found.indicators[:MOST_ORPHANS],
            "tasks": found.tasks[:MOST_ORPHANS],
            "unmeasured": found.unmeasured[:MOST_ORPHANS],
            "most": MOST_ORPHANS,
            "is_whole": not (found.indicators or tasks or found.targets or found.unmeasured),
        },
    )


@require_GET
@login_required
def orphans_file(request: HttpRequest) -> HttpResponse:
    """The same to the full, as a table."""
    actor = actor_of(request)
    require_anywhere(actor, Permission.VIEW_INDICATORS)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([gettext("Loại"), gettext("Mã"), gettext("Tên"), gettext("Cơ quan")])
    writer.writerows(_orphan_rows(actor))
    # Spreadsheets take the text for what it is when it begins with the mark.
    return attachment(text.getvalue().encode("utf-8-sig"), name="chua-gan-ket.csv", media_type="text/csv")


def _orphan_rows(actor: Actor) -> Iterator[tuple[str, str, str, str]]:
    found = find_orphans(actor, on=actor.on)
    for one in found.indicators:
        yield gettext("Chỉ số chưa có nhiệm vụ"), one.code, title_of(one), _owner(one)
    for task in found.tasks.iterator():
        yield gettext("Nhiệm vụ chưa gắn chỉ số"), task.code, _harmless(task.title), named(task.lead)
    for target in found.targets:
        yield gettext("Chỉ tiêu không có chỉ số đo"), target.code, title_of(target), _owner(target)
    for one in found.unmeasured:
        yield gettext("Chỉ số chưa từng có số liệu"), one.code, title_of(one), _owner(one)


def _owner(one: Any) -> str:
    return named(one.owner) if one.owner is not None else ""


def _harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text
