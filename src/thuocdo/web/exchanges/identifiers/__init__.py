"""What other systems call a task, on its page."""
