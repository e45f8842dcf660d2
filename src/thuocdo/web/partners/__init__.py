"""The instances above and below this one: how the exchange with them stands, and what waits."""
