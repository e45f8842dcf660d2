"""Meetings: the list, one meeting, what lies on its table, what it concludes."""
