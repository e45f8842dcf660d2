"""Door 1: pages. urls.py is the site map; every screen has a folder of its own."""
