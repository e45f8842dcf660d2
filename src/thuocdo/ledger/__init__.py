"""Happened: hash-chained entries of everything that was written.

Every operation of every room appends here, in its own transaction; nobody changes or removes an entry.
Serves R03, R09 and the rule "every write leaves a ledger entry".
"""
