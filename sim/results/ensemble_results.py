"""Aggregated runs of a scenario, the source of all tables, the summary and the charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, ClaimKind, Kind, PlacedOrder, Voyage
from sim.results.block import Block
from sim.results.outcome_arrays import RunOutcomes
from sim.results.table_names import TABLES

Floats = NDArray[np.float64]
#: Quantile method for up to `daily_bands.MAX_EXACT_RUNS` runs.
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


#: Bands of a table that was not made.
NO_BANDS = Bands(np.empty((0, 0)), {})


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Aggregated runs of one scenario under one seed.

    Only the figures by run grow with the number of runs.

    Attributes
    ----------
    axes : Axes
        Gives the pairs (P), origins (O), days (D) and thresholds (T).
    runs : array of int, shape (n,)
        Run numbers, in order.
    level : Bands
        Closing level in shells, at 5, 25, 50, 75 and 95 percent.
    flows : mapping of Kind to Bands
        Shells a day, at 5, 50 and 95 percent. Kinds that occur in no run are omitted and count as zero.
    months : mapping of str to array, shape (P, O, M)
        Means over runs of the sums by origin and calendar month; keys as in a `Block`.
    path_runs : tuple of int, length k
        Run numbers of `paths`, from 0 to at most 4.
    paths : array, shape (k, P, D)
        Closing levels of these runs.
    whole : RunOutcomes
        Outcomes of each run over all pairs.
    pairs : mapping of int to RunOutcomes
        Outcomes of each pair with a consumer, by position in the axes.
    drawn : mapping of str to array, shape (n,)
        Inputs drawn once a run by their path, in base units.
    balance : float
        The largest error of the account of any run, relative to gross turnover.
    voyages : sequence of (int, Voyage)
        Run number and voyage, for the runs of `paths`.
    orders : sequence of (int, PlacedOrder)
        Run number and order, for the runs of `paths`.
    money : Bands
        Money by kind and calendar month, shape (kinds, M), at 5, 50 and 95 percent; `cost` is the last kind.
    method : str
        Quantile method: ``exact``, or a description of the histogram and its error.
    block : Block or None
        All figures of all runs, if they fit the limit `MAX_DAILY_ROWS`.
    tables : tuple of str
        Names of the tables that were made, of `table_names.TABLES`. Figures that only others need are empty.
    observed : array, shape (n, K), optional
        Values of the observables of the run.
    claims : mapping of ClaimKind to Bands
        Figures of each claim of the axes at 5, 50 and 95 percent; the shape is (C, D). Empty unless results
        are listed by consumer.
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
    drawn: Mapping[str, Floats]
    balance: float
    voyages: Sequence[tuple[int, Voyage]]
    orders: Sequence[tuple[int, PlacedOrder]] = ()
    money: Bands = NO_BANDS
    method: str = EXACT
    block: Block | None = None
    tables: tuple[str, ...] = TABLES
    observed: Floats | None = None
    claims: Mapping[ClaimKind, Bands] = field(default_factory=dict)
