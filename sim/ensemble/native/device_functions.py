"""Markers for functions and instructions that only compiled code calls; imports no numba."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class DeviceFunction:
    """Function that only compiled functions call.

    Attributes
    ----------
    function : callable
    inline : bool
        Whether it is inlined into its callers.
    """

    function: Callable[..., Any]
    inline: bool


@dataclass(frozen=True, eq=False)
class Intrinsic:
    """LLVM instruction without a function in numba.

    Attributes
    ----------
    describe : callable
        Function for numba's `intrinsic`.
    """

    describe: Callable[..., Any]


def device_function(function: F) -> F:
    """Mark a function as compiled and called only by compiled functions."""
    return cast("F", DeviceFunction(function, inline=False))


def inline(function: F) -> F:
    """Mark a function like `device_function`, and inline it into its one caller."""
    return cast("F", DeviceFunction(function, inline=True))
