"""How arguments are handed to machine code: as one array of words, which says where everything lies.

An array is its address and its shape, a number is itself, and a named tuple is its fields one after the
other. What stands where depends on the types alone, so that compiled code finds it without looking.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

_WORD = 2**64 - 1


class Noun(NamedTuple):
    """How a named tuple is laid out: its name, and the name and layout of each field."""

    name: str
    fields: tuple[tuple[str, Layout], ...]


class Rows(NamedTuple):
    """How an array is laid out: what its elements are, and how many dimensions it has."""

    dtype: np.dtype[Any]
    dimensions: int


#: Of a noun, an array, or a number by its type.
Layout = Noun | Rows | type[int] | type[float] | type[np.uint64]


def hand_over(names: Sequence[str], arguments: Sequence[Any]) -> tuple[NDArray[np.uint64], Noun]:
    """Return the words of some arguments, and how they are laid out.

    Parameters
    ----------
    names : sequence of str
    arguments : sequence
        Arrays in order of rows, named tuples of arrays and numbers, whole or real numbers.

    Raises
    ------
    TypeError
        Where something is none of these.
    """
    words: list[int] = []
    fields = tuple(
        [(name, _lay_out(value, words)) for name, value in zip(names, arguments, strict=True)],
    )
    return np.array(words, dtype=np.uint64), Noun("Arguments", fields)


def _lay_out(value: Any, words: list[int]) -> Layout:
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise TypeError("machine code takes arrays in order of rows alone")
        words.append(value.__array_interface__["data"][0])
        words.extend(value.shape)
        return Rows(value.dtype, value.ndim)
    if isinstance(value, tuple):
        names: tuple[str, ...] = value._fields  # type: ignore[attr-defined]
        laid = [(name, _lay_out(field, words)) for name, field in zip(names, value, strict=True)]
        return Noun(type(value).__name__, tuple(laid))
    if isinstance(value, np.uint64):
        words.append(int(value))
        return np.uint64
    if isinstance(value, float):
        words.append(struct.unpack("=Q", struct.pack("=d", value))[0])
        return float
    if isinstance(value, int | np.integer):
        words.append(int(value) & _WORD)
        return int
    raise TypeError(
        f"machine code takes arrays, numbers and named tuples of them, not {type(value).__name__}"
    )
