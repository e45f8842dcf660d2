"""Version 1 of the interface, under /api/v1/."""
