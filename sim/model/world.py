"""What one run takes for granted: every input drawn once, and courses as a number a day (rules 6 and 29)."""

from __future__ import annotations

import bisect

from sim.model.clock import seconds
from sim.model.streams import Stream, Streams
from sim.scenario.production import Production
from sim.scenario.quantity import Course, Number, Quantity
from sim.scenario.scenario import Scenario
from sim.units import DAYS_PER_MONTH, Unit


class World:
    """The inputs of one run.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int

    Attributes
    ----------
    drawn : dict of str to float
        What was drawn once in this run, by path, in base units; dates as days from the start.
    """

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        self.scenario = scenario
        self.streams = Streams(seed, run)
        self.drawn: dict[str, float] = {}
        self._first_day = scenario.start.toordinal()

    def once(self, quantity: Quantity) -> float:
        """Return a number that describes the world: the same each time it is asked for in a run."""
        if quantity.law is None:
            return self._from_start(quantity, quantity.value)
        path = quantity.path
        if path not in self.drawn:
            self.drawn[path] = self._from_start(quantity, quantity.law.inverse(self.streams.once(path)))
        return self.drawn[path]

    def each(self, quantity: Quantity) -> Stream | None:
        """Return the stream of a number that is drawn each time; None for a fixed one."""
        return None if quantity.law is None else self.streams.uniforms(quantity.path)

    def moment(self, quantity: Quantity | None, default: int, after: int = 0) -> int:
        """Return a date, or a duration after second `after`, as a second from the start."""
        if quantity is None:
            return default
        second = seconds(self.once(quantity))
        return second if quantity.unit is Unit.DATE else after + second

    def by_day(self, number: Number) -> list[float]:
        """Return a number for each day of the run, courses evaluated at each day's start."""
        days = self.scenario.days
        if isinstance(number, Quantity):
            return [self.once(number)] * days
        return self._course(number, days)

    def output(self, line: Production, munition: str) -> list[float]:
        """Return the rate of a production line for each day, growth included (rule 29)."""
        rates = self.by_day(line.rate[munition])
        if line.growth is None:
            return rates
        growth = 1.0 + self.once(line.growth)
        return [rate * growth ** (day / DAYS_PER_MONTH) for day, rate in enumerate(rates)]

    def _from_start(self, quantity: Quantity, value: float) -> float:
        return value - self._first_day if quantity.unit is Unit.DATE else value

    def _course(self, course: Course, days: int) -> list[float]:
        dates = [date.toordinal() - self._first_day for date, _ in course.points]
        values = [self.once(quantity) for _, quantity in course.points]
        result = []
        for day in range(days):
            after = bisect.bisect_right(dates, day)
            if after == 0 or after == len(dates) or course.between == "step":
                result.append(values[max(after - 1, 0)])
            else:
                part = (day - dates[after - 1]) / (dates[after] - dates[after - 1])
                result.append(values[after - 1] + (values[after] - values[after - 1]) * part)
        return result
