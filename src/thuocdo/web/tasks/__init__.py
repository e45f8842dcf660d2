"""Tasks on screen: the list, the page of one task with what may be done to it, a new task by hand, evidence."""
