"""The ledger browser: what happened, entry by entry, and whether the chain holds."""
