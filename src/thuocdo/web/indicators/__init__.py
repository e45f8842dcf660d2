"""The dictionary of indicators, and one indicator: what it means, its values on the way to the target."""
