"""On first use, compile the daily kernel in a background process while this one compiles the others."""

from __future__ import annotations

import subprocess
import threading
from functools import cache

from sim.ensemble.native.cache_dir import cache_dir, is_usable
from sim.ensemble.native.paths import EnginePath, current_path, using
from sim.worker_pool import python_command

#: Kernel that takes as long to compile as all others together.
ACCOUNT = "sim.ensemble.block_account.run_account"
_WORK = "from sim.ensemble.native.warm_up import compile_account; compile_account()"


def start() -> None:
    """Start the background process if kernels run natively and the cache is usable but empty."""
    if current_path() is EnginePath.NATIVE:
        process()


@cache
def process() -> subprocess.Popen[bytes] | None:
    """Return the process that compiles the account; None if none is needed or it cannot start."""
    if cache_dir().is_dir() or not is_usable():
        return None
    try:
        started = subprocess.Popen(  # noqa: S603 - this Python, and code of this package
            python_command(_WORK),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It outlives this process if necessary, since the cache keeps the result.
            start_new_session=True,
        )
    except OSError:
        return None
    threading.Thread(target=started.wait, daemon=True).start()
    return started


def wait(kernel: str) -> None:
    """Wait for the background process if it compiles this kernel; it may fail."""
    started = process() if kernel == ACCOUNT else None
    if started is not None:
        started.wait()


def compile_account() -> None:
    """Compile the account natively by simulating one day without events."""
    import numpy as np

    from sim.ensemble.arrays import ROW_WIDTH, IntRows
    from sim.ensemble.engine import BlockDraws, run_account
    from sim.ensemble.lowering import lower
    from sim.ensemble.supply import Arrivals, EventWindows
    from sim.scenario.loader import load_plain

    nothing = {"schema": 1, "start": "2023-01-01", "end": "2023-01-02", "depots": {"d": {"stock": 1}}}
    plan = lower(load_plain(nothing, None))
    whole, real, days = np.zeros(2, dtype=np.int64), np.zeros(0), np.zeros((0, 1, 1))
    values = np.ones((len(plan.tables.laws.quantities), 1))
    each, sums = np.zeros((0, 1, 1)), np.zeros((0, 1))
    lots = IntRows(np.zeros((0, ROW_WIDTH), dtype=np.int64), real, 0)
    windows = EventWindows(whole, whole, whole, real, np.ones((1, 1, 1)))
    arrivals = Arrivals(days, days, whole, lots, lots, each, each, sums, sums, whole)
    leads = np.zeros((0, 1, 1), dtype=np.int64)
    runs = np.zeros(1, dtype=np.uint64)
    drawn = BlockDraws(np.uint64(1), runs, plan.tables.laws, values, windows, days, days, leads, arrivals, {})
    with using(EnginePath.NATIVE):
        run_account(plan, drawn)
