"""Budget: money that orders may spend in each year of account."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from sim.formulas import granted_budget, linear_value
from sim.scenario.dimension import FUNDS
from sim.scenario.field_types import MONTH_TYPE, SWITCH_TYPE, NumberType
from sim.scenario.part import Part
from sim.scenario.quantity import Number, Quantity


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

    def grants(self, start: dt.date, days: int) -> Iterator[tuple[int, float]]:
        """Yield the day of each grant and its money; nothing where runs may differ."""
        if _is_fixed(self.rate):
            for year in self.years(start, days):
                yield year.day, granted_budget(_rate_on(self.rate, start, year.day), year.share)

    def years(self, start: dt.date, days: int) -> Iterator[YearOfAccount]:
        """Yield the years of account of a run; the first has the share of its days that is left."""
        first = dt.date(start.year - (start.month < self.month), self.month, 1)
        while (first - start).days < days:
            following = dt.date(first.year + 1, self.month, 1)
            begins = max(0, (first - start).days)
            left = (following - start).days - begins
            yield YearOfAccount(begins, left / (following - first).days)
            first = following


def _is_fixed(rate: Number) -> bool:
    """Return whether a rate has no distribution, and no date that is drawn or counts from an event."""
    if isinstance(rate, Quantity):
        return rate.law is None
    return all(isinstance(date, dt.date) and quantity.law is None for date, quantity in rate.points)


def _rate_on(rate: Number, start: dt.date, day: int) -> float:
    """Return a fixed rate on a day (rule 29)."""
    if isinstance(rate, Quantity):
        return rate.value
    dates = [(date - start).days for date, _ in rate.points if isinstance(date, dt.date)]
    values = [quantity.value for _, quantity in rate.points]
    after = bisect.bisect_right(dates, day)
    if after in {0, len(dates)} or rate.between == "step":
        return values[max(after - 1, 0)]
    return linear_value(day, dates[after - 1], dates[after], values[after - 1], values[after])
