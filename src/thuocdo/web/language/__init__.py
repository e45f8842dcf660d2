"""The reader's language: Vietnamese unless English was chosen with the switch in the header."""
