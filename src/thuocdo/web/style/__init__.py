"""The living style page: every component with content as it will be."""
