"""Limits of what a run may compute, and the words for a run that exceeds them: the same in both engines.

The file limits what it writes (`dimension.py`). Draws, growth and products of factors can still leave the
range in which sums and their squares stay finite: then the run fails, and no table holds an infinite number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: The largest number of a run, drawn or computed from what was drawn: shells, shells a day, days.
MOST: Final = 1e24
#: The smallest draw of a number that others are divided by: a mass, a load, a capacity, a barrel's life.
LEAST: Final = 1e-9
#: Occurrences of one recurring event, or of the outages of one line, in a run.
MOST_OCCURRENCES: Final = 10_000
#: Voyages of one leg in a run.
MOST_VOYAGES: Final = 150_000


def drawn_too_large(path: str) -> str:
    """Return the reason of a run that draws too large a number."""
    return f"{path}: more than {MOST:g} was drawn"


def drawn_too_small(path: str) -> str:
    """Return the reason of a run that draws too small a number, by which others are divided."""
    return f"{path}: less than {LEAST:g} was drawn"


def too_large(path: str, day: int) -> str:
    """Return the reason of a run in which a number a day grows, or is multiplied, beyond `MOST`."""
    return f"{path}: more than {MOST:g} on day {day}"


def too_many_occurrences(path: str) -> str:
    """Return the reason of a run in which something recurs too often."""
    return f"{path}.every: more than {MOST_OCCURRENCES:,} occurrences in a run"


def too_many_voyages(path: str) -> str:
    """Return the reason of a run in which a leg makes too many voyages."""
    return f"{path}: more than {MOST_VOYAGES:,} voyages; vehicles or capacity are out of proportion"


def first_reason(reasons: Mapping[str, str]) -> str:
    """Return the reason of the first path in order of the alphabet, whatever the order of work."""
    return reasons[min(reasons)]
