"""The cells of the form by hand: what stands beside each, what is said of it, what somebody has typed and not sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from thuocdo.accounts.queries import names_of_labels
from thuocdo.engine.entering import ERROR, check_sheet, concerned
from thuocdo.indicators.operations.entering import DraftCell, in_words
from thuocdo.indicators.queries import State
from thuocdo.indicators.queries.entering import Standing, drafts_of, entry_rules, entry_sheet, standings_of
from thuocdo.web.design.figures import moment
from thuocdo.web.indicators.words import title_of
from thuocdo.web.ledger.wording import actor_in_words

from .desk import Known
from .typed import figure_typed, number_typed, words_of_typing

if TYPE_CHECKING:
    from thuocdo.engine.calendars import Period
    from thuocdo.indicators.models import Draft
    from thuocdo.organisations.models import Body


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a cell: an error, a warning to explain, or an explained one; and the words."""

    tone: str
    words: str


@dataclass(slots=True)
class Grid:
    """A body and period with everything that the cells need, read once for a page."""

    body: "Body"
    period: "Period"
    known: Sequence[Known]
    sheet: dict[str, Any]
    standing: Standing
    drafts: "dict[int, Draft]"
    conflicts: "Mapping[int, Draft]" = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """The cells by code, as people call them."""
        return {one.indicator.code: title_of(one.indicator) for one in self.known}

    def typed(self) -> dict[int, DraftCell]:
        """What the cells hold when the page opens: drafts, or a figure that was told in another cell."""
        found = {pk: DraftCell(one.text, one.state, one.reason, one.revision) for pk, one in self.drafts.items()}
        for one in self.known:
            taken = self.taken.get(one.indicator.code)
            if taken is not None and one.indicator.pk not in found and not one.is_there:
                found[one.indicator.pk] = DraftCell(text=taken)
        return found

    @property
    def taken(self) -> dict[str, str]:
        """Figures that another cell has told already, by code of the cell that would ask for them again."""
        told = {one.indicator.code: _told(one) for one in self.known}
        found: dict[str, str] = {}
        for rule in self.sheet["taken_from"]:
            value = told.get(rule["from"])
            if value is not None:
                found[rule["cell"]] = f"{value * rule['factor']:.15g}".replace(".", ",")
        return found

    def said(self, cells: Mapping[int, DraftCell]) -> dict[int, list[Said]]:
        """What is to be said of what the cells hold, by indicator."""
        found: dict[int, list[Said]] = {}
        by_code = {one.indicator.code: one.indicator.pk for one in self.known}
        values = {one.indicator.code: value for one in self.known if (value := _told(one)) is not None}
        typed: set[int] = set()
        for one in self.known:
            code, pk = one.indicator.code, one.indicator.pk
            cell = cells.get(pk)
            if cell is None or not (cell.text.strip() or cell.state != State.VALUE):
                continue
            typed.add(pk)
            values.pop(code, None)
            if cell.state != State.VALUE:
                if cell.text.strip():
                    found.setdefault(pk, []).append(Said(ERROR, words_of_typing()["value_with_state"]))
                continue
            try:
                values[code] = figure_typed(cell.text)
            except ValueError as error:
                found.setdefault(pk, []).append(Said(ERROR, str(error)))
        for finding in check_sheet(self.sheet, values):
            # Only what somebody is typing is talked about, where it is typed.
            about = [by_code[code] for code in concerned(finding) if by_code.get(code) in typed]
            if not about:
                continue
            is_explained = finding.severity != ERROR and any(cells[pk].reason.strip() for pk in about)
            tone = "explained" if is_explained else finding.severity
            found.setdefault(about[0], []).append(Said(tone, in_words(finding, self.titles)))
        for pk, draft in self.conflicts.items():
            words = gettext("%(who)s vừa ghi “%(text)s” lúc %(when)s; số bạn gõ chưa được lưu.") % {
                "who": self._who(draft), "text": draft.text, "when": moment(draft.edited_at),
            }  # fmt: skip
            found.setdefault(pk, []).append(Said("conflict", words))
        return found

    def _who(self, draft: "Draft") -> str:
        # People of one body know each other by name; a draft that was just written does not bring it along.
        name = getattr(draft, "written_by", None) or names_of_labels([draft.edited_by]).get(draft.edited_by)
        return name or actor_in_words(draft.edited_by)

    def who_typed(self, pk: int, own: str) -> str:
        """Whose draft the cell holds and since when; of one's own only the time."""
        draft = self.drafts.get(pk)
        if draft is None:
            return ""
        if draft.edited_by == own:
            return gettext("nháp lúc %(when)s") % {"when": moment(draft.edited_at)}
        return gettext("nháp của %(who)s, %(when)s") % {
            "who": self._who(draft), "when": moment(draft.edited_at),
        }  # fmt: skip


def _told(one: Known) -> float | None:
    row = one.other or one.told
    return None if row is None or row.value is None else float(row.value)


def grid_of(body: "Body", period: "Period", known: Sequence[Known], today: date) -> Grid:
    """Everything about the cells of a body and period, in about ten queries."""
    indicators = [one.indicator for one in known]
    rules = entry_rules()
    standing = standings_of([body], [period.label], indicators, today=today, rules=rules)[body.pk, period.label]
    return Grid(
        body, period, known, entry_sheet(body, period, indicators, rules=rules), standing, drafts_of(body, period.label)
    )


def shown(cell: DraftCell | None) -> str:
    """What a cell held when the page was drawn, to be sent back with it: a cell left alone is nobody's edit."""
    cell = cell or DraftCell()
    return json.dumps([cell.seen, cell.text, cell.state, cell.reason], ensure_ascii=False)


def cells_posted(grid: Grid, data: Mapping[str, Any]) -> tuple[dict[int, DraftCell], dict[int, DraftCell]]:
    """What the cells hold in a sent form, and which of them were changed since the page was drawn."""
    held: dict[int, DraftCell] = {}
    changed: dict[int, DraftCell] = {}
    for one in grid.known:
        pk = one.indicator.pk
        if not grid.standing.is_open(pk):
            continue
        seen, former = _seen(data.get(f"pb{pk}", ""))
        if data.get("lay_minh") == str(pk):
            # Both versions were seen, and this one was chosen.
            draft = grid.drafts.get(pk)
            seen, former = (draft.revision if draft else 0), None
        cell = DraftCell(
            data.get(f"gt{pk}", "").strip()[:60],
            data.get(f"tt{pk}") or State.VALUE.value,
            data.get(f"ly{pk}", "").strip()[:200],
            seen,
        )
        if cell.text or cell.reason or cell.state != State.VALUE:
            held[pk] = cell
        if former != [cell.text, cell.state, cell.reason] and not _repeats_told(grid, one, cell):
            changed[pk] = cell
    return held, changed


def _repeats_told(grid: Grid, one: Known, cell: DraftCell) -> bool:
    """Whether a late save repeats what has been handed in meanwhile: that is no draft any more."""
    if one.told is None or one.told.value is None or one.indicator.pk in grid.drafts or cell.state != State.VALUE:
        return False
    try:
        return float(number_typed(cell.text)) == float(one.told.value)
    except ValueError:
        return False


def _seen(text: str) -> tuple[int, list[str] | None]:
    try:
        revision, *rest = json.loads(text)
        return int(revision), [str(one) for one in rest]
    except (ValueError, TypeError):
        return 0, None
