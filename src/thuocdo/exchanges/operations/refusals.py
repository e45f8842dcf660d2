"""Why an operation of exchanges was refused: the field, a code for machines, a sentence with the remedy."""


class ExchangeRefused(ValueError):
    """What was asked cannot be done; nothing was written. The text is for the person who asked."""

    def __init__(self, message: str, *, code: str, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field
