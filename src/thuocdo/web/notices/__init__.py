"""A person's notices, how they want to be told, and the ladder of reminders in force."""
