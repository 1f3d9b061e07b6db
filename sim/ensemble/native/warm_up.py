"""On first use, compile the daily kernel in a background process while this one compiles the others."""

from __future__ import annotations

import subprocess
import threading
from functools import cache

from sim.ensemble.native.cache_dir import cache_dir, is_usable
from sim.ensemble.native.paths import EnginePath, current_path
from sim.worker_pool import python_command

#: Kernel that takes as long to compile as all others together.
ACCOUNT = "sim.ensemble.block_account.run_account"
#: As ``python -m sim.ensemble.native``: this module must not import the engine, which calls it.
_WORK = "import runpy; runpy.run_module('sim.ensemble.native', run_name='__main__')"


def start() -> None:
    """Start the background process if kernels run natively and the cache is usable but empty."""
    if current_path() is EnginePath.NATIVE:
        process()


@cache
def process() -> subprocess.Popen[bytes] | None:
    """Return the process that compiles the account; None if none is needed or it cannot start."""
    if cache_dir().is_dir() or not is_usable():
        return None
    try:
        started = subprocess.Popen(  # noqa: S603 - this Python, and code of this package
            python_command(_WORK),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It outlives this process if necessary, since the cache keeps the result.
            start_new_session=True,
        )
    except OSError:
        return None
    threading.Thread(target=started.wait, daemon=True).start()
    return started


def wait(kernel: str) -> None:
    """Wait for the background process if it compiles this kernel; it may fail."""
    started = process() if kernel == ACCOUNT else None
    if started is not None:
        started.wait()
