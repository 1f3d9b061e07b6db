"""Exclusive advisory lock on a directory; the operating system releases it if its owner dies."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import StorageError
from sim.results.os_error_text import describe_os_error

#: Lock file, and the file with the process number of its owner.
LOCK_FILE, OWNER_FILE = ".sim-lock", ".sim-holder"


@contextmanager
def lock_target(target: Path) -> Iterator[None]:
    """Lock a directory that may not exist yet, for one write; other processes and threads wait.

    The lock file is next to it. Where it cannot be created, as in a read-only folder, there is no lock, and
    concurrent writers then fail with an error.
    """
    name = hashlib.sha256(target.name.casefold().encode("utf-8", "surrogateescape")).hexdigest()[:16]
    with contextlib.ExitStack() as held:
        # Filelock would create a parent that does not exist, and in it there is nothing to protect.
        with contextlib.suppress(OSError):
            if target.parent.is_dir():
                held.enter_context(_hold(target.parent / f"{LOCK_FILE}-{name}", timeout=-1))
        yield


@contextmanager
def lock_directory(folder: Path) -> Iterator[None]:
    """Lock an existing directory for a whole study; another process or thread is refused.

    Raises
    ------
    StorageError
        Another process holds the lock (raised at once, with its number), or the folder cannot be written.
    """
    from filelock import Timeout

    with contextlib.ExitStack() as held:
        try:
            held.enter_context(_hold(folder / LOCK_FILE, timeout=0))
        except Timeout:
            owner = _describe_owner(folder)
            raise StorageError(
                f"{folder} is in use by {owner}; wait for it, or choose another --out"
            ) from None
        except OSError as error:
            raise StorageError(f"cannot write {folder}: {describe_os_error(error)}") from error
        with contextlib.suppress(OSError):
            (folder / OWNER_FILE).write_text(str(os.getpid()), encoding="ascii")
        held.callback(_remove, folder / OWNER_FILE)
        yield


@contextmanager
def _hold(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold a lock file, and remove it at the end."""
    from filelock import FileLock

    # Filelock takes "no such file" for the removal of a lock, and would try forever where none can be made.
    path.touch()
    with FileLock(path).acquire(timeout=timeout):
        try:
            yield
        finally:
            # Removed while it is held: a process that opened it before finds it unlinked, and starts over.
            # Windows removes no open file; filelock does so there.
            _remove(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def _describe_owner(folder: Path) -> str:
    try:
        number = (folder / OWNER_FILE).read_text("ascii").strip()
    except (OSError, ValueError):
        number = ""
    return f"process {number}" if number.isdecimal() else "another process"
