"""The tests; world.py is the cast, the folders mirror src/thuocdo."""
