"""The tasks of a body and everything below it."""
