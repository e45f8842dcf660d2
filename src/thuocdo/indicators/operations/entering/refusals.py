"""Why an act on handed-in figures is refused."""


class FiguresRefused(ValueError):
    """The act does not fit where the figures stand; the message says what to do, `field` what it concerns."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
