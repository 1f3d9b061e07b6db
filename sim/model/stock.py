"""The stock of one munition at one depot: well mixed, each shell with its origin (rule 10)."""

from __future__ import annotations

from collections.abc import Sequence

from sim.model.ledger import Column


class Stock:
    """Shells by origin; what is unserviceable lies apart.

    Parameters
    ----------
    origins : int
        Number of origins of the depot; the first is the initial stock.
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

    def put_each(
        self, origins: Sequence[int], shells: Sequence[float], columns: Sequence[Column], day: int
    ) -> None:
        """Let shells of several origins come in on `day`, and enter each in its column of the ledger."""
        held, came = self.held, self.inflow[day]
        for origin, quantity, column in zip(origins, shells, columns):  # noqa: B905 - a check costs a tenth
            held[origin] += quantity
            column[day] += quantity
            came += quantity
        self.inflow[day] = came
        self._level = None

    def take(self, quantity: float, columns: Sequence[Column], day: int) -> list[float]:
        """Let shells go out on `day`, from each origin in proportion.

        Parameters
        ----------
        quantity : float
            At most the level; the whole level leaves exactly nothing.
        columns : sequence of list of float
            Where the ledger enters them, by origin.

        Returns
        -------
        list of float
            Shells taken by origin.
        """
        held, level = self.held, self.level
        share = 1.0 if quantity >= level else quantity / level
        taken = []
        level = 0.0
        for origin, (amount, column) in enumerate(zip(held, columns)):  # noqa: B905 - as in `put_each`
            gone = amount * share
            left = amount - gone
            held[origin] = left
            level += left
            column[day] += gone
            taken.append(gone)
        self._level = level
        return taken

    def mean_inflow(self, day: int, window: int) -> float:
        """Return the mean daily inflow over the last `window` days up to `day` (rule 13)."""
        first = max(0, day - window + 1)
        total = 0.0
        for quantity in self.inflow[first : day + 1]:
            total += quantity
        return total / (day + 1 - first)
