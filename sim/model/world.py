"""Inputs of one run: numbers drawn once, and time series by day (rules 6 and 29)."""

from __future__ import annotations

import bisect
import datetime as dt
import math
from collections.abc import Sequence

from sim.account import sum_in_order
from sim.errors import RunError
from sim.formulas import growth_factor, linear_value, to_seconds
from sim.model.streams import RandomStreams, UniformStream
from sim.scenario.laws import Exponential
from sim.scenario.limits import (
    LEAST,
    MOST,
    drawn_too_large,
    drawn_too_small,
    first_reason,
    too_large,
    too_many_voyages,
)
from sim.scenario.production_line import Production
from sim.scenario.quantity import Course, Day, Number, Quantity, unit_of
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Early, Shipment
from sim.units import LONGEST_DAYS, UNITS_OF_MASS, Unit


class RunInputs:
    """The inputs of one run.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int

    Attributes
    ----------
    drawn : dict of str to float
        Numbers drawn once in this run, by path, in base units; dates as days from the start.
    failures : dict of str to str
        Reasons why the run fails, by path. They are collected during set-up, so that the one reported does
        not depend on the order of execution.
    order_of_legs : dict of str to int
        Position of each leg, by path.
    idle_from : int
        First leg with too many voyages; it and later legs start no more.
    """

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        self.scenario = scenario
        self.streams = RandomStreams(seed, run)
        self.drawn: dict[str, float] = {}
        self.failures: dict[str, str] = {}
        paths = (
            f"shipments.{name}.route.{leg}"
            for name, shipment in scenario.shipments.items()
            for leg in range(len(shipment.route))
        )
        self.order_of_legs = {path: order for order, path in enumerate(paths)}
        self.idle_from = len(self.order_of_legs)
        self._sampled = {} if scenario.draws is None else scenario.draws.row(run)
        self._first_day = scenario.start.toordinal()

    def draw_once(self, quantity: Quantity, least: float = -MOST) -> float:
        """Return a number that is drawn once a run (rule 6).

        A draw below `least` or above `MOST` fails the run.
        """
        path = quantity.path
        if path in self._sampled:
            self.drawn[path] = self._sampled[path]
            return self.drawn[path]
        if quantity.law is None:
            return self._from_start(quantity, quantity.value)
        if path not in self.drawn:
            value = self._from_start(quantity, quantity.law.inverse(self.streams.once(path)))
            if quantity.unit is Unit.DAYS:
                value = min(LONGEST_DAYS, value)
            self.drawn[path] = self._in_range(path, value, least)
        return self.drawn[path]

    def day_of(self, day: Day) -> int:
        """Return a day in days from the start; one that is drawn or counts from an event is rounded."""
        if isinstance(day, dt.date):
            return day.toordinal() - self._first_day
        number = math.floor(self.draw_once(day) + 0.5)
        if day.path in self.drawn:
            self.drawn[day.path] = float(number)
        return number

    def check(self) -> None:
        """Raise `RunError` if a number of this run is out of range."""
        if self.failures:
            raise RunError(first_reason(self.failures))

    def give_up(self, leg: int) -> None:
        """Stop a leg with too many voyages, and all after it; the run fails.

        Earlier legs go on, since the error names the first leg in order that makes too many.
        """
        self.idle_from = leg
        if leg == 0:
            self.check_voyages()

    def check_voyages(self) -> None:
        """Raise `RunError` if a leg made too many voyages."""
        for path, order in self.order_of_legs.items():
            if order == self.idle_from:
                raise RunError(too_many_voyages(path))

    def checked(self, path: str, by_day: Sequence[float]) -> Sequence[float]:
        """Return `by_day`, non-negative numbers, unchanged; a value above `MOST` fails the run."""
        # A sum is fast, and inf or nan propagates to it.
        if not sum(by_day) <= MOST:
            day = next((day for day, value in enumerate(by_day) if not value <= MOST), None)
            if day is not None:
                self.failures[path] = too_large(path, day)
        return by_day

    def draw_each(self, quantity: Quantity) -> UniformStream | None:
        """Return the stream of a number that is drawn for each occurrence; None for a fixed one."""
        return None if quantity.law is None else self.streams.uniforms(quantity.path)

    def second_of(self, quantity: Quantity | None, default: int, after: int = 0) -> int:
        """Return a date, or a duration after second `after`, in seconds from the start."""
        if quantity is None:
            return default
        second = to_seconds(self.draw_once(quantity))
        return second if quantity.unit is Unit.DATE else after + second

    def draw_nth(self, quantity: Quantity, occurrence: int) -> float:
        """Return a number that is drawn for each occurrence (rule 6)."""
        if quantity.law is None:
            return quantity.value
        return quantity.law.inverse(self.streams.uniforms(quantity.path).u(occurrence))

    def nth_of(self, quantity: Quantity, stream: str) -> float:
        """Return a number of one occurrence, drawn from its own stream."""
        return quantity.value if quantity.law is None else quantity.law.inverse(self.streams.once(stream))

    def nth_shells(self, quantity: Quantity, munition: str, occurrence: int) -> float:
        """Return a number that is drawn for each occurrence in shells, at most `MOST`."""
        number = min(MOST, self.draw_nth(quantity, occurrence))
        return number * self._shells_a_kilogram(quantity.unit, munition)

    def draw_gap(self, quantity: Quantity, path: str, occurrence: int) -> float:
        """Return a gap between occurrences in days; a fixed one is the mean of an exponential (rule 28)."""
        if quantity.law is not None:
            return self.draw_nth(quantity, occurrence)
        return Exponential(quantity.value).inverse(self.streams.uniforms(path).u(occurrence))

    def shells(self, quantity: Quantity, munition: str) -> float:
        """Return a number drawn once in shells; tonnes are converted by gross mass."""
        return self.draw_once(quantity) * self._shells_a_kilogram(quantity.unit, munition)

    def by_day(self, number: Number, munition: str = "") -> list[float]:
        """Return a number for each day, at its start; tonnes of a munition are converted to shells."""
        days = self.scenario.days
        if isinstance(number, Quantity):
            return [self.shells(number, munition)] * days
        each = self._shells_a_kilogram(number.points[0][1].unit, munition)
        return [value * each for value in self._interpolate(number, days)]

    def shells_in_cargo(self, shipment: Shipment) -> list[float]:
        """Return the shells of each munition in a container, or in a shell of mixed cargo (rule 26)."""
        shares = self._draw_mix(shipment)
        if not shipment.counts_containers():
            return shares
        loads = shipment.shells_per_container
        munitions = self.scenario.munitions
        return [
            share * self.draw_once(loads[munition], LEAST) if munition in loads else 0.0
            for share, munition in zip(shares, munitions, strict=True)
        ]

    def offers(self, shipment: Shipment) -> list[float] | None:
        """Return the offer of a supplier on each day in units of its cargo; None without offers."""
        offered = shipment.offered
        if offered is not None:
            return [value / self._mass_each(offered, shipment) for value in self.by_day(offered)]
        if not shipment.deliveries:
            return None
        by_day = [0.0] * self.scenario.days
        for date, quantity in shipment.deliveries.items():
            day = self.day_of(date)
            is_within = 0 <= day < len(by_day)
            if is_within or isinstance(date, Quantity):
                # Drawn also in runs without the delivery, so that every run draws the same numbers.
                cargo = self.delivered(quantity, shipment)
                if is_within:
                    by_day[day] += cargo
        return by_day

    def early(self, shipment: Shipment) -> list[Early]:
        """Return the deliveries that may be in transit at the start: those that count from events first."""
        relative = [
            Early(date, day, quantity)
            for date, quantity in shipment.deliveries.items()
            if isinstance(date, Quantity) and (day := self.day_of(date)) < 0
        ]
        return relative + shipment.early(self.scenario.start)

    def delivered(self, quantity: Quantity, shipment: Shipment) -> float:
        """Return a delivery in units of the supplier's cargo."""
        return self.draw_once(quantity) / self._mass_each(quantity, shipment)

    def reserve_production(self, shipment: Shipment) -> list[float] | None:
        """Return the shells added to a supplier's reserve on each day; None without production."""
        if shipment.reserve is None or shipment.reserve.production is None:
            return None
        return self.by_day(shipment.reserve.production)

    def _draw_mix(self, shipment: Shipment) -> list[float]:
        munitions = self.scenario.munitions
        if not shipment.mix:
            return [1.0] * len(munitions)
        shares = [self.draw_once(shipment.mix[m]) if m in shipment.mix else 0.0 for m in munitions]
        total = sum_in_order(shares)
        return [share / total if total > 0.0 else 0.0 for share in shares]

    def _mass_each(self, number: Number, shipment: Shipment) -> float:
        """Return the mass in kilograms of a shell of mixed cargo if an offer is in tonnes, else 1."""
        unit = unit_of(number)
        if unit not in UNITS_OF_MASS:
            return 1.0
        mass = 0.0
        for share, munition in zip(self._draw_mix(shipment), self.scenario.munitions, strict=True):
            if shipment.mix and munition not in shipment.mix:
                continue
            # Drawn even for a zero share, so that every run draws the same numbers.
            each = self._shells_a_kilogram(unit, munition)
            if share > 0.0:
                mass += share / each
        return mass

    def _shells_a_kilogram(self, unit: Unit, munition: str) -> float:
        if unit not in UNITS_OF_MASS or not munition:
            return 1.0
        mass = self.scenario.munition_parts[munition].gross_mass
        if mass is None:
            raise RunError(f"{munition} has no gross_mass, and tonnes need one")
        return 1.0 / self.draw_once(mass, LEAST)

    def production_by_day(self, line: Production, munition: str) -> list[float]:
        """Return the rate of a production line for each day, growth included (rule 29)."""
        rates = self.by_day(line.rate[munition], munition)
        if line.growth is None:
            return rates
        growth = self.draw_once(line.growth)
        return [rate * _growth_or_infinity(growth, day) for day, rate in enumerate(rates)]

    def _in_range(self, path: str, value: float, least: float) -> float:
        """Return a drawn number clipped to its range; a number out of range fails the run."""
        if not value <= MOST:
            self.failures[path] = drawn_too_large(path)
            return MOST
        if value < least:
            self.failures[path] = drawn_too_small(path)
            return least
        return value

    def _from_start(self, quantity: Quantity, value: float) -> float:
        if quantity.after:
            return value + self.day_of(self.scenario.day_of_event(quantity.after))
        return value - self._first_day if quantity.unit is Unit.DATE else value

    def _points(self, course: Course) -> tuple[list[int], list[float]]:
        """Return the days and values of a course in the order in which they count (rule 35)."""
        points = [(self.day_of(date), self.draw_once(quantity)) for date, quantity in course.points]
        if any(isinstance(date, Quantity) for date, _ in course.points):
            # Of those that are past at the start, and of those of one day, the last in the file counts.
            points.sort(key=lambda point: max(point[0], 0))
        return [day for day, _ in points], [value for _, value in points]

    def _interpolate(self, course: Course, days: int) -> list[float]:
        dates, values = self._points(course)
        result = []
        for day in range(days):
            after = bisect.bisect_right(dates, day)
            if after == 0 or after == len(dates) or course.between == "step":
                result.append(values[max(after - 1, 0)])
            else:
                before = after - 1
                result.append(linear_value(day, dates[before], dates[after], values[before], values[after]))
        return result


def _growth_or_infinity(growth: float, day: int) -> float:
    """Return the growth factor, infinite on overflow as in compiled code; the run then fails."""
    try:
        return growth_factor(growth, day)
    except OverflowError:
        return math.inf
