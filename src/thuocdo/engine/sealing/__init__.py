"""Proofs that nothing was changed: hash chain and Merkle tree."""
