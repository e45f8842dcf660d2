"""Fingerprints of texts: minima of hashed runs of words, so that texts sharing most of their runs are found.

Minwise hashing with bands (Broder 1997; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3).
"""

import hashlib
import re

import numpy as np
from numpy.typing import NDArray

from thuocdo.engine.spelling import search_key

# Words in a run, hashes in a fingerprint, bands and hashes in each.
_RUN, _HASHES, _BANDS = 5, 64, 16
_ROWS = _HASHES // _BANDS
# A text with fewer words says the same as many others.
_FEWEST_WORDS = 40
_MOST_WORDS = 100_000
# The share of runs that two texts have in common from which on they count as alike.
LEAST_ALIKE = 0.6
_WORD = re.compile(r"\w+")
_PRIME = np.uint64((1 << 31) - 1)


def _coefficients() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The same 64 pairs for ever: fingerprints are kept and compared for years."""
    stream = hashlib.shake_256(b"thuocdo text likeness").digest(_HASHES * 8)
    numbers = np.frombuffer(stream, dtype=">u4").astype(np.uint64) % _PRIME
    return numbers[:_HASHES] | np.uint64(1), numbers[_HASHES:]


_FACTORS, _SUMMANDS = _coefficients()


def text_fingerprint(text: str) -> str | None:
    """Fingerprint of a text, 512 hexadecimal digits; None for a text of fewer than 40 words.

    Marks, capitals and signs do not count, so that a text typed anew without its marks is found, too.
    """
    words = _WORD.findall(search_key(text))[:_MOST_WORDS]
    if len(words) < _FEWEST_WORDS:
        return None
    runs = {" ".join(words[place : place + _RUN]) for place in range(len(words) - _RUN + 1)}
    hashed = np.array(
        [int.from_bytes(hashlib.blake2b(run.encode(), digest_size=4).digest()) for run in sorted(runs)],
        dtype=np.uint64,
    )
    least = np.full(_HASHES, _PRIME, dtype=np.uint64)
    # In pieces, so that a long text takes no more memory than a short one.
    for place in range(0, len(hashed), 4_096):
        piece = hashed[place : place + 4_096, None] % _PRIME
        least = np.minimum(least, ((piece * _FACTORS + _SUMMANDS) % _PRIME).min(axis=0))
    return "".join(f"{int(number):08x}" for number in least)


def text_bands(fingerprint: str) -> list[str]:
    """The sixteen bands: texts alike to three fifths share one with a probability of nine in ten."""
    width = 8 * _ROWS
    return [
        f"{band}:{hashlib.blake2b(fingerprint[band * width : (band + 1) * width].encode(), digest_size=8).hexdigest()}"
        for band in range(_BANDS)
    ]


def text_likeness(first: str, second: str) -> float:
    """From 0 to 1: the estimated share of runs of words that two texts have in common."""
    same = sum(first[place : place + 8] == second[place : place + 8] for place in range(0, 8 * _HASHES, 8))
    return same / _HASHES
