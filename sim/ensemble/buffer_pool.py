"""Buffer pool: reuse large arrays between blocks; the OS zeroes fresh pages, which is slow."""

from __future__ import annotations

import math
import threading
import weakref
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from sim.ensemble.arrays import DOUBLES_PER_CACHE_LINE, aligned_array
from sim.ensemble.scenario_tables import Floats

#: Doubles in a megabyte; the allocator itself reuses smaller arrays.
MIN_DOUBLES = 1 << 17
#: Doubles in a chunk of 64 megabytes, from which arrays are cut.
CHUNK_DOUBLES = 1 << 23


class BufferPool:
    """Pool of arrays that are reused between blocks; thread-safe.

    An array returns to the pool once neither it nor a view of it is referenced.
    """

    def __init__(self) -> None:
        self._waiting: defaultdict[int, list[Floats]] = defaultdict(list)
        self._uncut = np.empty(0)
        self._cutting = threading.Lock()

    def empty(self, shape: Sequence[int]) -> Floats:
        """Return an uninitialised array, as `numpy.empty` does."""
        size = math.prod(shape)
        if size < MIN_DOUBLES:
            return aligned_array(shape, None)
        waiting = self._waiting[size]
        try:
            memory = waiting.pop()
        except IndexError:
            memory = self._new(size)
        # Through a memoryview: else views would keep a reference to the memory instead of to this array.
        lent: Floats = np.frombuffer(memoryview(memory))  # type: ignore[arg-type]
        weakref.finalize(lent, waiting.append, memory).atexit = False
        return lent.reshape(shape)

    def release_all(self) -> None:
        """Free all unused arrays; arrays in use are freed once they are no longer referenced."""
        with self._cutting:
            self._waiting = defaultdict(list)
            self._uncut = np.empty(0)

    def _new(self, size: int) -> Floats:
        # Large allocations get huge pages, and cost is per page; pages never written to use no memory.
        with self._cutting:
            if size > len(self._uncut):
                self._uncut = aligned_array((max(size, CHUNK_DOUBLES),), None)
            memory, self._uncut = (
                self._uncut[:size],
                self._uncut[-(-size // DOUBLES_PER_CACHE_LINE) * DOUBLES_PER_CACHE_LINE :],
            )
        return memory
