"""Intervals of means and shares, by closed forms and by sums of the binomial distribution."""

from __future__ import annotations

import math

import pytest

from sim.results.intervals import half_width, share_interval


def test_the_interval_of_a_mean_of_few_runs_is_that_of_students_t() -> None:
    """With one and two degrees of freedom the quantile has a closed form."""
    assert half_width(3.0, 2) == pytest.approx(3.0 * math.tan(0.45 * math.pi))
    assert half_width(3.0, 3) == pytest.approx(3.0 * 0.9 * math.sqrt(2.0 / 0.19))
    assert math.isnan(half_width(3.0, 1))


@pytest.mark.parametrize(("hits", "runs"), [(1, 2), (1, 200), (37, 60), (199, 200)])
def test_at_the_ends_of_the_interval_of_a_share_as_many_or_as_few_hits_have_5_percent(
    hits: int, runs: int
) -> None:
    def chance(count: int, share: float) -> float:
        return math.comb(runs, count) * share**count * (1.0 - share) ** (runs - count)

    low, high = share_interval(hits, runs)
    assert sum(chance(count, low) for count in range(hits, runs + 1)) == pytest.approx(0.05)
    assert sum(chance(count, high) for count in range(hits + 1)) == pytest.approx(0.05)


@pytest.mark.parametrize("runs", [1, 2, 200])
def test_what_happens_never_or_always_has_an_open_interval(runs: int) -> None:
    end = 0.05 ** (1.0 / runs)
    assert share_interval(0, runs) == pytest.approx((0.0, 1.0 - end))
    assert share_interval(runs, runs) == pytest.approx((end, 1.0))
