"""Paths of a scenario file, such as ``production.russia.rate``."""

from __future__ import annotations


def is_within(path: str, outer: str) -> bool:
    """Return whether `path` equals `outer` or is below it."""
    return f"{path}.".startswith(f"{outer}.")
