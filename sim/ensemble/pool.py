"""Worker pool: compute blocks of runs in processes or threads and yield results in order."""

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
#: Below this many runs, starting processes costs more than it saves.
MIN_RUNS_FOR_POOL = 40
MAX_BLOCK_RUNS = 25
#: Blocks per thread that may be computed before the caller consumes them.
BLOCKS_AHEAD_PER_WORKER = 2
_OUT_OF_MEMORY = "a worker process was killed, or ran out of memory; try fewer jobs"


def split_runs(runs: int, jobs: int) -> list[range]:
    """Split run numbers 0 to `runs` - 1 into consecutive blocks, a few per worker."""
    size = max(1, min(MAX_BLOCK_RUNS, -(-runs // (4 * jobs))))
    return [range(first, min(first + size, runs)) for first in range(0, runs, size)]


def count_workers(jobs: int | None, runs: int) -> int:
    """Return the number of workers: `jobs`, by default all cores; one for few runs."""
    if jobs is not None:
        return jobs
    return 1 if runs < MIN_RUNS_FOR_POOL else core_count()


def map_blocks(
    work: Callable[[B], T],
    blocks: Sequence[B],
    jobs: int,
    backend: Literal["processes", "threading"] = "processes",
) -> Iterator[T]:
    """Yield `work` of each block, in order of the blocks for any number of workers.

    A single process is this one; so is any in a daemonic process of multiprocessing, which cannot start
    others. Threads suit work that mostly runs without the GIL. Raise `Interrupted` if the user stops the
    work, and `RunError` if a worker is killed or `work` cannot be pickled; no worker is left behind.
    """
    used = min(jobs, len(blocks))
    try:
        if backend == "threading":
            # Even a single worker gets its own thread, so that this one can handle Ctrl-C while code
            # compiles. It computes no block ahead, so that it uses one core only.
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
    """Return `work` bound to the context of the caller, which sets the engine path of kernels."""
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
