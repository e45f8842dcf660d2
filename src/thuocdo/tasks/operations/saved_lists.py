"""Keep a list of tasks under a name: save, rename, share, delete and bring back."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission
from thuocdo.engine.spelling import nfc
from thuocdo.ledger.events import Event
from thuocdo.ledger.operations import append
from thuocdo.organisations.models import Body
from thuocdo.tasks.models import SavedList

from .refusals import TaskRefused

MOST_LISTS, LONGEST_QUERY = 60, 1500


@transaction.atomic
def save_list(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    query: str,
    columns: Sequence[str] = (),
    shared_with: Body | None = None,
) -> SavedList:
    """Keep filters, order and columns under a name of the actor's own; raises NotAllowed or TaskRefused."""
    if actor.user_id is None:
        raise NotAllowed(actor, Permission.VIEW_TASKS)
    title = _named(name)
    if len(query) > LONGEST_QUERY:
        raise TaskRefused(
            gettext("Bộ lọc dài quá nên không lưu được; bỏ bớt điều kiện."), code="too_long", field="name"
        )
    own = SavedList.objects.filter(owner=actor.user_id)
    if own.count() >= MOST_LISTS:
        raise TaskRefused(
            gettext("Mỗi người lưu nhiều nhất 60 danh sách; xóa bớt danh sách cũ."), code="many", field="name"
        )
    _check_share(actor, shared_with)
    try:
        with transaction.atomic():
            row = SavedList.objects.create(
                owner_id=actor.user_id, name=title, query=query, columns=list(columns), shared_with=shared_with, at=at
            )
    except IntegrityError as error:
        raise _taken(title) from error
    _told(row, "saved", actor=actor, at=at)
    return row


@transaction.atomic
def change_list(
    *, actor: Actor, at: datetime, saved: SavedList, name: str | None = None, shared_with: Body | None
) -> SavedList:
    """Rename a list of one's own, share it with a body where one works, or share it no more."""
    current = _own(actor, saved)
    _check_share(actor, shared_with)
    if name is not None:
        current.name = _named(name)
    current.shared_with = shared_with
    try:
        with transaction.atomic():
            current.save(update_fields=["name", "shared_with"])
    except IntegrityError as error:
        raise _taken(current.name) from error
    _told(current, "changed", actor=actor, at=at)
    return current


@transaction.atomic
def delete_list(*, actor: Actor, at: datetime, saved: SavedList) -> None:
    """Delete a list of one's own; `save_list` with the same values brings it back."""
    current = _own(actor, saved)
    _told(current, "deleted", actor=actor, at=at)
    current.delete()


def _own(actor: Actor, saved: SavedList) -> SavedList:
    current = SavedList.objects.select_for_update(of=("self",)).get(pk=saved.pk)
    if actor.user_id is None or current.owner_id != actor.user_id:
        raise NotAllowed(actor, Permission.VIEW_TASKS)
    return current


def _named(name: str) -> str:
    title = " ".join(nfc(name).split())
    if not title:
        raise TaskRefused(gettext("Chưa đặt tên danh sách; ghi một tên ngắn."), code="empty", field="name")
    if len(title) > 80:
        raise TaskRefused(gettext("Tên danh sách dài quá 80 ký tự; rút gọn lại."), code="too_long", field="name")
    return title


def _taken(name: str) -> TaskRefused:
    return TaskRefused(
        gettext("Bạn đã có danh sách tên “%(name)s”; đặt tên khác.") % {"name": name}, code="taken", field="name"
    )


def _check_share(actor: Actor, body: Body | None) -> None:
    if body is not None and not actor.belongs_to(body.pk):
        raise NotAllowed(actor, Permission.VIEW_TASKS, body)


def _told(saved: SavedList, what: str, *, actor: Actor, at: datetime) -> None:
    append(
        actor=actor.label,
        at=at,
        event=Event.SAVED_LIST_CHANGED,
        subject=f"saved_list:{saved.pk}",
        data={"change": what, "shared_with": saved.shared_with.code if saved.shared_with else None},
    )
