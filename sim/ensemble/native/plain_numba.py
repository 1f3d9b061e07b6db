"""Fallback: compile the same kernels with plain `numba.njit`, using only public interfaces of numba.

Device functions and intrinsics are replaced by numba objects in a copy of each function's globals. Compiled
code is cached in the cache directory of this package; numba's settings for other functions stay unchanged.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numba
from numba import njit
from numba.extending import intrinsic

from sim.ensemble.native.device_functions import DeviceFunction, Intrinsic

_PACKAGE = "sim.ensemble."
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": False}
#: Compiled code alone calls a device function; a wrapper for Python would unpack all arrays of all tuples.
_DEVICE_OPTIONS: dict[str, Any] = {**_OPTIONS, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
#: Lock for the process-wide cache setting, which numba reads when a function is decorated.
_SETTING = threading.Lock()


def dispatcher(function: Callable[..., Any], folder: Path | None) -> Any:
    """Return the numba dispatcher of a kernel.

    Parameters
    ----------
    function : callable
    folder : Path or None
        Cache folder; None to compile in memory only.
    """
    plain = _with_numba_globals(function)
    if folder is None:
        return njit(**_OPTIONS)(plain)
    config: Any = numba.config
    with _SETTING:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(folder)
        try:
            return njit(cache=True, **_OPTIONS)(plain)
        except RuntimeError:
            # Without a source file, as in a zip archive, numba cannot cache.
            return njit(**_OPTIONS)(plain)
        finally:
            config.CACHE_DIR = before


def _with_numba_globals(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a copy of a function whose globals have numba objects in place of our markers."""
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function!r} is not a plain function")
    known = function.__globals__
    replaced = {name: _numba_object(known[name]) for name in function.__code__.co_names if name in known}
    copy = FunctionType(
        function.__code__,
        {**known, **replaced},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__qualname__ = function.__qualname__
    return copy


def _numba_object(value: Any) -> Any:
    if isinstance(value, DeviceFunction):
        return _device_dispatcher(value)
    if isinstance(value, Intrinsic):
        return _intrinsic(value)
    if isinstance(value, ModuleType) and value.__name__.startswith(_PACKAGE):
        return _numba_module(value)
    return value


@cache
def _device_dispatcher(device: DeviceFunction) -> Any:
    return njit(forceinline=device.inline, **_DEVICE_OPTIONS)(_with_numba_globals(device.function))


@cache
def _numba_module(module: ModuleType) -> ModuleType:
    """Return a copy of a module of this package with its device functions as numba objects."""
    copy = ModuleType(module.__name__)
    marked = {name: value for name, value in vars(module).items() if isinstance(value, DeviceFunction)}
    vars(copy).update({**vars(module), **{name: _numba_object(value) for name, value in marked.items()}})
    return copy


@cache
def _intrinsic(value: Intrinsic) -> Any:
    return intrinsic(value.describe)
