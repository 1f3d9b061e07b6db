"""Streams of random numbers: a draw is named by (seed, run, name, occurrence) and by nothing else (rule 4).

The words are those of numpy's ``Philox(key=[seed, h], counter=[0, run, 0, 0])``, with all four numbers
taken as exact 64-bit integers. Written as a plain Python list, a key with one number above 2^63 and one
below passes through floating point inside numpy and loses its last bits; here it never does.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.random import Philox
from numpy.typing import NDArray

# A block costs about as much as 150 words, and most streams are asked for one word or for dozens.
_FIRST_BLOCK, _SECOND_BLOCK = 16, 128
_WORDS_A_STEP = 4


@lru_cache(maxsize=4096)
def stream_key(name: str) -> int:
    """Return the half of the key that a stream's name gives: 64 bits of BLAKE2b, little-endian (rule 4)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


class _WordSource:
    """The words of all streams of one run, from one Philox that is placed anew before each use.

    Placing costs a tenth of making: numpy seeds a new Philox even where its key is given.
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
        """Return words begin to begin + count, where `begin` is a multiple of 4: numpy draws 4 a step."""
        self._place(stream, begin // _WORDS_A_STEP)
        return self._philox.random_raw(count)


class UniformStream:
    """The uniform numbers of one name in one run, drawn in blocks as they are asked for."""

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
        """Draw occurrences 0 to `count` - 1 at once, where it is known that they will be asked for."""
        begin = len(self._drawn)
        missing = -(-(count - begin) // _WORDS_A_STEP) * _WORDS_A_STEP
        if missing > 0:
            words = self._words.block(self._key, begin, missing)
            self._drawn += (((words >> 12) + 0.5) / 2.0**52).tolist()


class RandomStreams:
    """All random numbers of one run.

    What is drawn does not depend on the order in which streams or occurrences are asked for. An object
    belongs to one thread; another thread makes its own.

    Parameters
    ----------
    seed : int
        0 to 2^64 - 1.
    run : int
        Number of the run, from 0.

    Raises
    ------
    OverflowError
        `seed` or `run` is no unsigned number of 64 bits.
    """

    __slots__ = ("_open", "_words")

    def __init__(self, seed: int, run: int) -> None:
        self._words = _WordSource(seed, run)
        self._open: dict[str, UniformStream] = {}

    def uniforms(self, name: str) -> UniformStream:
        """Return the stream of a name; the same object each time."""
        stream = self._open.get(name)
        if stream is None:
            stream = self._open[name] = UniformStream(self._words, name)
        return stream

    def once(self, name: str) -> float:
        """Return occurrence 0 of a stream, for what is drawn once a run, without opening the stream."""
        return ((self._words.first(stream_key(name)) >> 12) + 0.5) / 2.0**52
