"""The demonstration nation: real bodies of the pack, and a year of activity that is invented from a fixed seed."""
