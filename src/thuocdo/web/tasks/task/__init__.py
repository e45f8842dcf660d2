"""The page of one task: its story, the steps that the reader may take, its evidence."""
