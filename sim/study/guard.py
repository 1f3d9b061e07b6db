"""A worker that looks after itself: it ends when the process that started it has gone.

It imports nothing heavy, for it is the first thing that a worker loads.
"""

from __future__ import annotations

import os
import signal
import threading
import time

EVERY_SECONDS = 0.5


def watch(parent: int) -> None:
    """Begin to watch the process `parent`, and leave the keyboard's interrupt to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_until_alone, args=(parent,), daemon=True, name="guard").start()


def _until_alone(parent: int) -> None:
    # Windows keeps the number of a parent that has gone; there the pool's own closing has to do.
    while os.getppid() == parent:
        time.sleep(EVERY_SECONDS)
    os._exit(1)
