"""Products that give a row the same bits wherever it stands."""

import numpy as np
import pytest

from thuocdo.engine.scoring.uncertainty.products import Tiled


@pytest.mark.parametrize(
    ("rows", "inner", "columns"),
    [(1412, 8, 64), (999, 8, 1), (37, 8, 65), (3460, 200, 64), (300, 500, 33), (1, 1, 1), (70, 5000, 3), (5, 0, 4)],
)
def test_a_row_has_the_same_bits_wherever_it_stands(rows, inner, columns):
    random = np.random.default_rng(1)
    matrix, other = random.random((rows, inner)) * 100, random.random((inner, columns))
    order = random.permutation(rows)
    product = Tiled(matrix).times(other)
    np.testing.assert_array_equal(Tiled(matrix[order]).times(other), product[order])
    np.testing.assert_allclose(product, matrix @ other, rtol=1e-12)
