"""Calling convention of the native path: all arguments packed into one array of 64-bit words.

An array is packed as its address and shape, a number as itself, a named tuple as its fields in order. Offsets
depend only on the types, so they are constants in compiled code.
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


class TupleLayout(NamedTuple):
    """Layout of a named tuple: its name, and the name and layout of each field."""

    name: str
    fields: tuple[tuple[str, Layout], ...]


class ArrayLayout(NamedTuple):
    """Layout of an array: the type of its elements and the number of its dimensions."""

    dtype: np.dtype[Any]
    dimensions: int


#: Layout of a named tuple, an array, or a number by its type.
Layout = TupleLayout | ArrayLayout | type[int] | type[float] | type[np.uint64]
Words: TypeAlias = "array[int]"
#: Types of the arguments in order: array dtypes with their dimensions, number types, named tuples.
Form: TypeAlias = tuple[object, ...]


def pack_arguments(arguments: Sequence[Any]) -> tuple[Words, Form]:
    """Pack arguments into words, and return a key of their layout.

    Parameters
    ----------
    arguments : sequence
        C-contiguous arrays, integers, floats, and named tuples of these.

    Returns
    -------
    words : array of unsigned words
    form : tuple
        Equal for equal layouts, and faster to build and compare than a layout.

    Raises
    ------
    TypeError
        An argument is of another type.
    """
    words: list[int] = []
    form: list[object] = []
    for value in arguments:
        _pack(value, words, form)
    return array("Q", words), tuple(form)


def layout_of(names: Sequence[str], arguments: Sequence[Any]) -> TupleLayout:
    """Return the layout of arguments as packed by `pack_arguments`.

    Parameters
    ----------
    names, arguments : sequence
        Of equal length.
    """
    return TupleLayout(
        "Arguments", tuple([(name, _layout(value)) for name, value in zip(names, arguments, strict=True)])
    )


def _pack(value: Any, words: list[int], form: list[object]) -> None:
    if isinstance(value, np.ndarray):
        words.append(_address(value))
        words.extend(value.shape)
        form.append(value.dtype)
        form.append(value.ndim)
    elif isinstance(value, tuple):
        form.append(type(value))
        for field in value:
            _pack(field, words, form)
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
    # numpy's own accessors take several times as long, and a call has about a hundred arrays.
    if flags.writeable:
        return ctypes.addressof(_NOTHING.from_buffer(value))  # type: ignore[arg-type]
    return value.ctypes.data


def _layout(value: Any) -> Layout:
    if isinstance(value, np.ndarray):
        return ArrayLayout(value.dtype, value.ndim)
    if isinstance(value, tuple):
        names: tuple[str, ...] = value._fields  # type: ignore[attr-defined]
        laid = [(name, _layout(field)) for name, field in zip(names, value, strict=True)]
        return TupleLayout(type(value).__name__, tuple(laid))
    if isinstance(value, np.uint64):
        return np.uint64
    return float if isinstance(value, float) else int
