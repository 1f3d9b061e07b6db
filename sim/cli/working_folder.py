"""The working folder, which may have been deleted while the command runs in it."""

from __future__ import annotations

import os
from pathlib import Path

DELETED = "the working folder was deleted: give every path in full, or change to another folder"


def is_deleted() -> bool:
    """Return whether the working folder is there no more."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def leave_deleted() -> None:
    """Change to the root where the working folder was deleted: no worker can start in it.

    To be called when the inputs are read and the target is checked, which only works for paths in full.
    """
    if is_deleted():
        os.chdir(Path(os.sep))
