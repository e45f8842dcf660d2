"""The sentence that opens a ranking: who leads, who gained most, who is classed lower than the points say."""

from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.scorecards.queries import Run, Standing, ranking
from thuocdo.web.design.figures import number, points
from thuocdo.web.design.marks import door

from .choice import Chosen
from .marks import body_address, called

MOST_NAMED = 3


def opening(chosen: Chosen) -> SafeString:
    """Who stands first with how many points, and who won most places; bodies are doors."""
    assert chosen.run is not None  # noqa: S101
    run = chosen.run
    top = list(ranking(run).filter(rank__isnull=False)[: MOST_NAMED + 1])
    first = [row for row in top if row.rank == 1]
    if not first:
        return SafeString(gettext("Chưa cơ quan nào trong nhóm có đủ số liệu để xếp hạng."))
    score = points(first[0].rounded)
    if len(first) > MOST_NAMED:
        text = gettext("Nhiều cơ quan cùng đứng đầu với %(score)s điểm") % {"score": score}
    else:
        names = [door(body_address(one.body.code, run.period), called(one.body)) for one in first]
        text = format_html(
            ngettext("{} đứng đầu với {} điểm", "{} cùng đứng đầu với {} điểm", len(first)), _list(names), score
        )
    if sure := _sureness(run, first, top):
        text = format_html("{}{}", text, sure)
    riser = _riser(run)
    if riser is None or riser.rank_change is None:
        return format_html("{}.", text)
    climbed = ngettext("tiến %(places)s bậc", "tiến %(places)s bậc", riser.rank_change) % {
        "places": number(riser.rank_change)
    }
    return format_html(
        gettext("{}; {} {}, nhiều nhất nhóm so với kỳ trước."),
        text,
        door(body_address(riser.body.code, run.period), called(riser.body)),
        climbed,
    )


def _sureness(run: Run, first: list[Standing], top: list[Standing]) -> SafeString:
    """Whether the leader is told apart from the rest; empty where several lead, or before it is computed."""
    interval = getattr(first[0], "interval", None) if len(first) == 1 else None
    if interval is None:
        return SafeString("")
    if not interval.alike:
        return SafeString(gettext(", tách hẳn khỏi các cơ quan còn lại"))
    near = [row for row in top[1:] if row.interval.low <= interval.high]
    if len(near) != interval.alike or len(near) == MOST_NAMED:
        words = gettext(", chưa phân biệt được với {} cơ quan khác")
        return format_html(words, number(interval.alike))
    names = [door(body_address(one.body.code, run.period), called(one.body)) for one in near]
    return format_html(gettext(", chưa phân biệt được với {}"), _list(names))


def _riser(run: Run) -> Standing | None:
    """The body that won most places; None when nobody did."""
    return (
        ranking(run)
        .filter(rank__isnull=False, previous_rank__gt=F("rank"))
        .order_by(F("previous_rank") - F("rank"), "body__code")
        .last()
    )


def _list(names: list[SafeString]) -> SafeString:
    if len(names) == 1:
        return names[0]
    head = names[0]
    for name in names[1:-1]:
        head = format_html("{}, {}", head, name)
    return format_html(gettext("{} và {}"), head, names[-1])
