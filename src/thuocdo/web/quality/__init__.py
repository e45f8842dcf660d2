"""How good the data of bodies are: six qualities with the rows behind them, what to mend first, who stands where."""
