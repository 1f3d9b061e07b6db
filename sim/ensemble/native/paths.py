"""Engine paths: how kernels run, and why a path cannot run in this process.

``native`` compiles with private modules of numba and links with LLVM; ``numba`` uses plain `numba.njit`. If
neither runs, the simpy model does (``python``). All give the same results, bit for bit.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from importlib.util import find_spec

from sim.errors import EngineError, escape_control_characters


class EnginePath(StrEnum):
    """Ways to compute the account."""

    NATIVE = "native"
    NUMBA = "numba"
    PYTHON = "python"


_current: ContextVar[EnginePath | None] = ContextVar("engine_path", default=None)
#: Failure reasons of paths in this process.
_failures: dict[EnginePath, str] = {}


@contextmanager
def using(path: EnginePath) -> Iterator[None]:
    """Run the kernels called in this context on a path."""
    token = _current.set(path)
    try:
        yield
    finally:
        _current.reset(token)


def current_path() -> EnginePath:
    """Return the path of this context; outside of `using`, the best available one."""
    chosen = _current.get()
    if chosen is None:
        return EnginePath.NUMBA if unavailable(EnginePath.NATIVE) else EnginePath.NATIVE
    return chosen


def unavailable(path: EnginePath, *, forced: bool = False) -> str:
    """Return why a path cannot run; empty if it can.

    Parameters
    ----------
    path : EnginePath
    forced : bool
        Whether the user chose the path; untested versions and systems are then allowed.
    """
    if path is EnginePath.PYTHON:
        return ""
    if _is_jit_disabled():
        return "NUMBA_DISABLE_JIT is set"
    if path in _failures:
        return _failures[path]
    if not _has_numba():
        return "numba is not installed"
    return "" if forced or path is EnginePath.NUMBA else untested()


@cache
def untested() -> str:
    """Return why this installation is untested for the native path; see `versions.untested`."""
    # Imported late: most commands run no kernel.
    from sim.ensemble.native import versions

    return versions.untested()


@cache
def _has_numba() -> bool:
    return "numba" in sys.modules or find_spec("numba") is not None


@contextmanager
def failures_of(path: EnginePath) -> Iterator[None]:
    """Convert errors of compiling, linking or loading to `EngineError`, and exclude the path."""
    try:
        yield
    except (EngineError, MemoryError):
        raise
    except Exception as error:  # other versions of numba or llvmlite may raise anything
        cause = f"{type(error).__name__}: {error}".splitlines()[0].rstrip(": ")
        reason = escape_control_characters(f"the {path} path of the engine failed: {cause}")
        _failures[path] = reason
        raise EngineError(reason) from error


def _is_jit_disabled() -> bool:
    numba = sys.modules.get("numba")
    if numba is not None and hasattr(numba, "config"):
        return bool(numba.config.DISABLE_JIT)
    return os.environ.get("NUMBA_DISABLE_JIT", "0").strip() not in {"", "0"}


@cache
def warn_once(text: str) -> None:
    """Log a warning of the engine, once in a process."""
    logging.getLogger("sim").warning(text)
