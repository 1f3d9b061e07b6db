"""``python -m sim``: the command line without its entry-point script."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def _leave_working_folder() -> None:
    """Remove the working folder from `sys.path`, since its files may shadow modules imported later."""
    # Path.cwd fails if the working folder was deleted.
    with contextlib.suppress(FileNotFoundError):
        here = Path.cwd()
        # A checkout run from its own folder is imported from there.
        is_checkout = Path(__file__).parent.parent.samefile(here)
        if not (sys.flags.safe_path or is_checkout) and sys.path[0] in ("", str(here)):
            del sys.path[0]


if __name__ == "__main__":
    _leave_working_folder()
    from sim.cli.entry import main

    main()
