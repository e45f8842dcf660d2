"""`thuocdo score`: a scorecard file and a table in, a folder of results out, without Django or a database."""
