"""Directives on screen: the list with the upload, and the review of what was found in a document."""
