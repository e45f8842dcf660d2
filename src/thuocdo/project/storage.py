"""Where uploaded files lie: under the SHA-256 of their content, outside any served folder."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class ContentAddressed(FileSystemStorage):
    """A file store whose names are digests: the same bytes are kept once and can never be exchanged."""

    def save(self, name: str | None, content: File, max_length: int | None = None) -> str:  # type: ignore[type-arg, override]
        """Store the content and return its name, `ab/abcdef…`; saving the same bytes again changes nothing.

        The bytes are written under a name of their own and moved into place whole: two writers of the same
        content do not disturb each other, and a crash leaves nothing under a digest that it does not have.
        """
        folder = Path(self.location)
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as draft:
            try:
                content.seek(0)
                for chunk in content.chunks():
                    digest.update(chunk)
                    draft.write(chunk)
                draft.flush()
                os.fsync(draft.fileno())
                address = f"{digest.hexdigest()[:2]}/{digest.hexdigest()}"
                place = folder / address
                place.parent.mkdir(exist_ok=True)
                Path(draft.name).replace(place)
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise
        return address
