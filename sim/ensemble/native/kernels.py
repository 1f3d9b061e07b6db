"""Decorators for compiled functions: `kernel` (called from Python), `device_function`, `inline`.

This module does not import numba, which takes longer to load than cached machine code: a process that finds
its code in the cache never imports it.
"""

from __future__ import annotations

import hashlib
import inspect
import threading
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sim.ensemble.native.argument_packing import Form, TupleLayout, layout_of, pack_arguments
from sim.ensemble.native.cache_dir import (
    cache_dir,
    distrust,
    evict_stale,
    is_usable,
    numba_folder_problem,
    problem,
)
from sim.ensemble.native.device_functions import device_function, inline
from sim.ensemble.native.intrinsics import independent, mul_high, noinline, select
from sim.ensemble.native.paths import EnginePath, current_path, failures_of, using, warn_once
from sim.ensemble.native.warm_up import wait

if TYPE_CHECKING:
    from sim.ensemble.native.object_cache import LoadedKernel

__all__ = [
    "Kernel",
    "bound",
    "device_function",
    "independent",
    "inline",
    "kernel",
    "mul_high",
    "noinline",
    "select",
]

F = TypeVar("F", bound=Callable[..., Any])


class Kernel:
    """Compiled function that Python calls with arrays, numbers and named tuples of them.

    It returns an integer or nothing, and allocates no arrays: the caller provides the output arrays.

    Parameters
    ----------
    function : callable
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self._parameters = tuple(inspect.signature(function).parameters)
        self._loaded: tuple[Form, LoadedKernel] | None = None
        self._dispatcher: Any = None
        self._lock = threading.Lock()

    def __call__(self, *arguments: Any) -> Any:
        """Call the kernel on the engine path of this context."""
        if current_path() is EnginePath.NUMBA:
            return self._call_numba(arguments)
        words, form = pack_arguments(arguments)
        loaded = self._loaded
        if loaded is None or loaded[0] != form:
            with failures_of(EnginePath.NATIVE):
                loaded = form, self._load(layout_of(self._parameters, arguments))
            self._loaded = loaded
        return loaded[1](words)

    def _call_numba(self, arguments: tuple[Any, ...]) -> Any:
        with failures_of(EnginePath.NUMBA):
            with self._lock:
                if self._dispatcher is None:
                    self._dispatcher = self._numba_dispatcher()
            return self._dispatcher(*arguments)

    def _numba_dispatcher(self) -> Any:
        from sim.ensemble.native.plain_numba import dispatcher

        folder = cache_dir() / "numba"
        is_new = not folder.exists()
        problem = numba_folder_problem(folder)
        _announce_numba(folder, problem, is_new=is_new)
        return dispatcher(self.function, None if problem else folder)

    def _load(self, layout: TupleLayout) -> LoadedKernel:
        from sim.ensemble.native.object_cache import LoadedKernel, ObjectCache

        objects = ObjectCache(cache_dir(), _announce_failed_write)
        with self._lock:
            key = f"{self.name} {self._source()} {layout}"
            is_trusted = not distrust(cache_dir())
            code = objects.load(key) if is_trusted else None
            if code is None and is_trusted:
                wait(self.name)
                code = objects.load(key)
            if code is None:
                _announce_compilation()
                from sim.ensemble.native.numba_compiler import compile_kernel

                code = compile_kernel(self.function, layout)
                if is_usable():
                    objects.save(key, code)
            return LoadedKernel(code)

    def _source(self) -> str:
        """Return a digest of the source file of the function, which may be outside this package."""
        try:
            data = Path(self.function.__code__.co_filename).read_bytes()
        except OSError:
            # In a zip archive; the name of the cache directory covers its contents.
            return ""
        return hashlib.sha256(data).hexdigest()


def kernel(function: F) -> F:
    """Declare a kernel: compiled with plain floating point (rule 8), runs without the GIL."""
    return cast("F", Kernel(function))


def bound(called: F, path: EnginePath) -> F:
    """Bind a kernel to an engine path, for calls from any thread."""
    return cast("F", partial(_call_on, path, called))


def _call_on(path: EnginePath, called: Callable[..., Any], *arguments: Any) -> Any:
    with using(path):
        return called(*arguments)


def _announce_compilation() -> None:
    """Log once, from any thread, that the engine is being compiled, and evict stale cache folders."""
    with _ANNOUNCING:
        if is_usable():
            warn_once("compiling the engine for this machine, once; this takes about 15 seconds")
            _make_room()
        else:
            warn_once(f"the engine is compiled anew each time: {cache_dir()} {problem()}")


def _announce_numba(folder: Path, problem: str, *, is_new: bool) -> None:
    with _ANNOUNCING:
        if problem:
            warn_once(f"the engine is compiled anew each time: {folder} {problem}")
        elif is_new:
            warn_once("compiling the engine with plain numba, once; this takes about two minutes")
            _make_room()


def _announce_failed_write(error: OSError) -> None:
    """Log once that code could not be written to a cache folder that seemed usable."""
    with _ANNOUNCING:
        warn_once(f"the engine is compiled anew next time: {cache_dir()}: {error.strerror}")


_ANNOUNCING = threading.RLock()


@cache
def _make_room() -> None:
    evict_stale(cache_dir())
