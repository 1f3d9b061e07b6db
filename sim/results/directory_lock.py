"""Exclusive advisory lock on a directory, by the operating system and without a lock file."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lock_directory(folder: Path) -> Iterator[None]:
    """Lock a directory for the duration of a ``with`` block; other processes and threads wait.

    Parameters
    ----------
    folder : Path
        An existing directory.
    """
    with contextlib.ExitStack() as after:
        # Some systems and network disks cannot lock a directory; concurrent writers then fail with an error.
        with contextlib.suppress(OSError):
            _lock_file(folder, after)
        yield


def _lock_file(folder: Path, after: contextlib.ExitStack) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    after.callback(os.close, handle)
    fcntl.flock(handle, fcntl.LOCK_EX)
