"""Memory of blocks that are done with, used again: memory that is new has to be cleared page by page."""

from __future__ import annotations

import math
import threading
import weakref
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import DOUBLES_PER_CACHE_LINE, aligned_array

Floats = NDArray[np.float64]
#: Numbers in a megabyte: what is smaller the allocator keeps at hand by itself.
MIN_BYTES = 1 << 17
#: Numbers in a piece of 64 megabytes, from which arrays are cut.
CHUNK_BYTES = 1 << 23


class BufferPool:
    """Where the arrays of one block wait for the next; threads may share it.

    An array comes back by itself, when nobody has it or a view of it any more.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[int, list[Floats]] = defaultdict(list)
        self._uncut = np.empty(0)
        self._cutting = threading.Lock()

    def empty(self, shape: Sequence[int]) -> Floats:
        """Return an array with anything in it, as `numpy.empty` does."""
        size = math.prod(shape)
        if size < MIN_BYTES:
            return aligned_array(shape, None)
        waiting = self._waiting[size]
        try:
            memory = waiting.pop()
        except IndexError:
            memory = self._new(size)
        # Through a memoryview, or views of what is lent would refer to the memory and not to the loan.
        lent: Floats = np.frombuffer(memoryview(memory))  # type: ignore[arg-type]
        weakref.finalize(lent, waiting.append, memory).atexit = False
        return lent.reshape(shape)

    def release_all(self) -> None:
        """Let go of what waits; what is lent goes when nobody has it any more."""
        with self._cutting:
            self._waiting = defaultdict(list)
            self._uncut = np.empty(0)

    def _new(self, size: int) -> Floats:
        # Large memory comes in large pages, and pages are what costs; what is not written to is not taken.
        with self._cutting:
            if size > len(self._uncut):
                self._uncut = aligned_array((max(size, CHUNK_BYTES),), None)
            memory, self._uncut = (
                self._uncut[:size],
                self._uncut[-(-size // DOUBLES_PER_CACHE_LINE) * DOUBLES_PER_CACHE_LINE :],
            )
        return memory
