"""Ages of the independent reference, written from rule 38 alone."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict

from sim.scenario.quantity import Quantity
from sim.scenario.scenario import Scenario
from tests.support.reference_world import DAY, ReferenceInputs, in_seconds

#: Shells by the day from which their age counts.
Ages = dict[dt.date, float]


class ReferenceAges:
    """Shells by age at every depot, of the munitions that have a shelf life."""

    def __init__(self, scenario: Scenario, world: ReferenceInputs) -> None:
        self.scenario, self.world = scenario, world
        lives = {m: part.shelf_life for m, part in scenario.munition_parts.items()}
        self.lives = {m: life for m, life in lives.items() if life is not None}
        self.days = {m: math.ceil(in_seconds(world.once(life)) / DAY) for m, life in self.lives.items()}
        self.shells: dict[tuple[str, str], Ages] = {}

    def born(self, munition: str, day: int) -> dt.date:
        """The first of the month of manufacture; the day itself where shelf lives are below 180 days."""
        date = self.scenario.start + dt.timedelta(days=day)
        return date if self._longest(self.lives[munition]) < 180 else date.replace(day=1)

    def _longest(self, life: Quantity) -> float:
        draws = self.scenario.draws
        if draws is not None and life.path in draws.paths:
            return max(draws.column(life.path))
        return life.bounds()[1]

    def open(self, depot: str, munition: str, shells: float) -> None:
        if munition not in self.lives:
            return
        ages: Ages = defaultdict(float)
        age = self.scenario.depots[depot].age.get(munition)
        if age is None or isinstance(age, Quantity):
            ages[self.born(munition, -math.floor((0.0 if age is None else age.value) + 0.5))] = shells
        else:
            for days, share in age.parts:
                ages[self.born(munition, -days)] += shells * share
        self.shells[depot, munition] = ages

    def put(self, depot: str, munition: str, day: int, shells: float) -> None:
        if munition in self.lives:
            self.shells[depot, munition][self.born(munition, day)] += shells

    def arrive(self, depot: str, munition: str, section: str, name: str, day: int, shells: float) -> None:
        """What enters is new, but for a shipment that says otherwise."""
        age = self.scenario.shipments[name].age if section == "shipments" else None
        days = 0 if age is None else math.floor(self.world.once(age) + 0.5)
        self.put(depot, munition, day - days, shells)

    def issue(self, depot: str, munition: str, shells: float) -> Ages:
        """Fire and dispatch take the oldest first, the newest first, or all in proportion."""
        how = self.scenario.depots[depot].issue or "fifo"
        if munition not in self.lives or how == "mixed":
            return self.evenly(depot, munition, shells)
        ages, gone = self.shells[depot, munition], Ages()
        for born in sorted(ages, reverse=how == "lifo"):
            gone[born] = min(ages[born], max(0.0, shells - math.fsum(gone.values())))
        for born, taken in gone.items():
            ages[born] -= taken
        return gone

    def evenly(self, depot: str, munition: str, shells: float) -> Ages:
        if munition not in self.lives:
            return {}
        ages = self.shells[depot, munition]
        total = math.fsum(ages.values())
        part = min(1.0, shells / total) if total > 0.0 else 0.0
        gone = {born: amount * part for born, amount in ages.items()}
        for born, taken in gone.items():
            ages[born] -= taken
        return gone

    def expire(self, depot: str, munition: str, day: int) -> tuple[float, float]:
        """Take out what is past its shelf life, and return it and what is left."""
        today, life = self.scenario.start + dt.timedelta(days=day), dt.timedelta(days=self.days[munition])
        ages = self.shells[depot, munition]
        gone = math.fsum(ages.pop(born) for born in list(ages) if born + life <= today)
        return gone, math.fsum(ages.values())
