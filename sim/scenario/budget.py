"""Budget: money that orders may spend in each year of account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from sim.scenario.dimension import FUNDS
from sim.scenario.field_types import MONTH_TYPE, SWITCH_TYPE, NumberType
from sim.scenario.part import Part
from sim.scenario.quantity import Number


class YearOfAccount(NamedTuple):
    """A year of account, or what is left of it when the run starts."""

    #: First day, counted from the start.
    day: int
    #: Share of the year from this day on.
    share: float


class Budget(Part):
    """Money that the orders of all lines may spend in a year of account (rule 39)."""

    rate: Annotated[Number, NumberType(FUNDS, course="course")]
    """Money a year: a year of account has the rate of its first day."""
    carry_over: Annotated[bool | None, SWITCH_TYPE] = None
    """Whether what is left of a year is added to the next; lost if left out."""
    starts: Annotated[int | None, MONTH_TYPE] = None
    """Month in which a year of account starts; January if left out."""

    @property
    def carries_over(self) -> bool:
        """Whether what is left of a year is added to the next."""
        return self.carry_over is True

    @property
    def month(self) -> int:
        """Month in which a year of account starts."""
        return self.starts or 1

    def years(self, start: dt.date, days: int) -> Iterator[YearOfAccount]:
        """Yield the years of account of a run; the first has the share of its days that is left."""
        first = dt.date(start.year - (start.month < self.month), self.month, 1)
        while (first - start).days < days:
            following = dt.date(first.year + 1, self.month, 1)
            begins = max(0, (first - start).days)
            left = (following - start).days - begins
            yield YearOfAccount(begins, left / (following - first).days)
            first = following
