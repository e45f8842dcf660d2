"""How dates and figures are written in each language."""
