"""`thuocdo push FILE`: send a table of figures to an instance, resumable, with what was refused beside it."""
