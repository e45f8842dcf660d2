"""The rankings of the peer groups, live, with what changed and why, and two bodies side by side."""
