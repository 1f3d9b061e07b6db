"""The quantile is the smallest run that enough runs do not exceed."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from sim.results.quantiles import quantiles

PERCENTS = (5, 25, 50, 75, 95)


@pytest.mark.parametrize("percent", [0, 1, *PERCENTS, 99, 100])
def test_it_is_the_smallest_value_that_enough_runs_do_not_exceed(percent: int) -> None:
    draw = np.random.default_rng(percent)
    for runs in range(1, 201):
        values = draw.integers(0, 40, runs).astype(float)
        enough = [v for v in values if Fraction(int((values <= v).sum()), runs) >= Fraction(percent, 100)]
        assert quantiles(values, (percent,))[0] == min(enough), runs


def test_numpy_agrees_wherever_its_binary_fraction_does_not_move_the_position() -> None:
    compared = 0
    for runs in range(1, 201):
        values = np.random.default_rng(runs).permutation(runs).astype(float)
        for percent, ours in zip(PERCENTS, quantiles(values, PERCENTS), strict=True):
            exact = Fraction(runs * percent, 100)
            if runs * (percent / 100) == exact:
                compared += 1
                assert ours == np.quantile(values, percent / 100, method="inverted_cdf"), (runs, percent)
    assert compared > 300


def test_an_even_number_of_runs_has_its_median_in_a_run_not_between_two() -> None:
    assert quantiles(np.array([4.0, 1.0, 3.0, 2.0]), (50,)).tolist() == [2.0]


def test_censored_runs_lie_beyond_every_date() -> None:
    days = np.array([np.inf, 12.0, np.inf, 3.0])
    assert quantiles(days, (25, 50, 75)).tolist() == [3.0, 12.0, np.inf]


def test_every_cell_is_taken_on_its_own_and_the_runs_stay_as_they_were() -> None:
    values = np.random.default_rng(0).random((7, 3, 4))
    before = values.copy()
    found = quantiles(values, (50, 5))
    assert found.shape == (2, 3, 4)
    assert np.array_equal(found, np.sort(values, axis=0)[[3, 0]])
    assert np.array_equal(values, before)


def test_minus_zero_is_zero() -> None:
    assert not np.signbit(quantiles(np.array([-0.0, 0.0, -0.0]), (5, 50, 95))).any()
