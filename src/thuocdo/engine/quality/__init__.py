"""How far figures and reports can be relied on, from the figures and reports alone."""
