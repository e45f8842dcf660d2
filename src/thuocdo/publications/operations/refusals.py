"""What these operations refuse, in words that name field and remedy."""


class PublicationRefused(ValueError):
    """An act on a dossier that cannot be done; the message says what to do instead."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
