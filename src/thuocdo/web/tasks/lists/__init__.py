"""Lists of tasks that come back from offices: uploaded, looked at cell by cell, taken over or left."""
