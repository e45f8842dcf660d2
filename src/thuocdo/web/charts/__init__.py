"""Charts and the map: one module per kind; each gives a drawing with the table of its figures beside it."""
