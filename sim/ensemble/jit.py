"""How the engine is compiled: once a machine, kept for the user, and refreshed when anything changes.

numba keeps machine code by the time stamp of one file alone, and looks no further. Here the folder bears
a digest of every file of the engine, of the laws it shares, and of the versions of numba and Python, so
that stale code is never met: what changed has another folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
FOLDER = "munitions-sim"
_WITHIN: dict[str, Any] = {
    "nogil": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}


def _numba() -> Any:
    """Return numba, whose annotations do not know all that its decorators take."""
    import numba

    return numba


def compiled(function: F) -> F:
    """Compile a function with numba: plain floating point (rule 8), and without Python's lock."""
    decorate = _numba().njit(cache=_keep_code(), nogil=True, error_model="numpy", fastmath=False)
    kernel: F = decorate(function)
    return kernel


def inlined(function: F) -> F:
    """Compile a function that compiled functions alone call, and that makes no array.

    numba then counts no references in it: counting costs more than most of these functions do.
    """
    kernel: F = _numba().njit(_nrt=False, forceinline=False, **_WITHIN)(function)
    return kernel


def merged(function: F) -> F:
    """Compile a function as `inlined`, and copy it into the one place from which it is called.

    What is handed to a function is copied word by word, and a block of runs is handed many arrays.
    """
    kernel: F = _numba().njit(_nrt=False, forceinline=True, **_WITHIN)(function)
    return kernel


def making(function: F) -> F:
    """Compile a function that compiled functions alone call, and that makes arrays."""
    kernel: F = _numba().njit(_nrt=True, forceinline=False, **_WITHIN)(function)
    return kernel


@cache
def code_folder() -> Path:
    """Return the folder of this user in which this version of the engine keeps its machine code."""
    digest = hashlib.sha256(f"{sys.version} {version('numba')} {version('llvmlite')}".encode())
    here = Path(__file__).parent
    for path in (*sorted(here.glob("*.py")), here.parent / "scenario" / "laws.py"):
        digest.update(path.read_bytes())
    return _user_folder() / FOLDER / digest.hexdigest()[:16]


def is_compiled() -> bool:
    """Return whether machine code of this version is there already."""
    return any(code_folder().rglob("*.nbc"))


@cache
def announce() -> None:
    """Say once what takes so long where there is no machine code yet, and where it cannot be kept."""
    log = logging.getLogger("sim")
    if not can_keep():
        log.warning("the engine is compiled anew each time: %s cannot be written", code_folder())
    elif not is_compiled():
        log.warning("compiling the engine for this machine, once; this takes most of a minute")


@cache
def can_keep() -> bool:
    """Return whether machine code can be kept for the next process."""
    folder = code_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _keep_code() -> bool:
    if not can_keep():
        return False
    _numba().config.CACHE_DIR = str(code_folder())
    return True


def _user_folder() -> Path:
    """Return where programs of this user keep what can be made again."""
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"])
    home = Path("~").expanduser()
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
