"""Published: frozen, signed, reproducible releases; so far heads' accountability dossiers, which stay inside.

Written by heads for themselves and by standing offices for others, never changed afterwards. Serves R29-R32, R42.
"""
