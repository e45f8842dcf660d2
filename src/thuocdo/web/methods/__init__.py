"""Versions of a method side by side, and drafts: written, compared with past rankings, approved or let go."""
