"""Counter-based random streams: (seed, run, stream name, occurrence) determines a draw (rule 4).

The words are those of numpy's ``Philox(key=[seed, h], counter=[0, run, 0, 0])``, with all four numbers
taken as exact 64-bit integers. Written as a plain Python list, a key with one number above 2^63 and one
below passes through floating point inside numpy and loses its last bits; this module avoids that.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

from sim.account import stream_key

# A block costs about as much as 150 words, and most streams need one word or dozens.
_FIRST_BLOCK, _SECOND_BLOCK = 16, 128
_WORDS_A_STEP = 4


class _WordSource:
    """Random words of all streams of one run, from one Philox whose state is set before each use.

    Setting the state costs a tenth of a new Philox, which numpy seeds even if a key is given.
    """

    __slots__ = ("_counter", "_key", "_philox", "_state")

    def __init__(self, seed: int, run: int) -> None:
        self._key = np.array([seed, 0], dtype=np.uint64)
        self._counter = np.array([0, run, 0, 0], dtype=np.uint64)
        self._philox = Philox(0)
        self._state = self._philox.state
        self._state["state"] = {"counter": self._counter, "key": self._key}

    def _place(self, stream: int, step: int) -> None:
        self._key[1] = stream
        self._counter[0] = step
        self._philox.state = self._state

    def first(self, stream: int) -> int:
        self._place(stream, 0)
        return self._philox.random_raw()

    def block(self, stream: int, begin: int, count: int) -> NDArray[np.uint64]:
        """Return words begin to begin + count; `begin` is a multiple of 4, since a Philox step yields 4."""
        self._place(stream, begin // _WORDS_A_STEP)
        return self._philox.random_raw(count)


class UniformStream:
    """Uniform numbers of one stream in one run, drawn in blocks on demand."""

    __slots__ = ("_drawn", "_key", "_words")

    def __init__(self, words: _WordSource, name: str) -> None:
        self._words = words
        self._key = stream_key(name)
        self._drawn: list[float] = []

    def u(self, n: int) -> float:
        """Return the uniform number of occurrence `n` (from 0), strictly between 0 and 1."""
        drawn = len(self._drawn)
        if n >= drawn:
            self.reserve(max(n + 1, 2 * drawn, _SECOND_BLOCK if drawn else _FIRST_BLOCK))
        return self._drawn[n]

    def span(self, begin: int, end: int) -> list[float]:
        """Return the uniform numbers of occurrences `begin` to `end` - 1."""
        if end > len(self._drawn):
            self.reserve(end)
        return self._drawn[begin:end]

    def reserve(self, count: int) -> None:
        """Draw occurrences 0 to `count` - 1 in one block, where all will be needed."""
        begin = len(self._drawn)
        missing = -(-(count - begin) // _WORDS_A_STEP) * _WORDS_A_STEP
        if missing > 0:
            words = self._words.block(self._key, begin, missing)
            self._drawn += (((words >> 12) + 0.5) / 2.0**52).tolist()


class RandomStreams:
    """All random numbers of one run.

    Draws do not depend on the order of streams or occurrences. An instance is not thread-safe; each thread
    needs its own.

    Parameters
    ----------
    seed : int
        0 to 2^64 - 1.
    run : int
        Number of the run, from 0.

    Raises
    ------
    OverflowError
        `seed` or `run` is not an unsigned 64-bit integer.
    """

    __slots__ = ("_open", "_words")

    def __init__(self, seed: int, run: int) -> None:
        self._words = _WordSource(seed, run)
        self._open: dict[str, UniformStream] = {}

    def uniforms(self, name: str) -> UniformStream:
        """Return the stream of a name; repeated calls return the same object."""
        stream = self._open.get(name)
        if stream is None:
            stream = self._open[name] = UniformStream(self._words, name)
        return stream

    def once(self, name: str) -> float:
        """Return occurrence 0 of a stream, without creating a stream object."""
        return ((self._words.first(stream_key(name)) >> 12) + 0.5) / 2.0**52
