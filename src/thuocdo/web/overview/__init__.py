"""The nation on one page for whoever has a role: what is late, what moved and why, what changed, how fresh it is."""
