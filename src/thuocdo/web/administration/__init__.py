"""Administration: the people of the bodies within reach with their roles, and the keys of source systems."""
