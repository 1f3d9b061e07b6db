"""Limits of a run, and the messages for a run that exceeds them; shared by both engines.

``dimension.py`` limits the numbers in the file. Draws, growth and products of factors may still exceed the
range in which sums and squares are finite. Such a run fails, so no table contains an infinite number.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: Largest number of a run, drawn or computed: shells, shells a day, days.
MOST: Final = 1e24
#: Smallest draw of a divisor: a mass, a load, a capacity, the life of a barrel.
LEAST: Final = 1e-9
#: Most occurrences of one recurring event, or of the outages of one line, in a run.
MOST_OCCURRENCES: Final = 10_000
#: Most voyages of one leg in a run.
MOST_VOYAGES: Final = 150_000


def drawn_too_large(path: str) -> str:
    """Return the failure reason for a draw above `MOST`."""
    return f"{path}: more than {MOST:g} was drawn"


def drawn_too_small(path: str) -> str:
    """Return the failure reason for a divisor drawn below `LEAST`."""
    return f"{path}: less than {LEAST:g} was drawn"


def too_large(path: str, day: int) -> str:
    """Return the failure reason for a daily number that growth or factors raise above `MOST`."""
    return f"{path}: more than {MOST:g} on day {day}"


def too_many_occurrences(path: str) -> str:
    """Return the failure reason for more than `MOST_OCCURRENCES`."""
    return f"{path}.every: more than {MOST_OCCURRENCES:,} occurrences in a run"


def too_many_voyages(path: str) -> str:
    """Return the failure reason for more than `MOST_VOYAGES`."""
    return f"{path}: more than {MOST_VOYAGES:,} voyages; vehicles or capacity are out of proportion"


def overfull(depot: str, stock: float) -> str:
    """Return the failure reason for an opening stock above the capacity of its depot."""
    return f"depots.{depot}: {stock_exceeds_capacity(stock)}"


def stock_exceeds_capacity(stock: float) -> str:
    """Return the problem of an opening stock above the capacity of its depot."""
    return f"the stock at the start, {stock:,.0f}, exceeds its capacity"


def no_shells(supplier: str) -> str:
    """Return the failure reason for a supplier whose drawn cargo contains no shells."""
    return f"shipments.{supplier}: there are no shells in its cargo"


def first_reason(reasons: Mapping[str, str]) -> str:
    """Return the reason of the alphabetically first path, so that both engines agree."""
    return reasons[min(reasons)]
