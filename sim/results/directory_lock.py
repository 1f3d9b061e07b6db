"""One at a time where two write into one folder: a lock of the operating system, which leaves no file."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lock_directory(folder: Path) -> Iterator[None]:
    """Hold a folder while the block lasts; who comes meanwhile, process or thread, waits.

    Parameters
    ----------
    folder : Path
        One that is there.
    """
    with contextlib.ExitStack() as after:
        # Not every system locks folders, and a network disk may refuse to: a clash is an error there.
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
