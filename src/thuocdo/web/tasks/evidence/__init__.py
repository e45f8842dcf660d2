"""Evidence of a task: its list, the viewer, what was used twice, erasure, and single things returned."""
