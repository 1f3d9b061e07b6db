"""Exclusive advisory lock on the folder of a sweep; the operating system releases it if its owner dies."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import StorageError
from sim.results.storage import describe_os_error
from sim.results.verification import LOCK_FILES

_LOCK_FILE, _HOLDER_FILE = LOCK_FILES


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Context manager that holds the lock of a folder.

    Raise `StorageError` if another process holds the lock (raised at once, with its number), or the folder
    cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StorageError(
            f"{folder} is in use by {_describe_holder(folder)}; wait for it, or choose another --out"
        ) from None
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {describe_os_error(error)}") from error
    try:
        with contextlib.suppress(OSError):
            (folder / _HOLDER_FILE).write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / _HOLDER_FILE).unlink(missing_ok=True)
        lock.release()


def _describe_holder(folder: Path) -> str:
    try:
        number = (folder / _HOLDER_FILE).read_text("ascii").strip()
    except (OSError, ValueError):
        number = ""
    return f"process {number}" if number.isdecimal() else "another process"
