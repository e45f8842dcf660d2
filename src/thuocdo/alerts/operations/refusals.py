"""What these operations refuse, in words that name field and remedy."""


class AlertRefused(ValueError):
    """An act on a notice, a wish or an urging note that cannot be done; the message says what to do instead."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
