"""Files that calls refer to by their digest: sent ahead by a key of the same body, or evidence that the actor sees."""

from collections.abc import Iterable, Mapping

from django.core.files.storage import default_storage

from thuocdo.accounts.permissions import Actor
from thuocdo.exchanges.models import ReceivedFile
from thuocdo.tasks.files import Upload
from thuocdo.tasks.models import Evidence
from thuocdo.tasks.queries import visible_to


def file_visible(actor: Actor, digest: str) -> tuple[str, str] | None:
    """Name and address of the file with this digest: one that the key sent, or evidence of a task that it may see."""
    return _found(actor, [digest]).get(digest)


def files_by_digest(actor: Actor, wanted: Mapping[str, str]) -> tuple[list[Upload], list[str]]:
    """The files with the digests (keys) under the names (values, empty: as first sent), and the unknown digests."""
    found = _found(actor, wanted)
    uploads = []
    for digest, name in wanted.items():
        if digest in found:
            known, address = found[digest]
            with default_storage.open(address, "rb") as file:
                uploads.append(Upload(name or known, file.read()))
    return uploads, [digest for digest in wanted if digest not in found]


def _found(actor: Actor, wanted: Iterable[str]) -> dict[str, tuple[str, str]]:
    digests = list(wanted)
    found: dict[str, tuple[str, str]] = {}
    seen = Evidence.objects.filter(
        report__task__in=visible_to(actor), digest__in=digests, erased_at__isnull=True
    ).values_list("digest", "name", "file")
    for digest, name, address in seen:
        found[digest] = (name, address)
    # What was erased for its personal data is gone for everybody, also for whoever sent it.
    gone = Evidence.objects.filter(digest__in=digests, erased_at__isnull=False).values("digest")
    for row in ReceivedFile.objects.filter(key=actor.key_id, digest__in=digests).exclude(digest__in=gone):
        found[row.digest] = (row.name, row.address)
    return found
