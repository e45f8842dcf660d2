"""English: figures and dates as read internationally."""
