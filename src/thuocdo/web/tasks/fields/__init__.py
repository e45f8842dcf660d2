"""Fields of a body's own: the page of a body, and the part of a task's page."""
