"""One command a module, under the name by which Django looks for it."""
