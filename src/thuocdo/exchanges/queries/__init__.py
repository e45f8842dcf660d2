"""Reads of exchanges: systems and identifiers, column mappings, imports, the burden of reporting."""
