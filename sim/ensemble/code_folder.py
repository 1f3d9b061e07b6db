"""Where machine code is kept: in a folder of this user, once a machine, and refreshed when anything changes.

The folder bears a digest of the whole source of this package, of the versions of numba and Python, and of the
processor, so that stale code is never loaded: what changed has another folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
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


@cache
def code_folder() -> Path:
    """Return the folder of this user in which this version of the engine keeps its machine code."""
    from llvmlite import binding

    processor = f"{binding.get_host_cpu_name()} {binding.get_host_cpu_features().flatten()}"
    versions = f"{sys.version} {package_version('numba')} {package_version('llvmlite')}"
    digest = hashlib.sha256(f"{versions} {processor} {source_digest()}".encode())
    return _user_folder() / FOLDER / digest.hexdigest()[:16]


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
