"""Paths of a scenario file, such as ``production.russia.rate``, and what lies in what."""

from __future__ import annotations


def is_within(path: str, outer: str) -> bool:
    """Return whether a path is another, or lies below it."""
    return f"{path}.".startswith(f"{outer}.")
