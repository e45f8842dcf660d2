"""Matrix products whose bits depend neither on where a unit stands nor on how many threads compute.

A matrix routine treats the last rows of a matrix by other instructions than the rest, and splits large matrices among
threads; both change the last bit. So rows come in whole tiles, in pieces too small to be split.
"""

from typing import Final

import numpy as np

from thuocdo.engine.scoring.matrix import FloatArray

_TILE: Final = 64
# OpenBLAS takes a second thread above this many multiplications (65,536 x 4).
_SMALL: Final = 262_144


class Tiled:
    """A matrix (rows × inner) filled up with rows of zeros, to be multiplied many times."""

    def __init__(self, matrix: FloatArray) -> None:
        self.rows, self.inner = matrix.shape
        self._filled = np.zeros((-(-self.rows // _TILE) * _TILE, self.inner))
        self._filled[: self.rows] = matrix

    def times(self, other: FloatArray) -> FloatArray:
        """The product with another matrix (inner × columns)."""
        columns = other.shape[1]
        if columns == 1:
            # A single column would be taken for a vector, by yet another routine.
            return self.times(np.repeat(other, 2, axis=1))[:, :1].copy()
        product = np.empty((len(self._filled), columns))
        inner = max(1, self.inner)
        width = min(columns, max(2, _SMALL // (_TILE * inner)))
        height = max(_TILE, _SMALL // (inner * width) // _TILE * _TILE)
        for left in range(0, columns, width):
            part = other[:, left : left + width]
            for top in range(0, len(product), height):
                piece = self._filled[top : top + height]
                if part.shape[1] == 1:
                    product[top : top + height, left:] = (piece @ np.repeat(part, 2, axis=1))[:, :1]
                elif width == columns:
                    np.matmul(piece, part, out=product[top : top + height])
                else:
                    product[top : top + height, left : left + width] = piece @ part
        return product[: self.rows]
