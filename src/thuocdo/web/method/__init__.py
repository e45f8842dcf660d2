"""How the ranking is made: the scorecard in force, explained from its own file."""
