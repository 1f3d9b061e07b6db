"""How the engine is compiled: once a machine, kept for the user, and refreshed when anything changes.

The folder of the machine code bears a digest of every file of the engine, of the laws it shares, and of the
versions of numba and Python, so that stale code is never met: what changed has another folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from sim.units import SECONDS_PER_DAY

F = TypeVar("F", bound=Callable[..., Any])
FOLDER = "munitions-sim"
#: Folders of other versions are kept while they are in use, but no more than these.
MOST_FOLDERS = 8
MOST_DAYS = 60
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
    from sim.ensemble.machine_code import KeptCode

    kernel: F = _numba().njit(nogil=True, error_model="numpy", fastmath=False)(function)
    # numba's own way to a cache is a setting of the whole process, which functions of the user's heed too.
    kernel._cache = KeptCode(function, code_folder(), _compiling, _unkept)  # type: ignore[attr-defined]  # noqa: SLF001
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


def announce() -> None:
    """Say once what takes so long where there is no machine code yet, and where it cannot be kept."""
    if not code_folder().is_dir():
        _compiling()


def _compiling() -> None:
    """Say once that the engine is compiled, however many threads ask for it, and make room for it."""
    with _SAYING:
        if can_keep():
            _warn("compiling the engine for this machine, once; this takes most of a minute")
            _make_room()
        else:
            _warn(f"the engine is compiled anew each time: {code_folder()} cannot be written")


def _unkept(error: OSError) -> None:
    """Say once that machine code is lost with this process, where a folder that seemed good took none."""
    if can_keep():
        with _SAYING:
            _warn(f"the engine is compiled anew next time: {code_folder()}: {error.strerror}")


_SAYING = threading.RLock()


@cache
def _warn(text: str) -> None:
    logging.getLogger("sim").warning(text)


@cache
def _make_room() -> None:
    forget_others(code_folder())


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


def forget_others(folder: Path) -> None:
    """Remove machine code of other versions beside a folder: what is old, and all but the newest.

    The newest are those used last. A process that still needs what is gone compiles it again.

    Parameters
    ----------
    folder : Path
        Of this version; it stays.
    """
    now, oldest = time.time(), MOST_DAYS * SECONDS_PER_DAY
    others = []
    for path in folder.parent.iterdir():
        if path != folder and re.fullmatch(r"[0-9a-f]{16}", path.name):
            # Another process may remove the same.
            with contextlib.suppress(FileNotFoundError):
                others.append((now - path.stat().st_mtime, path))
    for place, (age, path) in enumerate(sorted(others)):
        if place >= MOST_FOLDERS - 1 or age > oldest:
            shutil.rmtree(path, ignore_errors=True)


def _user_folder() -> Path:
    """Return where programs of this user keep what can be made again."""
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"])
    try:
        home = Path.home()
    except RuntimeError:
        # Who has no home has no place of his own: nothing can be kept below this.
        return Path(os.devnull)
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
