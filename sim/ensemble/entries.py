"""Ledger entries of one run of the compiled engine, for `sim trace`, with the keys of the simpy ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind, Voyage
from sim.ensemble.engine import KeepOptions, draw_block, list_voyages, raise_failures, run_account
from sim.ensemble.scenario_tables import Plan

Floats = NDArray[np.float64]
#: Positions of pair and origin in the axes, and a kind or a place.
Key = tuple[int, int, str]
_NO_ORIGIN = -1


class RunEntries(NamedTuple):
    """Ledger entries of one run.

    Attributes
    ----------
    columns : mapping of (pair, origin, kind) to array, shape (days,)
    opening, closing : mapping of (pair, origin, place) to float
    voyages : list of Voyage
    """

    columns: Mapping[Key, Floats]
    opening: Mapping[Key, float]
    closing: Mapping[Key, float]
    voyages: list[Voyage]


def entries_of_run(plan: Plan, seed: int, run: int) -> RunEntries:
    """Simulate one run and return its entries.

    Raises
    ------
    RunError
        The run failed.
    """
    drawn = draw_block(plan, seed, [run], kept=1)
    kept = run_account(plan, drawn, KeepOptions(0, plan.axes.days, flows=True, entries=True))
    raise_failures(plan, drawn, kept)
    columns = {key: kept.tally.entries[row, :, 0] for key, row in plan.column_of.items()}
    for kind in (Kind.REQUIRED, Kind.UNMET):
        for pair, flow in enumerate(kept.flows[kind][:, :, 0]):
            columns[pair, _NO_ORIGIN, kind] = flow
    closing = kept.closing
    return RunEntries(
        columns,
        _places(stock=closing.opening, unserviceable=closing.opening_unserviceable),
        _places(stock=closing.held, unserviceable=closing.unserviceable),
        list_voyages(plan, drawn, plan.suppliers),
    )


def _places(**shells: Floats) -> dict[Key, float]:
    """Return the stock of each place by pair and origin, from arrays of shape (pairs, origins, runs)."""
    return {
        (pair, origin, place): float(stock[pair, origin, 0])
        for place, stock in shells.items()
        for pair, origin in np.ndindex(*stock.shape[:2])
    }
