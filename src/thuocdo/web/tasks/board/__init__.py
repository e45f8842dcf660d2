"""Tasks as cards in columns."""
