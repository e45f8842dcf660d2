"""Feeds of raw events: how they fare, their batches and errors, and where a figure comes from."""
