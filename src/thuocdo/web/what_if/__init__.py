"""Trying other weights or other values on a ranking: ranks answer at once, and nothing is stored."""
