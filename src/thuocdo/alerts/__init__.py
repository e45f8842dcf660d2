"""Foreseen: the ladder of reminders, notices to people with their mail, urging notes between bodies.

Written by the schedule and by what the ledger tells; standing offices write urging notes. Serves R17, R25, R28.
"""
