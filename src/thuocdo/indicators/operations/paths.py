"""Setting the path to a target: the levels due at the ends of periods, for all or for one body."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, may, may_anywhere
from thuocdo.engine.calendars import parse_period
from thuocdo.engine.targets import PathProblem, Point, check_path
from thuocdo.indicators.messages import path_in_words
from thuocdo.indicators.models import Indicator, TargetPoint
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.organisations.queries import is_within

from .describing import DictionaryRefused

Points = Sequence[tuple[str, Any]]


def may_set_path(actor: Actor, indicator: Indicator, body: Body | None) -> bool:
    """Whether the actor may set the path of one body, or the common one.

    The path of the programme is the administrator's; that of a body is set by those who steer it, never by itself,
    unless the indicator is its own.
    """
    if actor.is_machine or may_anywhere(actor, Permission.MANAGE_METHODS):
        return True
    if indicator.kept_by is not None:
        return may(actor, Permission.MANAGE_INDICATORS, indicator.kept_by)
    return body is not None and may(actor, Permission.SET_TARGETS, body)


@transaction.atomic
def set_path(
    *,
    actor: Actor,
    at: datetime,
    indicator: Indicator,
    points: Points,
    body: Body | None = None,
    shape: str = "linear",
) -> list[TargetPoint]:
    """Set the levels due at the ends of periods, for one body or for all; replaces the former path.

    Raises NotAllowed, and DictionaryRefused with the point that is wrong. Without points a body goes by the common
    path again.
    """
    if not may_set_path(actor, indicator, body):
        raise NotAllowed(actor, Permission.SET_TARGETS, body)
    if (
        body is not None
        and indicator.kept_by is not None
        and not is_within(body, indicator.kept_by.pk, on=timezone.localdate(at))
    ):
        raise DictionaryRefused(_("Chỉ số riêng này không đo ở cơ quan đã chọn."), "body")
    if not points:
        TargetPoint.objects.filter(indicator=indicator, body=body).delete()
        rows: list[TargetPoint] = []
    else:
        rows = draw_path(indicator, points, body, shape=shape)
    append(
        actor=actor.label,
        at=at,
        event=Event.INDICATORS_LOADED,
        subject=indicator.label,
        data={
            "path": [[row.period, row.value] for row in rows],
            "shape": shape,
            "body": body.code if body else None,
        },
    )
    return rows


def draw_path(
    indicator: Indicator, points: Points, body: Body | None = None, *, shape: str = "linear"
) -> list[TargetPoint]:
    """Write a path after looking at it; raises DictionaryRefused. Belongs into a transaction."""
    TargetPoint.objects.filter(indicator=indicator, body=body).delete()
    if not points:
        return []
    places = [(parse_period(label), _level(value, place)) for place, (label, value) in enumerate(points, start=1)]
    try:
        check_path(
            [Point(period.last_day, level, period.start) for period, level in places],
            shape=shape,
            lower=indicator.lower,
            upper=indicator.upper,
            direction=indicator.direction,
        )
    except PathProblem as problem:
        raise DictionaryRefused(f"{indicator.title}: {path_in_words(problem)}", "points") from problem
    return TargetPoint.objects.bulk_create(
        [
            TargetPoint(
                indicator=indicator,
                body=body,
                period=period.label,
                due_date=period.last_day,
                value=level,
                shape=shape,
            )
            for period, level in places
        ]
    )


def _level(value: Any, place: int) -> Decimal:
    try:
        level = Decimal(str(value))
    except InvalidOperation as error:
        raise DictionaryRefused(
            _("Mốc %(place)d: mức phải là một số, không phải “%(given)s”.")
            % {"place": place, "given": str(value)[:40]},
            "points",
        ) from error
    if not level.is_finite():
        raise DictionaryRefused(_("Mốc %(place)d: mức phải là một số.") % {"place": place}, "points")
    return level
