"""Ages of one stock: its serviceable shells by cohort of manufacture (rule 38)."""

from __future__ import annotations

from collections.abc import Mapping

from sim.account import ENOUGH
from sim.scenario.cohort_calendar import CohortCalendar
from sim.scenario.depot import Issue

#: Shells by cohort.
ByCohort = dict[int, float]


class Cohorts:
    """Serviceable shells of one stock by cohort, beside the account by origin.

    Their sum is the level of the stock but for rounding.

    Parameters
    ----------
    calendar : CohortCalendar
        That of the munition.
    life : int
        Shelf life in days.
    issue : {"fifo", "lifo", "mixed"}
        Order in which the depot issues.
    """

    def __init__(self, calendar: CohortCalendar, life: int, issue: Issue) -> None:
        self.calendar = calendar
        self.life = life
        self.issue_order = issue
        self.shells: ByCohort = {}

    def open(self, shares: Mapping[int, float], opening: float) -> None:
        """Set the opening stock by the share of each cohort."""
        self.shells = {cohort: opening * share for cohort, share in shares.items()}

    def put(self, quantity: float, made: int) -> None:
        """Add shells that were made on a day."""
        if quantity > 0.0:
            self._add(self.calendar.cohort(made), quantity)

    def put_each(self, shells: Mapping[int, float]) -> None:
        """Add shells of several cohorts."""
        for cohort, quantity in shells.items():
            self._add(cohort, quantity)

    def issue(self, quantity: float, level: float) -> ByCohort:
        """Remove shells in the order of issue, and return them by cohort; `level` is that of the stock."""
        if quantity >= level or self.issue_order == "mixed":
            return self.take_evenly(quantity, level)
        left, taken = quantity, {}
        for cohort in sorted(self.shells, reverse=self.issue_order == "lifo"):
            if left <= 0.0:
                break
            amount = self.shells[cohort]
            if left < amount:
                taken[cohort], self.shells[cohort] = left, amount - left
                break
            taken[cohort] = self.shells.pop(cohort)
            left -= amount
        return taken

    def take_evenly(self, quantity: float, level: float) -> ByCohort:
        """Remove shells from each cohort in proportion, and return them by cohort."""
        if quantity >= level:
            # Without rounding: an empty stock has no cohorts.
            taken, self.shells = self.shells, {}
            return taken
        share = quantity / level
        taken = {cohort: amount * share for cohort, amount in self.shells.items()}
        for cohort, gone in taken.items():
            self.shells[cohort] -= gone
        return taken

    def expire(self, day: int, level: float) -> float:
        """Remove the cohorts whose shelf life is over, and return their shells, at most the level."""
        gone = 0.0
        for cohort in sorted(self.shells):
            if self.calendar.made[cohort] + self.life > day:
                break
            gone += self.shells.pop(cohort)
        if gone <= 0.0:
            return 0.0
        if gone < level * ENOUGH and any(amount > 0.0 for amount in self.shells.values()):
            return gone
        self.shells = {}
        return level

    def _add(self, cohort: int, quantity: float) -> None:
        self.shells[cohort] = self.shells.get(cohort, 0.0) + quantity
