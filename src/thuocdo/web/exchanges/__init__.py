"""Pages of what is exchanged with other systems."""
