"""Owed: tasks with one lead, a product and a deadline; evidence, reports, acceptance of the result.

Written by the standing office, lead bodies and verifiers, never by the one who is judged. Serves R20-R33.
"""
