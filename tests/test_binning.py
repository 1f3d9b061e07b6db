"""Binning by numpy and compiled, against a value-by-value reference."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.ensemble import binning_kernels as compiled
from sim.results.binning import NUMPY_BINNING, BinningBackend

WAYS = {"numpy": NUMPY_BINNING, "compiled": BinningBackend(compiled.assign_bins, compiled.count_bins)}
LAST = 9
VALUES = st.one_of(
    st.sampled_from([0.0, -0.0, 3.0, 7.999999]), st.floats(-100, 100), st.floats(-1e300, 1e300, width=64)
)


@pytest.mark.parametrize("way", WAYS)
@settings(deadline=None)
@given(
    days=st.lists(st.lists(VALUES, min_size=7, max_size=7), min_size=1, max_size=5),
    runs=st.integers(1, 7),
    power=st.integers(-3, 3),
)
def test_both_ways_do_as_one_would_value_by_value(
    way: str, days: list[list[float]], runs: int, power: int
) -> None:
    counting, scale, shift, count = WAYS[way], 2.0**power, 4.0, len(days)
    sums, least, most = np.zeros((count, 7)), np.full(count, np.inf), np.full(count, -np.inf)
    places, counts = np.full((count, 20), 99, np.uint16), np.zeros((count, LAST + 1), np.int32)
    for turn in range(2):
        bins = np.full(count, scale), np.full(count, shift), float(LAST)
        counting.assign_bins(np.array(days), runs, *bins, sums, least, most, places, 3 + turn * runs)
    # Places 3 and after are bins; the bins of the first `runs` places are counted.
    moved = np.ascontiguousarray(places[:, 3:])
    counting.count_bins(moved, 2 * runs, counts)
    for day, values in enumerate(days):
        scaled = [value * scale for value in values[:runs]]
        expected = [math.floor(min(max(value + shift, 0.0), LAST)) for value in scaled]
        assert places[day, 3 : 3 + 2 * runs].tolist() == expected * 2
        assert set(places[day, :3].tolist() + places[day, 3 + 2 * runs :].tolist()) == {99}
        assert (least[day], most[day]) == (min(scaled), max(scaled))
        assert sums[day].tolist() == [0.0 + value + value for value in scaled] + [0.0] * (7 - runs)
        assert dict(enumerate(counts[day].tolist())) == {
            place: 2 * Counter(expected)[place] for place in range(LAST + 1)
        }
