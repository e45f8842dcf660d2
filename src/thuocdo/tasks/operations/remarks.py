"""Remarks on a task: made by whoever sees it, naming only others who see it, and taken back by their author."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.tasks.models import Comment, Mention, Task
from thuocdo.tasks.queries.remarks import may_remark, people_who_see

from .refusals import TaskRefused

LONGEST_REMARK = 10_000
MOST_NAMED = 20
# "@lan" at the beginning of a word; an address of a mailbox has letters before the sign.
_NAMED = re.compile(r"(?<![\w@.])@(\w[\w.+-]*)")


@transaction.atomic
def remark(*, actor: Actor, at: datetime, task: Task, text: str, people: Iterable[int] = ()) -> Comment:
    """Say something about a task; `people` are the numbers of the persons whom it names.

    A sign-in name behind "@" names a person as well. Raises NotAllowed for who may not see the task or only
    reads, and TaskRefused for an empty or too long text and for anybody named who may not see the task.
    """
    if actor.user_id is None or not may_remark(actor, task):
        raise NotAllowed(actor, Permission.REMARK, task.lead)
    words = nfc(text).replace("\r\n", "\n").strip()
    if not words:
        raise TaskRefused(gettext("Chưa có nội dung trao đổi; ghi điều cần nói."), code="empty", field="text")
    if len(words) > LONGEST_REMARK:
        raise TaskRefused(
            gettext("Nội dung dài %(length)s ký tự, nhiều nhất là %(most)s; rút gọn hoặc gửi thành nhiều ý kiến.")
            % {"length": len(words), "most": LONGEST_REMARK},
            code="too_long",
            field="text",
        )
    named = _named(words, set(people), task, at)
    comment = Comment.objects.create(task=task, author_id=actor.user_id, at=at, text=words)
    Mention.objects.bulk_create([Mention(comment=comment, person=person) for person in named])
    append(
        actor=actor.label,
        at=at,
        event=Event.REMARK_MADE,
        subject=task.label,
        data={"remark": comment.pk, "mentioned": sorted(person.pk for person in named)},
    )
    return comment


def _named(text: str, chosen: set[int], task: Task, at: datetime) -> list[User]:
    """The persons whom a remark names, chosen or written; refuses whoever may not see the task."""
    seeing = people_who_see(task, on=localdate(at))
    found = {person.pk: person for person in seeing.filter(pk__in=chosen)}
    if len(found) < len(chosen):
        raise TaskRefused(
            gettext("Có người được nhắc không xem được nhiệm vụ này; chỉ chọn trong danh sách."),
            code="cannot_see",
            field="people",
        )
    rest = text
    for person in found.values():
        rest = rest.replace(f"@{person.full_name}", "")
    written = {word.rstrip(".").lower() for word in _NAMED.findall(rest)}
    if written:
        by_name = {person.username.lower(): person for person in seeing.filter(username__in=written)}
        for word in sorted(written):
            if word not in by_name:
                # Whether somebody of this name exists elsewhere is nobody's business.
                raise TaskRefused(
                    gettext(
                        "Không nhắc được “@%(name)s”: trong những người xem được nhiệm vụ này không có tên đăng nhập "
                        "đó; chọn người trong danh sách hoặc bỏ dấu @."
                    )
                    % {"name": word},
                    code="cannot_see",
                    field="people",
                )
        found |= {person.pk: person for person in by_name.values()}
    if len(found) > MOST_NAMED:
        raise TaskRefused(
            gettext("Mỗi ý kiến nhắc không quá %(most)s người; bỏ bớt người được nhắc.") % {"most": MOST_NAMED},
            code="too_many",
            field="people",
        )
    return list(found.values())


@transaction.atomic
def withdraw_remark(*, actor: Actor, at: datetime, comment: Comment) -> Comment:
    """Take back a remark of one's own: the words go, that something was said stays; twice does no harm."""
    current = Comment.objects.select_for_update(of=("self",)).select_related("task__lead").get(pk=comment.pk)
    if actor.user_id is None or current.author_id != actor.user_id:
        raise NotAllowed(actor, Permission.REMARK, current.task.lead)
    if current.withdrawn_at is not None:
        return current
    current.text, current.withdrawn_at = "", at
    current.save(update_fields=["text", "withdrawn_at"])
    append(
        actor=actor.label,
        at=at,
        event=Event.REMARK_WITHDRAWN,
        subject=current.task.label,
        data={"remark": current.pk},
    )
    return current


def read_mentions(*, actor: Actor, at: datetime, task: Task) -> int:
    """Note that the actor saw the remarks on a task that name them; how many were new.

    A mark for the reader alone, hence no entry of the ledger.
    """
    if actor.user_id is None:
        return 0
    return Mention.objects.filter(comment__task=task, person=actor.user_id, read_at__isnull=True).update(read_at=at)
