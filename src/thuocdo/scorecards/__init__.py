"""Judged: versions of the method, what is derived from other rooms, scoring runs, scores and ranks.

Written by packs and by the machine; every run can be computed again from its recipe. Serves R01, R12, R14, R26.
"""
