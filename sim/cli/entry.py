"""Entry point of the command ``sim``: check that the name ``sim`` resolves to this package, then run.

Installed as a separate top-level module, because a user's ``sim.py`` on the path would shadow the package.
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

#: Python's default of 700 runs the collector hundreds of times during imports, for nothing.
GC_THRESHOLD = 50_000
INTERRUPTED_STATUS = 130
TERMINATED = 143


def main() -> None:
    """Run the command line, or report the file that shadows this package."""
    shadowing = _find_shadowing_module()
    if shadowing:
        _write_error(f"error: Python finds {shadowing}, or take its folder off PYTHONPATH")
        raise SystemExit(1)
    _defer_garbage_collection()
    end = _Exit()
    signal.signal(signal.SIGTERM, end.terminate)
    # Registered first, called last: after the worker pools have shut down.
    atexit.register(end.leave)
    try:
        from sim.cli.app import run

        run(sys.argv[1:])
    except KeyboardInterrupt:
        _write_error("interrupted: nothing was written")
        end.interrupted = True
        raise SystemExit(end.status) from None
    except SystemExit as leave:
        if leave.code != INTERRUPTED_STATUS:
            raise
        end.interrupted = True
        raise SystemExit(end.status) from None


def _find_shadowing_module() -> str:
    """Return the module that shadows this package and the remedy; empty if there is none.

    Imports nothing: the other module may raise any error or run for long.
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


def _write_error(text: str) -> None:
    """Write a line to standard error, if it is open."""
    with contextlib.suppress(AttributeError, OSError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


class _Exit:
    """Exit handler: an interrupted process ends without waiting for its threads."""

    def __init__(self) -> None:
        self.interrupted = False
        self.status = INTERRUPTED_STATUS

    def terminate(self, number: int, frame: object) -> None:  # noqa: ARG002 - the signature of a handler
        """Handle SIGTERM as Ctrl-C, with another exit status; ignore repeated signals."""
        if self.status != TERMINATED:
            self.status = TERMINATED
            raise KeyboardInterrupt

    def leave(self) -> None:
        # A compiling thread cannot be stopped, and would crash if its libraries were unloaded.
        if self.interrupted:
            for stream in (sys.stdout, sys.stderr):
                with contextlib.suppress(AttributeError, OSError):
                    stream.flush()
            os._exit(self.status)


def _defer_garbage_collection() -> None:
    gc.set_threshold(GC_THRESHOLD)
    # No plugins are used, and pydantic would search every installed package for them.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
