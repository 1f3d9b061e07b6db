"""Many runs on all cores: blocks of run numbers handed to workers, gathered in order."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
#: Below this many runs a pool of processes costs more than it gives.
FEWEST_FOR_POOL = 40
LARGEST_BLOCK = 25


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


def over_blocks(work: Callable[[range], T], blocks: Sequence[range], jobs: int) -> Iterator[T]:
    """Yield what `work` makes of each block, in order of the blocks whatever the number of workers.

    Parameters
    ----------
    work : callable
        Can be pickled where `jobs` is more than 1.
    blocks : sequence of range
    jobs : int
        Processes; 1 works in this one.
    """
    if jobs == 1:
        yield from map(work, blocks)
        return
    from joblib import Parallel, delayed

    yield from Parallel(n_jobs=jobs, return_as="generator", batch_size=1)(delayed(work)(block) for block in blocks)
