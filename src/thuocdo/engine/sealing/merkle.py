"""Merkle trees over rows: one root for a batch, and short proofs that a row is in it (RFC 6962 hashing)."""

import hashlib
from collections.abc import Sequence

# Leaves and nodes are hashed with different first bytes, so that a node cannot pass for a leaf.
LEAF = b"\x00"
NODE = b"\x01"


def _leaf(row: str) -> bytes:
    return hashlib.sha256(LEAF + row.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _root(leaves: Sequence[bytes]) -> bytes:
    """Level by level, whoever is left without a neighbour going up alone: the tree that halves at powers of two."""
    digest, level = hashlib.sha256, list(leaves)
    while len(level) > 1:
        pairs = [digest(NODE + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs if len(level) % 2 == 0 else [*pairs, level[-1]]
    return level[0]


def merkle_root(rows: Sequence[str]) -> str:
    """Root over the rows in their order, 64 hexadecimal digits; of no rows, the digest of nothing."""
    if not rows:
        return hashlib.sha256(b"").hexdigest()
    return _root([_leaf(row) for row in rows]).hex()


def inclusion_proof(rows: Sequence[str], index: int) -> list[tuple[str, str]]:
    """The siblings from row `index` up to the root, each as (side, digest) with side `left` or `right`."""
    if not 0 <= index < len(rows):
        raise IndexError("The proof is asked for a row that is not in the batch.")
    leaves = [_leaf(row) for row in rows]
    proof: list[tuple[str, str]] = []
    while len(leaves) > 1:
        middle = _split(len(leaves))
        if index < middle:
            proof.append(("right", _root(leaves[middle:]).hex()))
            leaves = leaves[:middle]
        else:
            proof.append(("left", _root(leaves[:middle]).hex()))
            leaves, index = leaves[middle:], index - middle
    return proof[::-1]


def proves(row: str, proof: Sequence[tuple[str, str]], root: str) -> bool:
    """Whether the proof leads from the row to the root."""
    value = _leaf(row)
    for side, sibling in proof:
        other = bytes.fromhex(sibling)
        value = _node(other, value) if side == "left" else _node(value, other)
    return value.hex() == root
