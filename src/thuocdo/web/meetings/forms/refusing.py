"""A form of meetings: whatever the operation refuses stands beside its field, with what was typed."""

from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

from django import forms

from thuocdo.accounts.permissions import Actor
from thuocdo.meetings.operations import MeetingRefused
from thuocdo.web.bodies.suggest import BodyField

Made = TypeVar("Made")
# Fields of operations that a form may call otherwise.
_RENAMED = {"new_due_on": "due_on", "reason": "text", "note": "text", "answer": "text"}


def new_key() -> str:
    """A key by which a form that is sent twice is known."""
    return uuid4().hex


class MeetingForm(forms.Form):
    """Calls an operation, and shows what that refuses."""

    def granted(self, act: Callable[[], Made]) -> Made | None:
        """What the operation gives; None when it refuses, with the reason beside its field."""
        try:
            return act()
        except MeetingRefused as refusal:
            self.refuse(refusal)
            return None

    def refuse(self, refusal: MeetingRefused) -> None:
        """Put a refusal beside the field that caused it."""
        names = (refusal.field, _RENAMED.get(refusal.field))
        self.add_error(next((name for name in names if name in self.fields), None), str(refusal))

    def restrict(self, actor: Actor) -> None:
        """Let the fields for bodies know who asks."""
        for field in self.fields.values():
            if isinstance(field, BodyField):
                field.restrict(actor)
