"""Signs in figures and reports that are worth a second look, for those who verify and evaluate."""
