"""Discussed: meetings in series, the pack that lay on the table, promises, conclusions that become tasks.

Written by the standing office that keeps the meeting; lead bodies give their reasons before it. Serves R28, R33-R34.
"""
