"""Commands of manage.py that this house changes; here because this room is the first that is installed."""
