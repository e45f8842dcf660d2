"""Tasks, milestones and what waits for what, on one ruler of time."""
