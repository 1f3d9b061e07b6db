"""Inputs of the reference implementation: draws, time series and events, written from the rules.

It shares with the engines only the validated scenario, whose distributions bring their inverse CDFs
(`sim.scenario.laws`, which tests/test_laws.py compares with scipy), and numpy's Philox.
"""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.random import Philox

from sim.scenario.event import Event
from sim.scenario.joint_samples import JointSamples
from sim.scenario.quantity import Day, Number, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Shipment
from sim.units import Unit

DAY, HOUR = 86400, 3600


def in_seconds(days: float) -> int:
    """Rule 1: no more than 1,000 years."""
    return 31_557_600_000 if days >= 365_250 else math.floor(days * 86400 + 0.5)


def daily_factor(spread: float, u: float) -> float:
    """Rule 11: lognormal with mean 1 and this coefficient of variation."""
    variance = math.log(1.0 + spread**2)
    return math.exp(math.sqrt(variance) * NormalDist().inv_cdf(u) - variance / 2.0)


def is_tonnes(number: Number) -> bool:
    quantity = number if isinstance(number, Quantity) else number.points[0][1]
    return quantity.unit in (Unit.KILOGRAMS, Unit.KILOGRAMS_A_DAY)


class Window(NamedTuple):
    """One occurrence of an event or outage: half-open [begin, end) in seconds, and its strength."""

    begin: int
    end: int
    value: float


class ReferenceInputs:
    """Draws and events of one run."""

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        self.scenario, self.seed, self.run = scenario, seed, run
        self.day_zero = scenario.start.toordinal()
        self.horizon = scenario.days * DAY
        self.words: dict[str, list[int]] = {}
        self.drawn: dict[str, float] = {}
        self.rows = {} if scenario.draws is None else self._row(scenario.draws)
        self.events = {name: self._windows(name, event) for name, event in sorted(scenario.events.items())}
        self.outages = {
            name: self._at_random(
                f"production.{name}.outages", line.outages.every, line.outages.last, line.outages.share
            )
            for name, line in scenario.production.items()
            if line.outages is not None
        }

    def u(self, stream: str, n: int) -> float:
        """Rule 4."""
        if n >= len(self.words.get(stream, [])):
            h = int.from_bytes(hashlib.blake2b(stream.encode(), digest_size=8).digest(), "little")
            key, counter = np.array([self.seed, h], np.uint64), np.array([0, self.run, 0, 0], np.uint64)
            self.words[stream] = Philox(key=key, counter=counter).random_raw(2 * n + 8).tolist()
        return ((self.words[stream][n] >> 12) + 0.5) / 2.0**52

    def _row(self, draws: JointSamples) -> dict[str, float]:
        columns = {path: draws.column(path) for path in draws.paths}
        return {path: column[self.run % len(column)] for path, column in columns.items()}

    def once(self, quantity: Quantity) -> float:
        """Rule 6, drawn once a run; dates in days from the start."""
        if quantity.path in self.rows:
            self.drawn[quantity.path] = self.rows[quantity.path]
            return self.rows[quantity.path]
        begin = self.day_zero if quantity.unit is Unit.DATE else 0
        if quantity.after:
            begin = -self.day_of_event(quantity.after)
        if quantity.law is None:
            return quantity.value - begin
        value = quantity.law.inverse(self.u(quantity.path, 0)) - begin
        if quantity.unit is Unit.DAYS and value > 365_250:
            value = 365_250.0
        self.drawn[quantity.path] = value
        return value

    def day_of_event(self, name: str) -> int:
        """Rule 35: the day from which other dates count."""
        event = self.scenario.events[name]
        day = event.date or event.from_
        assert day is not None
        return self.day_of(day)

    def day_of(self, day: Day) -> int:
        """Rule 35: a day from the start, the nearest one if it is drawn or counts from an event."""
        if not isinstance(day, Quantity):
            return (day - self.scenario.start).days
        exact = self.once(day)
        nearest = round(exact) if exact % 1.0 != 0.5 else math.ceil(exact)
        if day.path in self.drawn:
            self.drawn[day.path] = nearest
        return nearest

    def each(self, quantity: Quantity, n: int, stream: str = "") -> float:
        """Rule 6, drawn for each occurrence."""
        return (
            quantity.value
            if quantity.law is None
            else quantity.law.inverse(self.u(stream or quantity.path, n))
        )

    def on_day(self, number: Number, day: int) -> float:
        """Rule 29, the value of a time series on a day."""
        if isinstance(number, Quantity):
            return self.once(number)
        points = [(self.day_of(date), self.once(quantity)) for date, quantity in number.points]
        # Rule 35: of those past at the start, and of those of one day, the last in the file counts.
        begun = {max(0, begin): (begin, value) for begin, value in points if begin <= day}
        to_come = {begin: value for begin, value in reversed(points) if begin > day}
        if not begun:
            return to_come[min(to_come)]
        begin, before = begun[max(begun)]
        if not to_come or number.between != "linear":
            return before
        end = min(to_come)
        return before + (to_come[end] - before) * ((day - begin) / (end - begin))

    def shells(self, number: Number, munition: str, day: int = 0) -> float:
        """A number on a day in shells; tonnes are converted by gross mass."""
        value = self.on_day(number, day)
        if not is_tonnes(number):
            return value
        mass = self.scenario.munition_parts[munition].gross_mass
        assert mass is not None
        return value / self.once(mass)

    def mix(self, shipment: Shipment) -> dict[str, float]:
        """Rule 26; random shares are divided by their sum."""
        if not shipment.mix:
            return dict.fromkeys(self.scenario.munitions, 1.0)
        shares = {m: self.once(shipment.mix[m]) for m in self.scenario.munitions if m in shipment.mix}
        total = math.fsum(shares.values())
        return {munition: share / total for munition, share in shares.items() if share > 0.0}

    def kilograms_of_a_mixed_shell(self, shipment: Shipment) -> float:
        total = 0.0
        for munition, share in self.mix(shipment).items():
            mass = self.scenario.munition_parts[munition].gross_mass
            assert mass is not None
            total += share * self.once(mass)
        return total

    def _windows(self, name: str, event: Event) -> list[Window]:
        """Rule 28."""
        if event.stops == event.multiplies == "" and event.destroys is None:
            for day in (event.date, event.from_, event.until):
                if day is not None:
                    self.day_of(day)
            return []
        strength = event.share if event.stops else (event.factor if event.multiplies else event.destroys)
        assert strength is not None
        if event.every is not None:
            return self._at_random(f"events.{name}", event.every, event.last, strength)
        if event.date is not None:
            begin, end = self.day_of(event.date), self.day_of(event.date) + 1
        else:
            assert event.from_ is not None
            begin, end = self.day_of(event.from_), self.day_of(event.until or self.scenario.end)
        value = self.once(strength)
        return [Window(begin * DAY, end * DAY, value)]

    def _at_random(
        self, path: str, every: Quantity, last: Quantity | None, strength: Quantity
    ) -> list[Window]:
        found: list[Window] = []
        second = 0
        while True:
            n = len(found)
            if every.law is None:
                gap = -every.value * math.log(1.0 - self.u(f"{path}.every", n))
            else:
                gap = self.each(every, n)
            begin = second + max(HOUR, in_seconds(gap))
            if begin >= self.horizon:
                return found
            second = begin + (0 if last is None else in_seconds(self.each(last, n)))
            found.append(Window(begin, second, self.each(strength, n)))

    def factor(self, day: int, stopped: str = "", multiplied: str = "") -> float:
        """Rule 27, the product on a day of all factors and unstopped shares."""
        product = 1.0
        for name, windows in self.events.items():
            event = self.scenario.events[name]
            for window in windows:
                if not window.begin <= day * DAY < window.end:
                    continue
                if stopped and event.stops == stopped:
                    product *= 1.0 - window.value
                if multiplied and event.multiplies == multiplied:
                    product *= window.value
        return product

    def running(self, line: str, day: int) -> float:
        """The share of a production line that its outages leave."""
        left = 1.0
        for window in self.outages.get(line, []):
            if window.begin <= day * DAY < window.end:
                left *= 1.0 - window.value
        return left

    def stops(self, targets: set[str]) -> list[Window]:
        """The windows in which any of `targets` is stopped."""
        return [
            w
            for name, windows in self.events.items()
            if self.scenario.events[name].stops in targets
            for w in windows
        ]

    def blows(self, depot: str, day: int) -> list[tuple[float, bool]]:
        """Rule 17: the damage at a depot on a day, and whether it is a share."""
        found = []
        for name, windows in self.events.items():
            event = self.scenario.events[name]
            if event.destroys is None or (event.at or next(iter(self.scenario.depots))) != depot:
                continue
            share = event.destroys.unit is Unit.SHARE
            found += [(w.value, share) for w in windows if w.begin // DAY == day]
        return found
