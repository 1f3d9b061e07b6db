"""Cache directory of compiled code: private to the user, with one folder per version of code and toolchain.

The folder name is a digest of the source of this package, the versions of Python, numba and llvmlite, and
the CPU, so stale code is never loaded. Code is loaded only from folders and files that belong to this user
and are not writable by others, since write access would allow code execution as this user.
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
#: Limits on the folders of other versions that are kept.
MOST_FOLDERS = 8
MOST_DAYS = 60
#: Mode: only the owner may read or write.
PRIVATE = 0o700
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@cache
def cache_dir() -> Path:
    """Return the folder for the compiled code of this version of the engine."""
    versions = f"{sys.version} {package_version('numba')} {package_version('llvmlite')}"
    digest = hashlib.sha256(f"{versions} {_processor()} {source_digest()}".encode())
    return _user_folder() / FOLDER / digest.hexdigest()[:16]


@cache
def problem() -> str:
    """Return why compiled code cannot be cached; empty if it can."""
    folder = cache_dir()
    try:
        create(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        return distrust(folder) or "cannot be written"
    return distrust(folder)


def is_usable() -> bool:
    """Return whether compiled code can be cached."""
    return not problem()


def create(folder: Path) -> None:
    """Create a folder of compiled code and its parent, private to this user."""
    folder.parent.parent.mkdir(parents=True, exist_ok=True)
    for path in (folder.parent, folder):
        path.mkdir(mode=PRIVATE, exist_ok=True)


def distrust(folder: Path) -> str:
    """Return why code must not be loaded from a folder; empty if it may, or the folder does not exist.

    Parameters
    ----------
    folder : Path
        Checked together with its parent. A symbolic link is followed, and must itself belong to this user.
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


def is_private(status: os.stat_result) -> bool:
    """Return whether a file belongs to this user and cannot be written by others; true without owners."""
    if not hasattr(os, "geteuid"):
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE


def numba_folder_problem(folder: Path) -> str:
    """Create a folder for numba's own cache, and return why it cannot be used; empty if it can.

    Numba loads any file there, and creates files with the umask of the process: the folder must be private.
    """
    if problem():
        return problem()
    try:
        folder.mkdir(mode=PRIVATE, exist_ok=True)
        status = folder.lstat()
    except OSError:
        return "cannot be written"
    is_closed = not hasattr(os, "geteuid") or not stat.S_IMODE(status.st_mode) & ~PRIVATE
    return "" if is_private(status) and is_closed else "is open to other users"


def evict_stale(folder: Path) -> None:
    """Remove sibling folders of other versions that are old or exceed `MOST_FOLDERS`, oldest first.

    A process that still needs a removed folder compiles its code again.

    Parameters
    ----------
    folder : Path
        Folder of this version, which stays.
    """
    now, oldest = time.time(), MOST_DAYS * SECONDS_PER_DAY
    others = []
    for path in folder.parent.iterdir():
        if path != folder and re.fullmatch(r"[0-9a-f]{16}", path.name):
            # Another process may remove the same folder.
            with contextlib.suppress(FileNotFoundError):
                others.append((now - path.stat().st_mtime, path))
    for place, (age, path) in enumerate(sorted(others)):
        if place >= MOST_FOLDERS - 1 or age > oldest:
            shutil.rmtree(path, ignore_errors=True)


def _processor() -> str:
    """Return the CPU name and features from LLVM; empty without llvmlite."""
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
        # Without a home directory nothing can be cached: no folder can be created below this path.
        return Path(os.devnull)
    return home / "Library" / "Caches" if sys.platform == "darwin" else home / ".cache"
