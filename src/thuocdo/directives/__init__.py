"""Ordered: documents, their text, and candidate assignments awaiting a person's yes.

Written by the standing office and by the extraction job. Serves R13, R21-R24, R34, R55.
"""
