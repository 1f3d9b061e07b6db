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
    inflow : list of float, length days
        What came in on each day.
    """

    __slots__ = ("_level", "held", "inflow", "unserviceable")

    def __init__(self, origins: int, opening: float, days: int) -> None:
        self.held = [0.0] * origins
        self.held[0] = opening
        self._level: float | None = opening
        self.unserviceable = [0.0] * origins
        self.inflow = [0.0] * days

    @property
    def level(self) -> float:
        """All serviceable shells: what is held of each origin, added in their order."""
        if self._level is None:
            # Not sum(): since Python 3.12 it rounds otherwise, and both engines must add alike.
            level = 0.0
            for amount in self.held:
                level += amount
            self._level = level
        return self._level

    def put(self, origin: int, quantity: float, day: int) -> None:
        """Let shells of `origin` come in on `day`."""
        self.held[origin] += quantity
        self.inflow[day] += quantity
        self._level = None

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
        held, level = self.held, self.level
        if quantity >= level:
            self.held = [0.0] * len(held)
            self._level = 0.0
            return held
        share = quantity / level
        taken = []
        left = 0.0
        for origin, amount in enumerate(held):
            gone = amount * share
            held[origin] = amount - gone
            left += amount - gone
            taken.append(gone)
        self._level = left
        return taken

    def mean_inflow(self, day: int, window: int) -> float:
        """Return the mean daily inflow over the last `window` days up to `day` (rule 13)."""
        first = max(0, day - window + 1)
        total = 0.0
        for quantity in self.inflow[first : day + 1]:
            total += quantity
        return total / (day + 1 - first)
