"""Where uploaded files lie: under the SHA-256 of their content, outside any served folder."""

import hashlib

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class ContentAddressed(FileSystemStorage):
    """A file store whose names are digests: the same bytes are kept once and can never be exchanged."""

    def save(self, name: str | None, content: File, max_length: int | None = None) -> str:  # type: ignore[type-arg, override]
        """Store the content and return its name, `ab/abcdef…`; saving the same bytes again changes nothing."""
        digest = hashlib.sha256()
        content.seek(0)
        for chunk in content.chunks():
            digest.update(chunk)
        content.seek(0)
        address = f"{digest.hexdigest()[:2]}/{digest.hexdigest()}"
        return address if self.exists(address) else str(super().save(address, content, max_length))

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name
