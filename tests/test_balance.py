"""Error of an account: outflow against inflow, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sim.ensemble.balance import _relative_error


@pytest.mark.parametrize(
    ("came", "went", "error"),
    [
        # A quarter of a shell is missing, of three quarters that moved.
        ((0.5,), (0.25,), 1 / 3),
        ((0.5, 0.5), (1.0,), 0.0),
        ((300.0,), (100.0, 100.0), 0.2),
        ((100.0,), (300.0,), 0.5),
        ((0.0,), (0.0,), 0.0),
        # In plain sums the one of 1e16 + 1 is lost.
        ((1e16, 1.0), (1e16,), 1 / 2e16),
    ],
)
def test_the_error_is_the_difference_over_all_that_moved(
    came: tuple[float, ...], went: tuple[float, ...], error: float
) -> None:
    columns = [[np.array([value, 2 * value]) for value in values] for values in (came, went)]
    assert _relative_error(*columns).tolist() == pytest.approx([error, error], rel=1e-12)
