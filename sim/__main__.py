"""``python -m sim``: the command line, where its script is not on the path."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path


def _leave_working_folder() -> None:
    """Take the working folder off the path: its files may be named like modules that load later."""
    # A working folder that was deleted is not on the path.
    with contextlib.suppress(FileNotFoundError):
        here = Path.cwd()
        # A checkout is run from its own folder, and is imported from there.
        is_checkout = Path(__file__).parent.parent.samefile(here)
        if not (sys.flags.safe_path or is_checkout) and sys.path[0] in ("", str(here)):
            del sys.path[0]


if __name__ == "__main__":
    _leave_working_folder()
    from sim.cli.entry import main

    main()
