"""A task assigned by hand, to one body or to every body of a group."""
