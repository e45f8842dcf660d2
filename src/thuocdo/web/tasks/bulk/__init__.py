"""One act for many tasks, with the outcome of each and an undo."""
