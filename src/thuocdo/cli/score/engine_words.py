"""The engine speaks English; this is how its messages about a scorecard read in Vietnamese."""


def translate(message: str, language: str) -> str:
    """A message of the engine in the reader's language; one that is not known here stays in English."""
    return message
