"""What reporting costs, body by body and quarter by quarter."""
