"""A source system in small: dossiers of provinces, first those of the running quarter, then live ones over HTTP."""
