"""Upper limit of a consumer's fire by its guns and barrels (rule 14)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sim.account import sum_in_order
from sim.formulas import gun_ceiling, worn_barrels
from sim.model.world import RunInputs
from sim.scenario.consumer import Consumer
from sim.scenario.limits import LEAST
from sim.scenario.quantity import Course


class GunPark:
    """The guns of one consumer.

    Parameters
    ----------
    guns : sequence of float, length days
    rounds_per_gun : float
        Shells a day.
    barrels : float
        Barrels at the start; infinite where they are not modelled.
    made : list of float, length days
        Barrels gained a day.
    life : float
        Life of a barrel in rounds.
    """

    def __init__(
        self,
        guns: Sequence[float],
        rounds_per_gun: float,
        barrels: float,
        made: Sequence[float],
        life: float,
    ) -> None:
        self.guns = guns
        self.rounds_per_gun = rounds_per_gun
        self.barrels = barrels
        self.made = made
        self.life = life
        self.ceiling = math.inf

    def limit(self, required: list[float], day: int) -> list[float]:
        """Return the requirements of a day, scaled down to the capacity of the guns."""
        self.barrels += self.made[day]
        self.ceiling = gun_ceiling(self.guns[day], self.rounds_per_gun, self.barrels)
        return self.cut(required)

    def cut(self, shells: list[float]) -> list[float]:
        """Return shells, scaled down to the capacity of the guns on the day."""
        total, ceiling = sum_in_order(shells), self.ceiling
        return shells if total <= ceiling else [each * (ceiling / total) for each in shells]

    def wear(self, fired: Sequence[float]) -> None:
        """Wear the barrels by the shells fired in a day."""
        self.barrels = worn_barrels(self.barrels, sum_in_order(fired), self.life)


def make_guns(consumer: Consumer, world: RunInputs) -> GunPark | None:
    """Return the guns of a consumer; None where the scenario does not model them."""
    if consumer.guns is None or consumer.rounds_per_gun is None:
        return None
    guns = world.by_day(consumer.guns)
    if isinstance(consumer.guns, Course):
        world.checked(consumer.guns.path, guns)
    rounds_per_gun = world.draw_once(consumer.rounds_per_gun)
    by_day = [0.0] * world.scenario.days
    if consumer.barrels is None or consumer.barrel_life is None:
        return GunPark(guns, rounds_per_gun, math.inf, by_day, 1.0)
    made = consumer.barrels.production
    if made is not None:
        by_day = world.by_day(made)
        world.checked(made.path, by_day)
    life = world.draw_once(consumer.barrel_life, LEAST)
    return GunPark(guns, rounds_per_gun, world.draw_once(consumer.barrels.stock), by_day, life)
