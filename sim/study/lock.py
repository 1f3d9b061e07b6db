"""One process at a time in a folder: a lock of the operating system, which never outlives its owner."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import StorageError
from sim.results.storage import reason_of
from sim.results.verifying import LOCKS

_LOCK, _HOLDER = LOCKS


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder while the block lasts.

    Raises
    ------
    StorageError
        At once, where another process holds it, with its number; or the disk refuses.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StorageError(
            f"{folder} is in use by {_holder(folder)}; wait for it, or choose another --out"
        ) from None
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {reason_of(error)}") from error
    try:
        with contextlib.suppress(OSError):
            (folder / _HOLDER).write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / _HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        number = (folder / _HOLDER).read_text("ascii").strip()
    except (OSError, ValueError):
        number = ""
    return f"process {number}" if number.isdecimal() else "another process"
