"""How the columns of lists from elsewhere are read: said once, listed, changed, left."""
