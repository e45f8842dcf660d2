"""The pure part: numbers and text in, numbers and objects out; no Django, no clock, no network."""
