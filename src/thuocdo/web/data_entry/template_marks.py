"""A template that came back, by its hidden mark: whose it is, of which period, from which definitions it was made."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor
from thuocdo.engine.calendars import PeriodError, parse_period
from thuocdo.indicators.files import Mark, SheetRow, SheetUnreadable
from thuocdo.indicators.queries import Indicator, indicators_by_code
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.web.design.figures import named
from thuocdo.web.indicators.words import period_in_words, title_of

from . import desk

# So many titles are named; the others are counted.
MOST_NAMED = 6


def whose_template(
    mark: Mark, rows: Sequence[SheetRow], actor: Actor, *, body: str, period: str
) -> tuple[list[str], list[SheetRow]]:
    """What to be aware of, and the rows with the unit that the template asked for.

    `body` and `period` are what the page is open for. A unit that has changed since is then named by the check of
    the row. Raises SheetUnreadable for a template of a body for which the actor enters nothing.
    """
    cautions = []
    whose = bodies_by_code([mark.whose]).get(mark.whose)
    if whose is not None and not desk.enterable(actor).filter(pk=whose.pk).exists():
        raise SheetUnreadable(
            gettext("Biểu mẫu này lập cho %(body)s, nơi bạn không nhập số liệu; tải biểu mẫu của cơ quan mình.")
            % {"body": named(whose)}
        )
    if whose is not None and body and body != mark.whose:
        cautions.append(
            gettext("Biểu mẫu này lập cho %(body)s, không phải cơ quan đang chọn trên trang; số liệu ghi cho %(body)s.")
            % {"body": named(whose)}
        )
    if period and period != mark.period:
        cautions.append(
            gettext("Biểu mẫu này của %(period)s, không phải kỳ đang chọn trên trang; số liệu ghi vào %(period)s.")
            % {"period": _in_words(mark.period)}
        )
    cautions += _changes(mark, rows)
    marked = [
        replace(row, fields={**row.fields, "unit": unit})
        if (unit := mark.units.get(str(row.fields.get("indicator", "")), ""))
        else row
        for row in rows
    ]
    return cautions, marked


def _changes(mark: Mark, rows: Sequence[SheetRow]) -> list[str]:
    """Definitions that are others now than when the template was made, of the indicators that were filled in."""
    now = indicators_by_code(mark.digests)
    filled = {str(row.fields.get("indicator", "")) for row in rows}
    changed = [one for code, one in now.items() if code in filled and one.digest != mark.digests[code]]
    if not changed:
        return []
    return [
        gettext(
            "Biểu mẫu này tải về từ trước khi danh mục đổi; xem lại cách tính của %(titles)s, lần sau tải biểu mẫu mới."
        )
        % {"titles": _named(changed)}
    ]


def _named(changed: Sequence[Indicator]) -> str:
    shown = ", ".join(f"“{title_of(one)}”" for one in changed[:MOST_NAMED])
    left = len(changed) - MOST_NAMED
    return shown if left <= 0 else gettext("%(titles)s và %(left)s chỉ số khác") % {"titles": shown, "left": left}


def _in_words(label: str) -> str:
    try:
        return period_in_words(parse_period(label))
    except PeriodError:
        return label
