"""The sentence that opens the overview: what is overdue and whose, what falls due, who moved most."""

from typing import TYPE_CHECKING

from django.db.models import Count, F, Window
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from thuocdo.web.bodies.owed import Tally
from thuocdo.web.design.figures import number
from thuocdo.web.design.marks import door
from thuocdo.web.rankings.changes import Move
from thuocdo.web.rankings.marks import body_address, called

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thuocdo.tasks.models import Task


def opening(counts: Tally | None, overdue: "QuerySet[Task]", moves: list[Move]) -> SafeString:
    """In one sentence; each clause only where there is something to say."""
    clauses = []
    if counts is not None and counts.all:
        clauses.append(_late(counts, overdue))
        if counts.due_soon:
            text = ngettext(
                "{} nhiệm vụ đến hạn trong 7 ngày tới", "{} nhiệm vụ đến hạn trong 7 ngày tới", counts.due_soon
            )
            clauses.append(format_html(text, door(f"{reverse('tasks')}?muc=sap-den-han", number(counts.due_soon))))
    if moves and moves[0].standing.rank_change:
        clauses.append(_moved(moves[0]))
    if not clauses:
        return SafeString(gettext("Chưa có nhiệm vụ và chưa có kết quả xếp hạng trong phạm vi bạn được xem."))
    text = clauses[0]
    for clause in clauses[1:]:
        text = format_html("{}; {}", text, clause)
    return format_html("{}.", text)


def _late(counts: Tally, overdue: "QuerySet[Task]") -> SafeString:
    if not counts.overdue:
        return SafeString(gettext("Không có nhiệm vụ nào quá hạn"))
    text = format_html(
        ngettext("{} nhiệm vụ quá hạn", "{} nhiệm vụ quá hạn", counts.overdue),
        door(f"{reverse('tasks')}?muc=qua-han", number(counts.overdue)),
    )
    each = Window(Count("pk"), partition_by=F("lead"))
    one = overdue.annotate(of_lead=each).order_by("-of_lead", "lead__code").select_related("lead").first()
    if one is None or one.of_lead == counts.overdue:
        return text
    body = one.lead
    name = format_html('<a class="door" href="{}">{}</a>', f"{body_address(body.code)}#viec", called(body))
    return format_html(gettext("{}, nhiều nhất là {} với {}"), text, name, number(one.of_lead))


def _moved(move: Move) -> SafeString:
    places = move.standing.rank_change or 0
    name = format_html('<a class="door" href="{}">{}</a>', move.address, move.name)
    if places > 0:
        text = ngettext(
            "{} tiến {} bậc, nhiều nhất trong các tỉnh", "{} tiến {} bậc, nhiều nhất trong các tỉnh", places
        )
    else:
        text = ngettext("{} lùi {} bậc, nhiều nhất trong các tỉnh", "{} lùi {} bậc, nhiều nhất trong các tỉnh", -places)
    return format_html(text, name, number(abs(places)))
