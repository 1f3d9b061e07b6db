"""Name and folder of an input file, which may be a pipe.

For ``sim run <(command)`` the shell passes a file descriptor, ``/dev/fd/63``, without a meaningful name.
"""

from __future__ import annotations

import re
from pathlib import Path

_DESCRIPTOR = re.compile(r"/dev/stdin|(?:/dev|/proc/[^/]+)/fd/(?P<number>\d+)")
STDIN, PIPE = "stdin", "pipe"


def stem_of(path: Path) -> str:
    """Return the stem of a file name; ``stdin`` or ``pipe`` for a file descriptor."""
    return _of_descriptor(path) or path.stem


def name_of(path: Path) -> str:
    """Return the name of a file; ``stdin`` or ``pipe`` for a file descriptor."""
    return _of_descriptor(path) or path.name


def folder_of(path: Path) -> Path:
    """Return the folder against which a file resolves names; the current one for a descriptor."""
    return Path() if _of_descriptor(path) else path.parent


def _of_descriptor(path: Path) -> str:
    found = _DESCRIPTOR.fullmatch(path.as_posix())
    if found is None:
        return ""
    return STDIN if found["number"] in {None, "0"} else PIPE
