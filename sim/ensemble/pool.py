"""Many runs on all cores: blocks of run numbers handed to workers, gathered in order."""

from __future__ import annotations

import os
import pickle
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, TypeVar

from sim.errors import Interrupted, RunError
from sim.interrupts import unheard

if TYPE_CHECKING:
    from multiprocessing.pool import AsyncResult

B = TypeVar("B")
T = TypeVar("T")
#: Below this many runs a pool of processes costs more than it gives.
FEWEST_FOR_POOL = 40
LARGEST_BLOCK = 25
#: So many blocks a thread are made before the first of them is wanted.
BLOCKS_AHEAD = 2
SECONDS_BETWEEN_LOOKS = 1.0
_OUT_OF_MEMORY = "a worker process was killed, or ran out of memory; try fewer jobs"


def blocks_of(runs: int, jobs: int) -> list[range]:
    """Return run numbers 0 to `runs` - 1 in consecutive blocks, a few for each worker.

    Parameters
    ----------
    runs, jobs : int
        Both at least 1.
    """
    size = max(1, min(LARGEST_BLOCK, -(-runs // (4 * jobs))))
    return [range(first, min(first + size, runs)) for first in range(0, runs, size)]


def workers(jobs: int | None, runs: int) -> int:
    """Return how many processes to use: all cores unless told, one where there is little to do."""
    if jobs is not None:
        return jobs
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 1 if runs < FEWEST_FOR_POOL else cores


def over_blocks(
    work: Callable[[B], T],
    blocks: Sequence[B],
    jobs: int,
    backend: Literal["loky", "threading"] = "loky",
) -> Iterator[T]:
    """Yield what `work` makes of each block, in order of the blocks whatever the number of workers.

    Parameters
    ----------
    work : callable
        Can be pickled where `jobs` is more than 1 and the workers are processes.
    blocks : sequence
        Of what `work` takes: run numbers, or cells and run numbers.
    jobs : int
        Workers; 1 process is this one.
    backend : {"loky", "threading"}
        Processes, or threads where `work` mostly runs without Python's lock.

    Raises
    ------
    Interrupted
        The user stopped the work; no worker is left behind.
    RunError
        A worker was killed, or ran out of memory, or `work` cannot be pickled. What `work` itself raises
        comes through as it is.
    """
    used = min(jobs, len(blocks))
    try:
        if backend == "threading":
            yield from _in_threads(work, blocks, used)
        else:
            yield from map(work, blocks) if used == 1 else _in_processes(work, blocks, used)
    except MemoryError:
        raise RunError(_OUT_OF_MEMORY) from None
    except KeyboardInterrupt:
        raise Interrupted("interrupted: nothing was written") from None


def _in_threads(work: Callable[[B], T], blocks: Sequence[B], jobs: int) -> Iterator[T]:
    # Even one worker has a thread of its own: this one stays free to hear the keyboard while code compiles.
    # Nobody waits for threads at the end, which would go on until the block that they are at is done.
    from multiprocessing.pool import ThreadPool

    # One worker waits while its block is gathered: it takes one core, and no more.
    ahead = 0 if jobs == 1 else BLOCKS_AHEAD * jobs
    pool = ThreadPool(jobs)
    try:
        coming: deque[AsyncResult[T]] = deque()
        for block in blocks:
            coming.append(pool.apply_async(work, (block,)))
            if len(coming) > ahead:
                yield coming.popleft().get()
        while coming:
            yield coming.popleft().get()
    finally:
        pool.terminate()


def _in_processes(work: Callable[[B], T], blocks: Sequence[B], jobs: int) -> Iterator[T]:
    from concurrent.futures.process import BrokenProcessPool

    from joblib import Parallel, delayed

    _check_travels(work)
    results: Generator[T, None, None] | None = None
    try:
        with unheard():
            pool = Parallel(n_jobs=jobs, backend="loky", return_as="generator", batch_size=1)
            results = pool(delayed(_watched)(os.getpid(), work, block) for block in blocks)
        for result in results:  # noqa: UP028 - `yield from` would hand the end on to joblib before us
            yield result
    except BrokenProcessPool:
        raise RunError(_OUT_OF_MEMORY) from None
    finally:
        # Whoever stops listening knows that work is left undone; joblib would warn of it.
        if results is not None:
            with warnings.catch_warnings(action="ignore"):
                results.close()


def _watched(parent: int, work: Callable[[B], T], block: B) -> T:
    """Carry out a block in a worker that leaves when the process that started it has gone."""
    _leave_with(parent)
    return work(block)


@cache
def _leave_with(parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        os._exit(1)

    # Where a parent that has gone keeps its number (Windows), the worker leaves when it has long been idle.
    threading.Thread(target=watch, daemon=True).start()


def _check_travels(work: Callable[[B], T]) -> None:
    # joblib would find out in a thread of its own, from which the error may come too late.
    from joblib import wrap_non_picklable_objects

    try:
        pickle.dumps(wrap_non_picklable_objects(work))
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        reason = "a function of your own holds what cannot be sent to another process; try jobs=1"
        raise RunError(reason) from error
