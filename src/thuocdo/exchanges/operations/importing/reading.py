"""The sheet behind an import: its kept bytes, read as its body reads lists with such headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils.timezone import localdate

from thuocdo.accounts.models import User
from thuocdo.accounts.permissions import Actor, NotAllowed, Permission, machine, may_anywhere
from thuocdo.accounts.queries import actor_for_user
from thuocdo.exchanges.models import ColumnMapping, ImportRun, System
from thuocdo.exchanges.queries.identifiers import systems
from thuocdo.exchanges.queries.mappings import mapping_for
from thuocdo.tasks.files import Sheet, read_sheet
from thuocdo.tasks.files.headings import heading_key
from thuocdo.tasks.files.layouts import MOST_ROWS
from thuocdo.tasks.files.sheets import LARGEST


@dataclass(frozen=True, slots=True)
class ReadList:
    """A sheet, the mapping that read it, and the system whose identifiers it carries."""

    sheet: Sheet
    mapping: ColumnMapping | None = None
    system: System | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether another system wrote it, so that its cells were typed there and not here."""
        return self.mapping is not None or self.system is not None


class _Memory:
    """Answers a reader what is remembered of headings, and keeps which answer it gave."""

    def __init__(self, actor: Actor, mapping: ColumnMapping | None) -> None:
        self.actor, self.mapping = actor, mapping
        self.is_named = mapping is not None
        self.system: System | None = mapping.system if mapping else None

    def __call__(self, words: Sequence[str], digest: str) -> Mapping[str, int] | None:
        if self.mapping is None:
            self.mapping = mapping_for(self.actor, digest)
        if self.mapping is not None:
            self.system = self.mapping.system
            return _placed(self.mapping, words)
        for system in systems():
            if columns := _columns_of(system, words):
                self.system = system
                return columns
        return None


def _placed(mapping: ColumnMapping, words: Sequence[str]) -> Mapping[str, int]:
    """The columns of a mapping in this table; one that was asked for by name may have them in another order."""
    if [heading_key(one) for one in mapping.headings] == [heading_key(one) for one in words]:
        return dict(mapping.columns)
    places = {heading_key(word): place for place, word in reversed(list(enumerate(words)))}
    wanted = {name: heading_key(mapping.headings[place]) for name, place in mapping.columns.items()}
    return {name: places[key] for name, key in wanted.items() if key in places}


def _columns_of(system: System, words: Sequence[str]) -> Mapping[str, int] | None:
    """The columns of a list in the layout of a system, when all of its headings stand there."""
    places = {heading_key(word): place for place, word in reversed(list(enumerate(words))) if word}
    found = {one["field"]: places.get(heading_key(one["heading"])) for one in system.columns}
    if any(place is None for place in found.values()):
        return None
    ours = {"code": places.get("ma nhiem vu")}
    return {name: place for name, place in {**ours, **found}.items() if place is not None}


def read_list(
    actor: Actor,
    content: bytes,
    name: str,
    *,
    mapping: ColumnMapping | None = None,
    most_rows: int = MOST_ROWS,
    max_bytes: int = LARGEST,
) -> ReadList:
    """The rows of a list as the actor's body reads it. Raises SheetRefused, HeadingsUnknown."""
    memory = _Memory(actor, mapping)
    sheet = read_sheet(content, name, most_rows=most_rows, max_bytes=max_bytes, remembered=memory)
    return ReadList(sheet, memory.mapping, memory.system)


def read_run(run: ImportRun, actor: Actor) -> ReadList:
    """The list of an import, read again from its kept bytes, however large it was when it was let in."""
    with default_storage.open(run.address) as file:
        content = file.read()
    return read_list(actor, content, run.file_name, mapping=run.mapping, most_rows=10**6, max_bytes=10**9)


def importer_of(run: ImportRun) -> Actor:
    """Whoever brought the list, with the rights of the day on which they said yes to it, or brought it."""
    on = localdate(run.decided_at or run.received_at)
    if run.by_user_id is None:
        return machine(run.by_label.removeprefix("system:"), on)
    return actor_for_user(User.objects.get(pk=run.by_user_id), on=on)


def require_importer(actor: Actor) -> None:
    """Raises NotAllowed for whoever may neither report nor assign: no list could change anything."""
    if not any(may_anywhere(actor, one) for one in (Permission.REPORT_PROGRESS, Permission.ASSIGN_TASK)):
        raise NotAllowed(actor, Permission.REPORT_PROGRESS)
