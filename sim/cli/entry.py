"""The way in for the command ``sim``: makes sure that ``sim`` is this package before it runs anything.

It is installed as a module of its own, because a user's ``sim.py`` on the path would take the place of
the package that it belongs to.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib.machinery
import importlib.util
import os
import signal
import sys

#: Python's own is 700: it looks for garbage hundreds of times while modules load, which make none.
GC_THRESHOLD = 50_000
INTERRUPTED_STATUS = 130
TERMINATED = 143


def main() -> None:
    """Run the command line, or say which file stands in its way."""
    obstacle = _obstacle()
    if obstacle:
        _say(f"error: Python finds {obstacle}, or take its folder off PYTHONPATH")
        raise SystemExit(1)
    _defer_garbage_collection()
    end = _Exit()
    signal.signal(signal.SIGTERM, end.terminate)
    # What is registered first is called last: when those whose workers these were have tidied up.
    atexit.register(end.leave)
    try:
        from sim.cli.app import run

        run(sys.argv[1:])
    except KeyboardInterrupt:
        _say("interrupted: nothing was written")
        end.interrupted = True
        raise SystemExit(end.status) from None
    except SystemExit as leave:
        if leave.code != INTERRUPTED_STATUS:
            raise
        end.interrupted = True
        raise SystemExit(end.status) from None


def _obstacle() -> str:
    """Return what has the name of this package, and what to do; empty where it is this package.

    Nothing is imported: another package of the name may raise anything, or run for long.
    """
    found = importlib.util.find_spec("sim")
    if found is None or found.submodule_search_locations is None:
        where = found.origin if found is not None else "nothing"
        return f"{where} under the name 'sim' instead of this package; rename that file"
    places = found.submodule_search_locations
    for inner in ("sim.cli", "sim.cli.app"):
        spec = importlib.machinery.PathFinder.find_spec(inner, places)
        if spec is None:
            where = found.origin or next(iter(found.submodule_search_locations), "")
            return f"another package under the name 'sim' ({where}); rename it"
        places = spec.submodule_search_locations or []
    return ""


def _say(text: str) -> None:
    """Write a line to standard error, where there is one that takes it."""
    with contextlib.suppress(AttributeError, OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class _Exit:
    """The end of the process, which waits for no thread where it was interrupted."""

    def __init__(self) -> None:
        self.interrupted = False
        self.status = INTERRUPTED_STATUS

    def terminate(self, number: int, frame: object) -> None:  # noqa: ARG002 - the signature of a handler
        """Handle SIGTERM as Ctrl-C, but for the exit status; what comes again changes nothing."""
        if self.status != TERMINATED:
            self.status = TERMINATED
            raise KeyboardInterrupt

    def leave(self) -> None:
        # A thread that is compiling cannot be stopped, and must not see its libraries go.
        if self.interrupted:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(AttributeError, OSError):
                    stream.flush()
            os._exit(self.status)


def _defer_garbage_collection() -> None:
    gc.set_threshold(GC_THRESHOLD)
    # Nothing here takes plugins, and pydantic would search every installed package for them.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
