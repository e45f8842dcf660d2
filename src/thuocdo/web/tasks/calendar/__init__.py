"""Deadlines and milestones in the grid of a month."""
