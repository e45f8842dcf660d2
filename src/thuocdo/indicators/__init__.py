"""Measured: definitions, target paths, and measurements (bitemporal, append-only), declared and verified apart.

Written by source systems, evaluators and bodies; read by the scoring matrix. Serves R03, R04, R22.
"""
