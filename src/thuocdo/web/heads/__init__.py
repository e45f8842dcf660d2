"""Pages of heads: who answers for what in a term, the rows behind every figure, dossiers and their signatures."""
