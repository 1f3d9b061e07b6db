"""Stock of one munition at one depot by origin, well mixed (rule 10)."""

from __future__ import annotations

from collections.abc import Sequence

from sim.formulas import first_inflow_day
from sim.model.cohorts import Cohorts
from sim.model.ledger import Column


class Stock:
    """Serviceable and unserviceable shells by origin.

    Parameters
    ----------
    origins : int
        Number of origins of the depot; the first is the initial stock.
    opening : float
        Shells at the start.
    days : int
        Length of the run.
    cohorts : Cohorts, optional
        Serviceable shells by age; None where no ages are kept. Shells that leave are taken from it first.

    Attributes
    ----------
    held, unserviceable : list of float, length origins
        Shells by origin.
    level : float
        Serviceable shells over all origins. It is kept as a separate account, so that it does not depend on
        the number of origins; the sum of `held` equals it but for rounding.
    inflow : list of float, length days
        Inflow of each day, in shells.
    """

    __slots__ = ("cohorts", "held", "inflow", "level", "unserviceable")

    def __init__(self, origins: int, opening: float, days: int, cohorts: Cohorts | None = None) -> None:
        self.cohorts = cohorts
        self.held = [0.0] * origins
        self.held[0] = opening
        self.level = opening
        self.unserviceable = [0.0] * origins
        self.inflow = [0.0] * days

    def put(self, origin: int, quantity: float, day: int, age: int = 0) -> None:
        """Add shells of `origin` on `day`, which are `age` days old."""
        if self.cohorts is not None:
            self.cohorts.put(quantity, day - age)
        self.held[origin] += quantity
        self.inflow[day] += quantity
        self.level += quantity

    def put_each(
        self, origins: Sequence[int], shells: Sequence[float], columns: Sequence[Column], day: int
    ) -> None:
        """Add shells of several origins on `day`, and enter them in their ledger columns."""
        held, level, came = self.held, self.level, self.inflow[day]
        for origin, quantity, column in zip(origins, shells, columns):  # noqa: B905 - a check costs a tenth
            held[origin] += quantity
            column[day] += quantity
            level += quantity
            came += quantity
        self.level, self.inflow[day] = level, came

    def take(self, quantity: float, columns: Sequence[Column], day: int) -> list[float]:
        """Remove shells on `day`, from each origin in proportion.

        Parameters
        ----------
        quantity : float
            At most the level; removing the whole level leaves exactly zero.
        columns : sequence of list of float
            Ledger columns by origin.

        Returns
        -------
        list of float
            Shells taken by origin.
        """
        held, level = self.held, self.level
        share = 1.0 if quantity >= level else quantity / level
        taken = []
        for origin, (amount, column) in enumerate(zip(held, columns)):  # noqa: B905 - as in `put_each`
            gone = amount * share
            held[origin] = amount - gone
            column[day] += gone
            taken.append(gone)
        self.level = 0.0 if quantity >= level else level - quantity
        return taken

    def recent_inflow(self, day: int) -> float:
        """Return the inflow over the days of the mean inflow up to `day` (rule 13)."""
        total = 0.0
        for quantity in self.inflow[first_inflow_day(day) : day + 1]:
            total += quantity
        return total
