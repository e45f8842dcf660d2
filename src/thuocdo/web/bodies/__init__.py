"""Bodies on screen: their pages, and the field by which every other screen lets people choose a body."""
