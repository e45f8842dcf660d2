"""Perceptual fingerprints of pictures: the signs of the low frequencies, of the whole and of a few cut-outs.

A discrete cosine transform of the picture made small, each coefficient against the median (the widely used
"pHash"): scaling, compression and brightness hardly touch it. What it does not survive is a cut edge; hence the
same number of cut-outs is fingerprinted as well, so that a cropped copy meets the cut-out that it resembles.
"""

import numpy as np
from numpy.typing import NDArray

_SMALL, _LOW = 32, 8
_BITS = 64
_BANDS = 5
# Parts of a picture that are fingerprinted: (top, left, bottom, right) as shares of its height and width.
_VIEWS = (
    (0.0, 0.0, 1.0, 1.0),
    (0.05, 0.05, 0.95, 0.95),
    (0.1, 0.1, 0.9, 0.9),
    (0.0, 0.0, 0.9, 0.9),
    (0.0, 0.1, 0.9, 1.0),
    (0.1, 0.0, 1.0, 0.9),
    (0.1, 0.1, 1.0, 1.0),
)
# Bits of 64 in which two views of the same picture may differ.
MOST_DIFFERENT = 8
# A picture plainer than this (an empty page, one colour) says nothing by which it could be found again.
_LEAST_CONTRAST = 6.0


def picture_fingerprint(grey: NDArray[np.uint8]) -> str | None:
    """Fingerprint of a picture in shades of grey, shape (height, width): 16 hexadecimal digits for each view.

    None for a picture that is too small (under 32 pixels on a side) or too plain to be told from others.
    """
    height, width = grey.shape
    if min(height, width) < _SMALL or float(grey.std()) < _LEAST_CONTRAST:
        return None
    return "".join(
        f"{_hash(grey[int(top * height) : round(bottom * height), int(left * width) : round(right * width)]):016x}"
        for top, left, bottom, right in _VIEWS
    )


def _hash(grey: NDArray[np.uint8]) -> int:
    # SciPy takes longer to load than most pages take to be made; it is fetched with the first picture.
    from scipy.fft import dctn

    low = dctn(_shrunk(grey), type=2, norm="ortho")[:_LOW, :_LOW].ravel()
    # The first coefficient is the brightness and says nothing of the picture.
    signs = low > np.median(low[1:])
    signs[0] = False
    return int("".join("1" if sign else "0" for sign in signs), 2)


def _shrunk(grey: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The picture as 32 × 32 means of its parts, none of which is empty."""
    sums = np.add.reduceat(grey.astype(np.float64), _starts(grey.shape[0]), axis=0)
    sums = np.add.reduceat(sums, _starts(grey.shape[1]), axis=1)
    rows = np.diff(np.append(_starts(grey.shape[0]), grey.shape[0]))
    columns = np.diff(np.append(_starts(grey.shape[1]), grey.shape[1]))
    means: NDArray[np.float64] = sums / np.outer(rows, columns)
    return means


def _starts(length: int) -> NDArray[np.intp]:
    return np.arange(_SMALL) * length // _SMALL


def picture_bands(fingerprint: str) -> list[str]:
    """The bands of every view, each once: pictures whose views differ in at most four bits share one for certain."""
    width = -(-_BITS // _BANDS)
    found = {
        f"{band}:{(view >> (band * width)) & ((1 << width) - 1):04x}"
        for view in _views(fingerprint)
        for band in range(_BANDS)
    }
    return sorted(found)


def picture_likeness(first: str, second: str) -> float:
    """From 0 to 1: the share of bits that the most similar views of two pictures have in common.

    At least one of the two is seen whole: two cut-outs of strange pictures say little.
    """
    ours, theirs = _views(first), _views(second)
    nearest = min(
        min((ours[0] ^ other).bit_count() for other in theirs), min((theirs[0] ^ other).bit_count() for other in ours)
    )
    return 1 - nearest / _BITS


def _views(fingerprint: str) -> list[int]:
    return [int(fingerprint[place : place + 16], 16) for place in range(0, len(fingerprint), 16)]
