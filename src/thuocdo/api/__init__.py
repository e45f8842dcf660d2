"""Door 2: the programming interface, one module per resource; a breaking change is a v2 beside it."""
