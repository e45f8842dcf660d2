"""Writes of exchanges: systems and identifiers, column mappings, imports, deliveries, counts of the burden."""
