"""Work programmes: their versions side by side, core tasks, approval."""
