"""``python -m sim.ensemble.native``: compile the daily kernel natively, for the cache of this user."""

from __future__ import annotations

import numpy as np

from sim.ensemble.arrays import ROW_WIDTH, IntRows
from sim.ensemble.engine import BlockDraws, run_account
from sim.ensemble.events import EventWindows
from sim.ensemble.lowering import lower
from sim.ensemble.native.paths import EnginePath, using
from sim.ensemble.supply import Arrivals
from sim.scenario.loader import load_plain

NOTHING = {"schema": 1, "start": "2023-01-01", "end": "2023-01-02", "depots": {"d": {"stock": 1}}}


def compile_account() -> None:
    """Compile the account by simulating one day without events."""
    plan = lower(load_plain(NOTHING, None))
    whole, real, days = np.zeros(2, dtype=np.int64), np.zeros(0), np.zeros((0, 1, 1))
    values = np.ones((len(plan.tables.laws.quantities), 1))
    each, sums = np.zeros((0, 1, 1)), np.zeros((0, 1))
    lots = IntRows(np.zeros((0, ROW_WIDTH), dtype=np.int64), real, 0)
    windows = EventWindows(whole, whole, whole, real, np.ones((1, 1, 1)))
    arrivals = Arrivals(days, days, whole, lots, lots, each, each, sums, sums, whole)
    leads = np.zeros((0, 1, 1), dtype=np.int64)
    runs = np.zeros(1, dtype=np.uint64)
    laws = plan.tables.laws
    drawn = BlockDraws(
        np.uint64(1),
        runs,
        laws,
        values,
        windows,
        days,
        days,
        days,
        leads,
        arrivals,
        {},
        too_often={},
        beyond=[],
    )
    with using(EnginePath.NATIVE):
        run_account(plan, drawn)


if __name__ == "__main__":
    compile_account()
