"""A person's own deadlines for other calendars: a file to take away, a secret address to subscribe to."""
