"""Functions and instructions that only compiled code calls; nothing here imports numba."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False)
class DeviceFunction:
    """A function that only compiled functions call.

    Attributes
    ----------
    function : callable
    inline : bool
        Whether it is copied into its callers.
    """

    function: Callable[..., Any]
    inline: bool


@dataclass(frozen=True, eq=False)
class Intrinsic:
    """An instruction of LLVM that numba has no function for.

    Attributes
    ----------
    describe : callable
        As numba's `intrinsic` takes it.
    """

    describe: Callable[..., Any]


def device_function(function: F) -> F:
    """Mark a function as compiled, and called by compiled functions alone."""
    return cast("F", DeviceFunction(function, inline=False))


def inline(function: F) -> F:
    """Mark a function as `device_function` does, and copy it into its one caller."""
    return cast("F", DeviceFunction(function, inline=True))
