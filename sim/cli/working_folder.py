"""Handling of a working folder that is deleted while a command runs."""

from __future__ import annotations

import os
from pathlib import Path

DELETED = "the working folder was deleted: give every path in full, or change to another folder"


def is_deleted() -> bool:
    """Return whether the working folder was deleted."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def leave_deleted() -> None:
    """Change to the root if the working folder was deleted, because no worker can start in it.

    Call after reading the inputs and checking the target: relative paths are invalid afterwards.
    """
    if is_deleted():
        os.chdir(Path(os.sep))
