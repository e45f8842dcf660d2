"""Machines that are told of events: the list, one of them with its last messages, and what a person may do."""
