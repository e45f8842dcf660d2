"""A run in files: bytes of a scorecard and of a table in, result files as name → bytes out, and their verification.

Nothing here opens a file or looks at the clock: the same bytes give the same bytes.
"""
