"""Who: bodies of every bloc, the territorial tree and the sector lines, mergers and successions, heads.

Written by packs and administrators; everything else refers to it. Serves R29, R31, R37, R38.
"""
