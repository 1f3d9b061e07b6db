"""Bands from histograms are within the stated error."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.results import histogram
from sim.results.aggregation import aggregate
from sim.results.block import Block
from sim.results.daily_bands import LEVEL_PERCENTS
from sim.results.ensemble_results import EXACT, Bands
from sim.results.histogram import PILOT_RUNS
from tests.support.block_strategies import AXES, Floats, counters, cut_block


def gathered_days(values: Floats, sizes: int = 128) -> tuple[Bands, str]:
    """Return the bands of levels given as an array (runs, days), and how they were made."""
    runs, days = values.shape
    axes = dataclasses.replace(AXES, days=days, pairs=AXES.pairs[:1], consuming=(True,))
    nothing, never = np.zeros((runs, 1)), np.full((runs, 1), np.inf)
    whole = Block(
        axes=axes,
        runs=tuple(range(runs)),
        level=values[:, np.newaxis],
        planned=np.zeros((runs, 1, days)),
        flows={},
        months={},
        counters=counters(
            AXES.thresholds,
            below=never[:, :, np.newaxis],
            exhausted=never,
            rationed=never,
            fire=nothing,
        ),
        met=np.full((runs, 1), np.nan),
        drawn={},
        balance=np.zeros(runs),
        voyages=(),
    )
    found = aggregate(cut_block(whole, [sizes] * (runs // sizes)), runs)
    return found.level, found.method


def exact(values: Floats, percent: int) -> Floats:
    """Return the inverted-CDF quantile by day, from the sorted runs."""
    found: Floats = np.sort(values, axis=0)[math.ceil(len(values) * percent / 100) - 1]
    return found


def allowed(values: Floats) -> Floats:
    """Return the error that `histogram.METHOD` states, by day, from the first runs alone."""
    pilot = np.sort(values[:PILOT_RUNS], axis=0)
    low, high = (pilot[math.ceil(PILOT_RUNS * percent / 100) - 1] for percent in (2, 98))
    return np.asarray(np.maximum((high - low) / 1000, 1e-9 * np.maximum(1.0, np.abs(high))))


LAWS: dict[str, Callable[[np.random.Generator, tuple[int, int]], NDArray[np.floating[Any]]]] = {
    "uniform": lambda draw, shape: draw.random(shape) * 1e5,
    "normal, far from zero": lambda draw, shape: draw.normal(4e9, 1.0, shape),
    "heavy tail": lambda draw, shape: draw.pareto(0.7, shape) * 1e3,
    "lognormal": lambda draw, shape: draw.lognormal(8.0, 2.0, shape),
    "two humps": lambda draw, shape: np.where(
        draw.random(shape) < 0.5, draw.normal(10.0, 1.0, shape), draw.normal(1e6, 1.0, shape)
    ),
    "rounding": lambda draw, shape: 4e6 * (1.0 + draw.integers(-3, 4, shape) * 2.0**-52),
    "negative": lambda draw, shape: draw.normal(-7.0, 2.0, shape),
}


@pytest.mark.parametrize("law", LAWS)
def test_each_band_is_within_the_error_stated(law: str) -> None:
    values = np.asarray(LAWS[law](np.random.default_rng(len(law)), (20_000, 5)), dtype=np.float64)
    found, method = gathered_days(values)
    assert method == histogram.METHOD_TEXT
    for percent, band in found.quantiles.items():
        assert (np.abs(band[0] - exact(values, percent)) <= allowed(values)).all(), percent
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0), rtol=1e-12)


def test_bands_of_a_smooth_law_are_where_the_law_has_them() -> None:
    # The quantile of n runs is at its share of the law, within the error of a count.
    runs = 40_000
    found, _ = gathered_days(np.random.default_rng(4).random((runs, 3)))
    for percent, band in found.quantiles.items():
        p = percent / 100
        assert band[0] == pytest.approx([p] * 3, abs=4 * math.sqrt(p * (1 - p) / runs) + 1e-3)


@pytest.mark.parametrize("share", [0.03, 0.3, 0.6, 0.93, 0.99, 0.9999])
@pytest.mark.parametrize("atom", [0.0, 6_844.6, 1e5])
def test_a_number_that_many_runs_share_is_met_to_the_last_digit(share: float, atom: float) -> None:
    draw = np.random.default_rng(5)
    values = np.where(draw.random((20_000, 4)) < share, atom, draw.random((20_000, 4)) * 1e5)
    found, _ = gathered_days(values)
    for percent, band in found.quantiles.items():
        right = exact(values, percent)
        assert (np.abs(band[0] - right) <= allowed(values)).all()
        # Where the rank falls on the atom with a thousandth of the runs to spare on either side.
        ordered = np.sort(values, axis=0)
        near = [ordered[math.ceil(20_000 * percent / 100) - 1 + step] for step in (-20, 20)]
        inside = (near[0] == atom) & (near[1] == atom)
        lone = inside & (share >= 0.3)
        assert (band[0][lone] == atom).all(), percent


def test_what_is_the_same_in_nearly_every_run_is_exact() -> None:
    values = np.full((20_000, 3), 1 / 3)
    values[7_000, 0], values[15_000, 1] = 5e6, -2.0
    found, _ = gathered_days(values)
    assert all((band == 1 / 3).all() for band in found.quantiles.values())
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0), rtol=1e-12)
    assert found.mean[0, 2] == 1 / 3


def test_runs_beyond_the_first_ones_are_told_and_bounded() -> None:
    # No ensemble drifts, for each run is drawn alike; were one to, it would be said.
    draw = np.random.default_rng(6)
    values = draw.random((20_000, 2))
    values[PILOT_RUNS:] += 10.0
    # Of 20,000 runs the first 2,048 are more than 5 %, so that the lowest band is still among them.
    found, method = gathered_days(values)
    beyond = "8 quantiles lie outside the bins, between them and the extreme run"
    assert method == f"{histogram.METHOD_TEXT}; {beyond}"
    bands = [band[0] for band in found.quantiles.values()]
    assert all((low <= high).all() for low, high in pairwise(bands))
    assert all(((band >= 1.0) & (band <= values.max(axis=0))).all() for band in bands[1:])
    assert (np.abs(bands[0] - exact(values, 5)) <= allowed(values)).all()
    np.testing.assert_allclose(found.mean[0], values.mean(axis=0), rtol=1e-12)


def test_bands_of_ten_thousand_runs_are_exact_and_of_one_more_are_not() -> None:
    values = np.random.default_rng(7).random((10_001, 1))
    found, method = gathered_days(values[:-1])
    assert method == EXACT
    assert all(found.quantiles[percent][0] == exact(values[:-1], percent) for percent in LEVEL_PERCENTS)
    assert gathered_days(values)[1] == histogram.METHOD_TEXT


def test_the_memory_of_a_day_is_what_the_arrays_of_a_row_take() -> None:
    days = 50
    store = histogram.HistogramStore(np.zeros(days), 0)
    pilot = store._pilot
    store.add(np.random.default_rng(1).random((days, PILOT_RUNS)))
    grid = store._grid
    assert grid is not None
    arrays: list[np.ndarray] = [pilot, store._places, store._group, grid._levels, grid._counts, grid._sums]
    assert sum(array.nbytes for array in arrays) / days == histogram.BYTES_PER_DAY
