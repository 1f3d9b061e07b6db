"""Suggestions for an unknown path of a number: the paths of a component or a setting, or the nearest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sim.errors import nearest

#: Largest number of paths in a message.
_MOST_PATHS = 8


def suggest_paths(path: str, known: Collection[str]) -> tuple[str, str]:
    """Return the nearest path to an unknown one, and the paths that contain it; empty if there is none.

    Parameters
    ----------
    path : str
        A component or a setting, such as ``front``, ``rate`` or ``front.rate``; or a path misspelt.
    known : collection of str
        Paths of numbers.
    """
    part = path.strip(".")
    meant = [each for each in known if f".{part}." in f".{each}."] if part else []
    if not meant:
        return nearest(path, known), ""
    return (meant[0] if len(meant) == 1 else ""), first_paths(meant)


def first_paths(paths: Sequence[str]) -> str:
    """Return the first paths of a list, and how many more there are."""
    rest = f" and {len(paths) - _MOST_PATHS} more" if len(paths) > _MOST_PATHS else ""
    return f"{', '.join(paths[:_MOST_PATHS])}{rest}"
