"""Who keeps a meeting, and how every change begins: locked, permitted, in a state that allows it."""

from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, require
from thuocdo.directives.models import Document
from thuocdo.meetings.lifecycle import RECORDING
from thuocdo.meetings.models import Meeting

from .refusals import NotInThisState


def lock(meeting: Meeting) -> Meeting:
    """The meeting as it is now, locked with its directive until the transaction ends: one meeting, one queue.

    Whoever reviews the directive locks it, too, before anything tells the ledger, so that nobody waits in a circle.
    """
    current = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("series", "holder", "office", "document")
        .get(pk=meeting.pk)
    )
    if current.document_id is not None:
        Document.objects.select_for_update(of=("self",)).get(pk=current.document_id)
    return current


def require_keeper(actor: Actor, meeting: Meeting, permission: Permission) -> None:
    """Raises NotAllowed unless the actor belongs to the office of the meeting, with the permission over its holder."""
    if not actor.is_machine and not actor.belongs_to(meeting.office_id):
        raise NotAllowed(actor, permission, meeting.office)
    require(actor, permission, meeting.holder)


def lock_for_recording(meeting: Meeting, actor: Actor) -> Meeting:
    """The meeting, locked, while its conclusions are written down; raises NotAllowed, and NotInThisState otherwise."""
    current = lock(meeting)
    require_keeper(actor, current, Permission.RECORD_CONCLUSIONS)
    if current.state not in RECORDING:
        raise NotInThisState(current)
    return current
