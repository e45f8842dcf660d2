"""Lists for other systems."""
