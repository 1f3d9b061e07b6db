"""How arguments are handed to machine code: as one array of words, which says where everything lies.

An array is its address and its shape, a number is itself, and a named tuple is its fields one after the
other. What stands where depends on the types alone, so that compiled code finds it without looking.
"""

from __future__ import annotations

import ctypes
import struct
from array import array
from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

_WORD = 2**64 - 1
_NOTHING = ctypes.c_char * 0


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
Words: TypeAlias = "array[int]"
#: What is handed over, in turn: types of arrays and their dimensions, of numbers, and of named tuples.
Form: TypeAlias = tuple[object, ...]


def hand_over(arguments: Sequence[Any]) -> tuple[Words, Form]:
    """Return the words of some arguments, and what tells how they are laid out.

    Parameters
    ----------
    arguments : sequence
        Arrays in order of rows, named tuples of arrays and numbers, whole or real numbers.

    Returns
    -------
    words : array of unsigned words
    form : tuple
        The same for the same layout, and quicker to make and to compare.

    Raises
    ------
    TypeError
        Where something is none of these.
    """
    words: list[int] = []
    form: list[object] = []
    for value in arguments:
        _hand_over(value, words, form)
    return array("Q", words), tuple(form)


def lay_out(names: Sequence[str], arguments: Sequence[Any]) -> Noun:
    """Return how arguments are laid out, of which `hand_over` has made words.

    Parameters
    ----------
    names, arguments : sequence
        Of one length.
    """
    return Noun(
        "Arguments", tuple([(name, _layout(value)) for name, value in zip(names, arguments, strict=True)])
    )


def _hand_over(value: Any, words: list[int], form: list[object]) -> None:
    if isinstance(value, np.ndarray):
        words.append(_address(value))
        words.extend(value.shape)
        form.append(value.dtype)
        form.append(value.ndim)
    elif isinstance(value, tuple):
        form.append(type(value))
        for field in value:
            _hand_over(field, words, form)
    elif isinstance(value, np.uint64):
        words.append(int(value))
        form.append(np.uint64)
    elif isinstance(value, float):
        words.append(struct.unpack("=Q", struct.pack("=d", value))[0])
        form.append(float)
    elif isinstance(value, int | np.integer):
        words.append(int(value) & _WORD)
        form.append(int)
    else:
        raise TypeError(
            f"machine code takes arrays, numbers and named tuples of them, not {type(value).__name__}"
        )


def _address(value: NDArray[Any]) -> int:
    flags = value.flags
    if not flags.c_contiguous:
        raise TypeError("machine code takes arrays in order of rows alone")
    # numpy's own ways to say it take several times as long, and there are a hundred arrays a call.
    if flags.writeable:
        return ctypes.addressof(_NOTHING.from_buffer(value))  # type: ignore[arg-type]
    return value.ctypes.data


def _layout(value: Any) -> Layout:
    if isinstance(value, np.ndarray):
        return Rows(value.dtype, value.ndim)
    if isinstance(value, tuple):
        names: tuple[str, ...] = value._fields  # type: ignore[attr-defined]
        laid = [(name, _layout(field)) for name, field in zip(names, value, strict=True)]
        return Noun(type(value).__name__, tuple(laid))
    if isinstance(value, np.uint64):
        return np.uint64
    return float if isinstance(value, float) else int
