"""Worker processes of this machine, and how they end."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sim.interrupts import unheard
from sim.study import guard

A = TypeVar("A")
T = TypeVar("T")
#: Tasks that may be under way at once, for each worker: loky's own queue has room for one more than these.
AHEAD = 2
#: Seconds that loky is given to look at what it was given.
_PATIENCE = 1.0


class Processes:
    """Processes beside this one, which joblib's loky starts with the first task.

    They leave when this process does, however it ends, and never hear the keyboard's interrupt.

    Parameters
    ----------
    jobs : int
        How many.
    """

    # loky fails in a thread of its own, and says so, where its workers are killed before it has looked at
    # all that it was given. An interrupt is heard by the main thread alone: tasks are given by another one.

    def __init__(self, jobs: int) -> None:
        from concurrent.futures import ThreadPoolExecutor

        from joblib.externals.loky.process_executor import ProcessPoolExecutor

        self._processes = ProcessPoolExecutor(
            max_workers=jobs, initializer=guard.watch, initargs=(os.getpid(),)
        )
        self._giver = ThreadPoolExecutor(1, thread_name_prefix="giver")
        self._last: Any = None

    def submit(self, work: Callable[[A], T], what: A) -> Any:
        """Return the future of `work` done on what is given, of which at most `AHEAD` a worker are under way.

        Raises
        ------
        BrokenProcessPool
            A worker was killed.
        """
        return self._giver.submit(self._give, work, what).result()

    def _give(self, work: Callable[[A], T], what: A) -> Any:
        with unheard():
            self._last = self._processes.submit(work, what)
        return self._last

    def close(self) -> None:
        """End all processes, whatever they are at."""
        try:
            self._giver.shutdown()
            # It looks at tasks in turn: with the last it has looked at all.
            patience = time.monotonic() + _PATIENCE
            while not self._has_taken_all() and time.monotonic() < patience:
                time.sleep(0.001)
        finally:
            self._processes.shutdown(wait=True, kill_workers=True)

    def _has_taken_all(self) -> bool:
        return self._last is None or self._last.running() or self._last.done()
