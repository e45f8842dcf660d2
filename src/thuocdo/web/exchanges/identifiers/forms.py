"""The form with one field for each other system: what it calls the task."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from thuocdo.web.design.figures import speaks_english

if TYPE_CHECKING:
    from thuocdo.exchanges.models import System


def system_named(system: "System") -> str:
    """The name of a system in the reader's language."""
    return system.name_en if speaks_english() else system.name


class IdentifiersForm(forms.Form):
    """What every system calls the task; an empty field takes an identifier away."""

    def __init__(self, systems: "Sequence[System]", now: Mapping[int, str], data: Any = None) -> None:
        super().__init__(data, initial={f"ma_{one.pk}": now.get(one.pk, "") for one in systems})
        self.systems = systems
        for one in systems:
            self.fields[f"ma_{one.pk}"] = forms.CharField(
                label=system_named(one),
                required=False,
                max_length=120,
                widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
            )
