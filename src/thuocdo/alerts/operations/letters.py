"""The words of the mail: notices of one person, and the weekly digest; plain text with the same as simple HTML.

Written at the moment of sending, with the rights of that moment; a restricted task is never named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext, ngettext, override

from thuocdo.accounts.permissions import Actor
from thuocdo.alerts import messages
from thuocdo.alerts.lifecycle import Kind, Standing
from thuocdo.alerts.models import Message, Notice
from thuocdo.alerts.queries import for_page, ladder_on, notices_of, open_number
from thuocdo.feeds.queries import silences_for
from thuocdo.tasks.models import Task
from thuocdo.tasks.queries import my_work

# So many lines of a kind stand in one piece of mail; the rest is a number.
MOST_LINES = 25
MOST_IN_DIGEST = 8


@dataclass(frozen=True, slots=True)
class Line:
    """One thing: its title, what is said of it, where it is."""

    title: str
    said: str
    path: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading; `number` counts those that are left out, too."""

    title: str
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A piece of mail, ready to go; `notices` are those that it tells of."""

    subject: str
    text: str
    html: str
    notices: tuple[int, ...] = ()


def letter_of(message: Message, *, actor: Actor, today: date) -> Letter | None:
    """The letter of a message for the person with today's rights; None when nothing is left to say."""
    with override("vi"):
        if message.sort == Message.Sort.DIGEST:
            return _digest(actor, today)
        return _notices(message, actor, today)


def _notices(message: Message, actor: Actor, today: date) -> Letter | None:
    waiting = for_page(notices_of(actor).filter(message=message, by_mail=True, standing=Standing.OPEN))
    rows = list(waiting)
    if not rows:
        return None if Notice.objects.filter(message=message).exists() else _silence(actor)
    version = ladder_on(today)
    asks = {rung.code: rung.ask for rung in version.ladder.rungs} if version else {}
    sections = []
    for kind in Kind:
        here = [notice for notice in rows if notice.kind == kind]
        if here:
            lines = tuple(_line(notice, asks, today) for notice in here[:MOST_LINES])
            sections.append(Section(str(kind.label), len(here), lines))
    if len(rows) == 1:
        subject = f"{sections[0].title}: {sections[0].lines[0].title}"
    else:
        subject = ngettext("%(number)s thông báo mới", "%(number)s thông báo mới", len(rows)) % {"number": len(rows)}
    return _letter(subject, sections, tuple(notice.pk for notice in rows))


def _silence(actor: Actor) -> Letter | None:
    """Of the feeds that are silent; none when all of them have spoken again."""
    silent = silences_for(actor)
    if not silent:
        return None
    lines = [
        Line(
            feed.name,
            gettext("lô cuối cùng nhận lúc %(last)s, quá thời gian cho phép từ %(since)s")
            % {"last": messages.moment(feed.last_batch_at), "since": messages.moment(feed.silent_since)},
            reverse("feed", args=[feed.code]),
        )
        for feed in silent
    ]
    title = gettext("Nguồn dữ liệu ngừng gửi")
    return _letter(f"{title}: {', '.join(line.title for line in lines)}", [Section(title, len(lines), tuple(lines))])


def _line(notice: Notice, asks: Mapping[str, Mapping[str, str]], today: date) -> Line:
    said = messages.said(notice, today)
    wanted = messages.asked(notice, asks)
    path = reverse("urging", args=[notice.urging_id]) if notice.urging_id else ""
    if notice.task is not None:
        path = reverse("task", args=[notice.task.code])
    if notice.finding_id:
        # Several together stand in the list of those that nobody has taken up.
        path = (
            reverse("finding", args=[notice.finding_id]) if notice.findings == 1 else f"{reverse('findings')}?muc=open"
        )
    return Line(messages.title_of(notice, in_mail=True), f"{said}. {wanted}" if wanted else said, path)


def _digest(actor: Actor, today: date) -> Letter | None:
    work = my_work(actor, today)
    # What is late or nearly due stands there alone, whatever else there is to do with it.
    pressing = Q(pk__in=work.late.order_by().values("pk")) | Q(pk__in=work.due_soon.order_by().values("pk"))
    parts = [
        (gettext("Quá hạn"), work.late),
        (gettext("Đến hạn trong 7 ngày"), work.due_soon),
        (gettext("Bị trả lại"), work.returned.exclude(pressing)),
        (gettext("Chờ nhận việc"), work.to_accept.exclude(pressing)),
        (gettext("Chờ bạn phê duyệt"), work.to_approve),
        (gettext("Chờ bạn quyết định kiến nghị"), work.to_decide),
    ]
    sections = []
    for title, tasks in parts:
        number = tasks.order_by().count()
        if number:
            lines = tuple(_task_line(task, today) for task in tasks[:MOST_IN_DIGEST])
            sections.append(Section(title, number, lines))
    mentions = for_page(notices_of(actor).filter(kind=Kind.MENTIONED, standing=Standing.OPEN))
    mentioned = list(mentions[: MOST_IN_DIGEST + 1])
    if mentioned:
        lines = tuple(_line(notice, {}, today) for notice in mentioned[:MOST_IN_DIGEST])
        sections.append(Section(str(Kind.MENTIONED.label), mentions.count(), lines))
    if not sections:
        return None
    total = sum(section.number for section in sections)
    subject = gettext("Việc trong tuần từ ngày %(day)s: %(number)s việc") % {
        "day": messages.day(today),
        "number": total,
    }
    unseen = open_number(actor)
    if unseen:
        title = gettext("Thông báo chưa xác nhận")
        sections.append(Section(title, unseen, (Line(title, "", reverse("notices")),)))
    return _letter(subject, sections)


def _task_line(task: Task, today: date) -> Line:
    title = gettext("Một nhiệm vụ hạn chế")
    if task.secrecy != "restricted":
        title = Truncator(capfirst(task.title)).chars(160)
    return Line(title, messages.days_to(task.due_on, today), reverse("task", args=[task.code]))


def _letter(subject: str, sections: Iterable[Section], notices: tuple[int, ...] = ()) -> Letter:
    start = settings.BASE_URL.rstrip("/")
    text, html = [], []
    for section in sections:
        text += ["", f"{section.title.upper()} ({section.number})"]
        for line in section.lines:
            said = f" – {line.said}" if line.said else ""
            text += [f"- {line.title}{said}", f"  {start}{line.path}"]
        left_out = section.number - len(section.lines)
        more = gettext("và %(number)s việc nữa trong hệ thống") % {"number": left_out} if left_out > 0 else ""
        if more:
            text.append(f"- {more}")
        items = format_html_join(
            "",
            '<li><a href="{}">{}</a>{}</li>',
            [(f"{start}{line.path}", line.title, f" – {line.said}" if line.said else "") for line in section.lines],
        )
        rest = format_html("<li>{}</li>", more) if more else ""
        html.append(format_html("<h2>{} ({})</h2><ul>{}{}</ul>", section.title, section.number, items, rest))
    wishes = f"{start}{reverse('notice_settings')}"
    foot = gettext("Thư này do Thước Đo gửi tự động; không trả lời thư. Đổi cách nhận thông báo:")
    return Letter(
        subject=" ".join(subject.split()),
        text="\n".join([*text[1:], "", foot, wishes, ""]),
        html=format_html(
            '<!doctype html><html lang="vi"><meta charset="utf-8"><body>{}<p>{} <a href="{}">{}</a></p></body></html>',
            format_html_join("", "{}", [(part,) for part in html]),
            foot,
            wishes,
            wishes,
        ),
        notices=notices,
    )
