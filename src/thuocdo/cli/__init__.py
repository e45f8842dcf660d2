"""Door 3: commands, one per file; project/commands.py is their list."""
