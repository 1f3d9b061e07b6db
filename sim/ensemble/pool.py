"""Many runs on all cores: blocks of run numbers handed to workers, gathered in order."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from contextvars import copy_context
from typing import TYPE_CHECKING, Literal, TypeVar

from sim.errors import Interrupted, RunError
from sim.worker_pool import ProcessPool, ThreadPool, WorkerKilledError, core_count, is_daemonic

if TYPE_CHECKING:
    from concurrent.futures import Future

B = TypeVar("B")
T = TypeVar("T")
#: Below this many runs a pool of processes costs more than it gives.
MIN_RUNS_FOR_POOL = 40
MAX_BLOCK_RUNS = 25
#: So many blocks a thread are made before the first of them is wanted.
BLOCKS_AHEAD_PER_WORKER = 2
_OUT_OF_MEMORY = "a worker process was killed, or ran out of memory; try fewer jobs"


def split_runs(runs: int, jobs: int) -> list[range]:
    """Return run numbers 0 to `runs` - 1 in consecutive blocks, a few for each worker.

    Parameters
    ----------
    runs, jobs : int
        Both at least 1.
    """
    size = max(1, min(MAX_BLOCK_RUNS, -(-runs // (4 * jobs))))
    return [range(first, min(first + size, runs)) for first in range(0, runs, size)]


def count_workers(jobs: int | None, runs: int) -> int:
    """Return how many processes to use: all cores unless told, one where there is little to do."""
    if jobs is not None:
        return jobs
    return 1 if runs < MIN_RUNS_FOR_POOL else core_count()


def map_blocks(
    work: Callable[[B], T],
    blocks: Sequence[B],
    jobs: int,
    backend: Literal["processes", "threading"] = "processes",
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
    backend : {"processes", "threading"}
        Processes, or threads where `work` mostly runs without Python's lock. A daemonic process of
        multiprocessing starts no processes and works by itself.

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
            # Even one worker has a thread of its own: this one stays free to hear the keyboard while code
            # compiles. It waits while its block is gathered: it takes one core, and no more.
            ahead = 0 if used == 1 else BLOCKS_AHEAD_PER_WORKER * used
            yield from _in_order(ThreadPool(_in_context(work), used), blocks, ahead)
        elif used == 1 or is_daemonic():
            yield from map(work, blocks)
        else:
            yield from _in_order(_processes(work, used), blocks, BLOCKS_AHEAD_PER_WORKER * used)
    except (MemoryError, WorkerKilledError):
        raise RunError(_OUT_OF_MEMORY) from None
    except KeyboardInterrupt:
        raise Interrupted("interrupted: nothing was written") from None


def _in_context(work: Callable[[B], T]) -> Callable[[B], T]:
    """Return `work` in the context of the caller: it says on which path kernels run."""
    context = copy_context()
    return lambda block: context.copy().run(work, block)


def _in_order(pool: ThreadPool[B, T], blocks: Sequence[B], ahead: int) -> Iterator[T]:
    with closing(pool):
        coming: deque[Future[T]] = deque()
        for block in blocks:
            coming.append(pool.submit(block))
            if len(coming) > ahead:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def _processes(work: Callable[[B], T], jobs: int) -> ProcessPool[B, T]:
    try:
        return ProcessPool(work, jobs)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        reason = "a function of your own holds what cannot be sent to another process; try jobs=1"
        raise RunError(reason) from error
