"""Urging notes: the list, a new one from overdue tasks, a note with its tasks, its documents and its answer."""
