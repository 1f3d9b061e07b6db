"""Every entry of one run of the compiled engine, under the keys of the simpy model's ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind, Voyage
from sim.ensemble.engine import KeepOptions, draw_block, list_voyages, raise_failures, run_account
from sim.ensemble.scenario_tables import Plan

Floats = NDArray[np.float64]
#: Pair and origin by their position in the axes, and a kind or a place.
Key = tuple[int, int, str]
_NO_ORIGIN = -1


class RunEntries(NamedTuple):
    """What the ledger of one run holds.

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
    """Carry out one run and return its entries.

    Raises
    ------
    RunError
        The run cannot be carried through.
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
    """Return what lies in each place by pair and origin, given as arrays of shape (pairs, origins, runs)."""
    return {
        (pair, origin, place): float(lies[pair, origin, 0])
        for place, lies in shells.items()
        for pair, origin in np.ndindex(*lies.shape[:2])
    }
