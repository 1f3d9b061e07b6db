"""The stock of one munition at one depot: well mixed, each shell with its origin (rule 10)."""

from __future__ import annotations


class Stock:
    """Shells by origin; what is unserviceable lies apart.

    Parameters
    ----------
    origins : int
        Number of origins; the first is the initial stock.
    opening : float
        Shells at the start.
    days : int
        Length of the run.

    Attributes
    ----------
    held, unserviceable : list of float, length origins
        Shells by origin.
    level : float
        All serviceable shells.
    inflow : list of float, length days
        What came in on each day.
    """

    __slots__ = ("held", "inflow", "level", "unserviceable")

    def __init__(self, origins: int, opening: float, days: int) -> None:
        self.held = [0.0] * origins
        self.held[0] = opening
        self.level = opening
        self.unserviceable = [0.0] * origins
        self.inflow = [0.0] * days

    def put(self, origin: int, quantity: float, day: int) -> None:
        """Let shells of `origin` come in on `day`."""
        self.held[origin] += quantity
        self.inflow[day] += quantity
        # Not sum(): since Python 3.12 it rounds otherwise, and both engines must add alike.
        level = 0.0
        for amount in self.held:
            level += amount
        self.level = level

    def take(self, quantity: float) -> list[float]:
        """Let shells go out, from each origin in proportion.

        Parameters
        ----------
        quantity : float
            At most the level; the whole level leaves exactly nothing.

        Returns
        -------
        list of float
            Shells taken by origin.
        """
        held = self.held
        if quantity >= self.level:
            taken = held[:]
            self.held = [0.0] * len(held)
            self.level = 0.0
            return taken
        share = quantity / self.level
        taken = []
        level = 0.0
        for origin, amount in enumerate(held):
            gone = amount * share
            left = amount - gone
            held[origin] = left
            level += left
            taken.append(gone)
        self.level = level
        return taken

    def mean_inflow(self, day: int, window: int) -> float:
        """Return the mean daily inflow over the last `window` days up to `day` (rule 13)."""
        first = max(0, day - window + 1)
        total = 0.0
        for quantity in self.inflow[first : day + 1]:
            total += quantity
        return total / (day + 1 - first)
