"""The first time: another process compiles the account while this one compiles what comes before it."""

from __future__ import annotations

import subprocess
import threading
from functools import cache

from sim.ensemble.code_folder import can_keep, code_folder
from sim.worker_pool import python_command

#: The kernel that takes as long as all others together.
ACCOUNT = "sim.ensemble.account.account"
_WORK = "from sim.ensemble.ahead import compile_account; compile_account()"


@cache
def begin() -> subprocess.Popen[bytes] | None:
    """Start the process where no machine code has been kept yet, and some can be."""
    if code_folder().is_dir() or not can_keep():
        return None
    try:
        process = subprocess.Popen(  # noqa: S603 - this Python, and words of our own
            python_command(_WORK),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # What it makes is kept: it ends by itself, whatever becomes of this process.
            start_new_session=True,
        )
    except OSError:
        # Where no process can be started, this one compiles all.
        return None
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def wait(kernel: str) -> None:
    """Wait where another process compiles a kernel for this one; it may have failed."""
    process = begin() if kernel == ACCOUNT else None
    if process is not None:
        process.wait()


def compile_account() -> None:
    """Make an account of a day on which nothing happens."""
    import numpy as np

    from sim.ensemble.arrays import WIDTH, Rows
    from sim.ensemble.engine import Drawn, carry_out
    from sim.ensemble.lowering import lower
    from sim.ensemble.supply import Arrivals, Happened
    from sim.scenario.loading import from_plain

    nothing = {"schema": 1, "start": "2023-01-01", "end": "2023-01-02", "depots": {"d": {"stock": 1}}}
    plan = lower(from_plain(nothing, None))
    whole, real, days = np.zeros(2, dtype=np.int64), np.zeros(0), np.zeros((0, 1, 1))
    values = np.ones((len(plan.low.laws.quantities), 1))
    each, sums = np.zeros((0, 1, 1)), np.zeros((0, 1))
    lots = Rows(np.zeros((0, WIDTH), dtype=np.int64), real, 0)
    happened = Happened(whole, whole, whole, real, np.ones((1, 1, 1)))
    arrivals = Arrivals(days, days, whole, lots, lots, each, each, sums, sums, whole)
    leads = np.zeros((0, 1, 1), dtype=np.int64)
    runs = np.zeros(1, dtype=np.uint64)
    carry_out(
        plan, Drawn(np.uint64(1), runs, plan.low.laws, values, happened, days, days, leads, arrivals, {})
    )
