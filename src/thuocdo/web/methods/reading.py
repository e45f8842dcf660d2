"""A draft as its pages show it: what it changes, what the past would have been, who moves most and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.engine.scoring import Spec
from thuocdo.engine.scoring.differences import differences
from thuocdo.organisations.queries import bodies_by_code
from thuocdo.scorecards.queries import Scorecard, scorecard_by_code, spec_of
from thuocdo.scorecards.queries.drafts import (
    Backcast,
    BackcastState,
    Draft,
    Headway,
    backcasts_of,
    headway_of,
    spec_of_draft,
)
from thuocdo.web.design.figures import number, period
from thuocdo.web.rankings.marks import body_address, called, class_title, part_titles, title_of

from .wording import Chapter, chapters, summary


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft beside the version in force."""

    draft: Draft
    spec: Spec
    against: Scorecard
    chapters: list[Chapter]
    summary: str
    headway: Headway
    rows: list["Compared"]

    @property
    def is_computed(self) -> bool:
        return any(row.is_done for row in self.rows)

    @property
    def finished(self) -> int:
        """How many of the asked rankings are settled, one way or the other."""
        return self.headway.done + self.headway.failed

    @property
    def periods(self) -> list["Span"]:
        """The computed rankings by period, newest first, in the method's order of groups."""
        order = {one.code: place for place, one in enumerate(self.spec.peer_groups)}
        spans: dict[str, list[Compared]] = {}
        for row in self.rows:
            if row.is_done:
                spans.setdefault(row.backcast.period, []).append(row)
        return [
            Span(label, sorted(rows, key=lambda row: order.get(row.backcast.peer_group, len(order))))
            for label, rows in spans.items()
        ]


@dataclass(frozen=True, slots=True)
class Compared:
    """One past ranking by the draft."""

    backcast: Backcast
    group: str
    address: str

    @property
    def is_done(self) -> bool:
        return self.backcast.state == BackcastState.DONE

    @property
    def is_failed(self) -> bool:
        return self.backcast.state == BackcastState.FAILED


@dataclass(frozen=True, slots=True)
class Span:
    """The rankings of one period by the draft."""

    period: str
    rows: list[Compared]

    @property
    def moved(self) -> int:
        return sum(row.backcast.moved for row in self.rows)

    @property
    def units(self) -> int:
        return sum(row.backcast.units for row in self.rows)

    @property
    def classes(self) -> int:
        return sum(row.backcast.classes_changed for row in self.rows)


@dataclass(frozen=True, slots=True)
class Row:
    """A body of a compared ranking."""

    name: str
    address: str
    rank_before: int | None
    rank: int | None
    score_before: float | None
    score: float | None
    class_before: str
    score_class: str

    @property
    def won(self) -> int | None:
        return None if self.rank is None or self.rank_before is None else self.rank_before - self.rank

    @property
    def gained(self) -> float | None:
        return None if self.score is None or self.score_before is None else round(self.score - self.score_before, 6)


@dataclass(frozen=True, slots=True)
class Mover:
    """A body that would stand elsewhere, with the indicators that move it."""

    row: Row
    reasons: list[tuple[str, float]]


def reading_of(draft: Draft, against: Scorecard) -> Reading:
    """The draft with everything its page says."""
    spec, former = spec_of_draft(draft), spec_of(against)
    found = differences(former, spec)
    groups = {one.code: title_of(one.title) for one in (*former.peer_groups, *spec.peer_groups)}
    rows = [
        Compared(
            one,
            groups.get(one.peer_group, one.peer_group),
            reverse("method_draft_ranking", args=[draft.pk, one.period, one.peer_group]),
        )
        for one in backcasts_of(draft)
    ]
    return Reading(draft, spec, against, chapters(found, former, spec), summary(found, former), headway_of(draft), rows)


def sentence_of(reading: Reading) -> SafeString:
    """What the draft changes, and what that would have meant."""
    head = gettext("Dự thảo %(summary)s so với phiên bản %(version)s") % {
        "summary": reading.summary,
        "version": number(reading.against.version),
    }
    done = [row.backcast for row in reading.rows if row.is_done]
    if not done:
        return SafeString(gettext("%(head)s; chưa tính thử kỳ nào.") % {"head": head})
    moved, units = sum(one.moved for one in done), sum(one.units for one in done)
    periods = len({one.period for one in done})
    text = ngettext(
        "{}. Tính lại {} kỳ đã qua: {} trên {} lượt xếp hạng sẽ khác, {} lượt đổi xếp loại.",
        "{}. Tính lại {} kỳ đã qua: {} trên {} lượt xếp hạng sẽ khác, {} lượt đổi xếp loại.",
        periods,
    )
    classes = sum(one.classes_changed for one in done)
    return format_html(text, head, number(periods), number(moved), number(units), number(classes))


def ranking_sentence(backcast: Backcast, rows: Sequence[Row], group: str) -> SafeString:
    """How far the draft would turn this ranking round."""
    words: Mapping[str, Any] = {
        "group": group,
        "period": period(backcast.period),
        "moved": number(backcast.moved),
        "units": number(backcast.units),
    }
    if not backcast.moved:
        return SafeString(gettext("%(group)s, %(period)s: theo dự thảo không cơ quan nào đổi hạng.") % words)
    text = gettext("%(group)s, %(period)s: theo dự thảo %(moved)s trên %(units)s cơ quan đổi hạng") % words
    first = max(rows, key=lambda row: abs(row.won or 0))
    won = first.won or 0
    said = gettext("{}; {} lên {} bậc, nhiều nhất.") if won > 0 else gettext("{}; {} xuống {} bậc, nhiều nhất.")
    return format_html(said, text, first.name, number(abs(won)))


def rows_of(backcast: Backcast, spec: Spec, former: Spec) -> tuple[list[Row], list[Mover]]:
    """The bodies, best by the draft first, and those that move most with their reasons; one query."""
    bodies = bodies_by_code(row[0] for row in backcast.rows)
    by_code = {}
    for code, rank_before, rank, score_before, score, class_before, score_class in backcast.rows:
        body = bodies.get(code)
        by_code[code] = Row(
            name=called(body) if body else code,
            address=body_address(code, backcast.period),
            rank_before=rank_before,
            rank=rank,
            score_before=score_before,
            score=score,
            class_before=class_title(former, class_before),
            score_class=class_title(spec, score_class),
        )
    titles = part_titles(former) | part_titles(spec)
    movers = [
        Mover(by_code[one["body"]], [(titles.get(code, code), points) for code, points in one["reasons"]])
        for one in backcast.movers
        if one["body"] in by_code
    ]
    return list(by_code.values()), movers


def against_of(draft: Draft, in_force: Scorecard | None) -> Scorecard | None:
    """What a draft is compared with: the version in force, or the newest; of an approved one its forerunner."""
    if draft.scorecard is not None:
        return scorecard_by_code(draft.code, version=draft.scorecard.version - 1) or draft.scorecard
    if in_force is not None and in_force.code == draft.code:
        return in_force
    return scorecard_by_code(draft.code)


def failure_in_words(code: str) -> str:
    """Why a ranking could not be computed, with the remedy."""
    return {
        "mean_undefined": gettext(
            "trung bình không tồn tại với điểm âm; chuẩn hóa về 0 trở lên hoặc dùng trung bình cộng"
        ),
        "treatment_scale": gettext("xử lý ngoại lai làm lệch mốc cố định; bỏ phép biến đổi hoặc đặt lại mốc"),
        "not_scorable": gettext("thiếu số liệu đầu vào của kỳ này; nạp số liệu rồi tính lại"),
    }.get(code, gettext("lỗi khi chấm (%(code)s); sửa dự thảo rồi tính lại") % {"code": code})
