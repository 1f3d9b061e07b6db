"""Cache directory of compiled code: private to this user, one folder for each version of everything.

The name of the folder is a digest of the whole source of this package, of the versions of numba and Python,
and of the processor, so that stale code is never loaded. Code is loaded from a folder only if it belongs to
this user and nobody else can write there: whoever writes there runs code as this user.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from sim.source_digest import package_version, source_digest
from sim.units import SECONDS_PER_DAY

FOLDER = "munitions-sim"
#: Folders of other versions are kept while they are in use, but no more than these.
MOST_FOLDERS = 8
MOST_DAYS = 60
#: Nobody but the owner may read or write.
PRIVATE = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@cache
def cache_dir() -> Path:
    """Return the folder in which this version of the engine keeps its compiled code."""
    versions = f"{sys.version} {package_version('numba')} {package_version('llvmlite')}"
    digest = hashlib.sha256(f"{versions} {_processor()} {source_digest()}".encode())
    return _user_folder() / FOLDER / digest.hexdigest()[:16]


@cache
def problem() -> str:
    """Return why compiled code cannot be kept for the next process; empty where it can."""
    folder = cache_dir()
    try:
        create(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return distrust(folder) or "cannot be written"
    return distrust(folder)


def is_usable() -> bool:
    """Return whether compiled code can be kept for the next process."""
    return not problem()


def create(folder: Path) -> None:
    """Create a folder of compiled code and the one above it, private to this user."""
    folder.parent.parent.mkdir(parents=True, exist_ok=True)
    for path in (folder.parent, folder):
        path.mkdir(mode=PRIVATE, exist_ok=True)


def distrust(folder: Path) -> str:
    """Return why code must not be loaded from a folder; empty where it may, or nothing is there.

    Parameters
    ----------
    folder : Path
        It and the folder above it are checked. A symbolic link counts as what it points to, and must itself
        belong to this user.
    """
    if not hasattr(os, "geteuid"):
        return ""
    for path in (folder.parent, folder):
        try:
            statuses = [path.lstat(), path.stat()]
        except FileNotFoundError:
            return ""
        except OSError:
            return "cannot be read"
        if any(status.st_uid != os.geteuid() for status in statuses):
            return "belongs to another user"
        if not stat.S_ISDIR(statuses[1].st_mode):
            return "is not a folder"
        if statuses[1].st_mode & _OTHERS_WRITE:
            return "can be written by other users"
    return ""


def evict_stale(folder: Path) -> None:
    """Remove code of other versions beside a folder: what is old, and all but the most recently used.

    A process that still needs what was removed compiles it again.

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


def _processor() -> str:
    """Return the processor as LLVM names it, with its features; empty without llvmlite."""
    try:
        from llvmlite import binding
    except (ImportError, OSError):
        return ""
    return f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"


def _user_folder() -> Path:
    """Return the cache folder of this user."""
    chosen = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32" and os.environ.get("LOCALAPPDATA"):
        return Path(os.environ["LOCALAPPDATA"])
    try:
        home = Path.home()
    except RuntimeError:
        # Without a home nothing can be kept: no folder can be created below this.
        return Path(os.devnull)
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
