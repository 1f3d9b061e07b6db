"""All runs of a scenario, gathered: what every table, the summary and the charts are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, Kind, Voyage
from sim.results.block import Block
from sim.results.outcome_arrays import RunOutcomes

Floats = NDArray[np.float64]
#: How bands are made of up to `by_day.EXACT_RUNS` runs.
EXACT = "exact"


@dataclass(frozen=True, slots=True)
class Bands:
    """Mean and quantiles over runs of one figure, by pair and day.

    Attributes
    ----------
    mean : array, shape (P, D)
    quantiles : mapping of int to array, shape (P, D)
        By percent.
    """

    mean: Floats
    quantiles: Mapping[int, Floats]


@dataclass(frozen=True, slots=True)
class Ensemble:
    """The runs of one scenario under one seed, as far as they are kept.

    Its size grows with the runs only by the figures of each run.

    Attributes
    ----------
    axes : Axes
        Gives the pairs (P), origins (O), days (D) and thresholds (T).
    runs : array of int, shape (n,)
        Run numbers, in order.
    level : Bands
        Closing level in shells, at 5, 25, 50, 75 and 95 percent.
    flows : mapping of Kind to Bands
        Shells a day, at 5, 50 and 95 percent. A kind that no run has is left out and counts as zero.
    months : mapping of str to array, shape (P, O, M)
        Means over runs of the sums by origin and calendar month; keys as in a `Block`.
    path_runs : tuple of int, length k
        Those of runs 0 to 4 that there are.
    paths : array, shape (k, P, D)
        Their closing levels.
    whole : Figures
        The outcomes of each run over all pairs.
    pairs : mapping of int to Figures
        The same for each pair that has a consumer, by its position in the axes.
    opening, first_planned : array, shape (n,)
        Shells in stock before day 0, and the planned requirement of day 0, over all pairs.
    planned : array, shape (n,)
        Planned requirement over all days and pairs, in shells.
    drawn : mapping of str to array, shape (n,)
        Inputs drawn once a run by their path, in base units.
    balance : float
        The largest error of the account of any run, relative to gross turnover.
    voyages : tuple of (int, Voyage)
        Those of the same runs: the run number and the voyage.
    method : str
        How the bands were made: ``exact``, or from what, and within which error.
    block : Block or None
        Every figure of every run, where that is little enough to keep.
    """

    axes: Axes
    runs: NDArray[np.int64]
    level: Bands
    flows: Mapping[Kind, Bands]
    months: Mapping[str, Floats]
    path_runs: tuple[int, ...]
    paths: Floats
    whole: RunOutcomes
    pairs: Mapping[int, RunOutcomes]
    opening: Floats
    first_planned: Floats
    planned: Floats
    drawn: Mapping[str, Floats]
    balance: float
    voyages: tuple[tuple[int, Voyage], ...]
    method: str = EXACT
    block: Block | None = None
