"""Definitions: formula, parts, path, versions, tasks; what hangs together with nothing; own indicators."""
