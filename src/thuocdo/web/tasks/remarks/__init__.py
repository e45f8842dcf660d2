"""What people say about a task: the remarks under its story, and the page of their own."""
