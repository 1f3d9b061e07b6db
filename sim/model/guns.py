"""Upper limit of a consumer's fire by its guns and barrels (rule 14)."""

from __future__ import annotations

from collections.abc import Sequence

from sim.model.world import RunInputs
from sim.scenario.consumer import Consumer
from sim.scenario.limits import LEAST


class GunPark:
    """The guns of one consumer.

    Parameters
    ----------
    most : float
        Shells a day that all guns can fire with enough barrels.
    guns : float
    barrels : float or None
        Barrels at the start; None where they are not modelled.
    made : list of float, length days
        Barrels gained a day.
    life : float
        Life of a barrel in rounds.
    """

    def __init__(
        self, most: float, guns: float, barrels: float | None, made: list[float], life: float
    ) -> None:
        self.most = most
        self.guns = guns
        self.barrels = barrels
        self.made = made
        self.life = life

    def limit(self, required: list[float], day: int) -> list[float]:
        """Return the requirements of a day, scaled down to the capacity of the guns."""
        ceiling = self.most
        if self.barrels is not None:
            self.barrels += self.made[day]
            ceiling *= min(1.0, self.barrels / self.guns) if self.guns > 0.0 else 0.0
        total = _sum_in_order(required)
        return required if total <= ceiling else [shells * (ceiling / total) for shells in required]

    def wear(self, fired: Sequence[float]) -> None:
        """Wear the barrels by the shells fired in a day."""
        if self.barrels is not None:
            self.barrels = max(0.0, self.barrels - _sum_in_order(fired) / self.life)


def make_guns(consumer: Consumer, world: RunInputs) -> GunPark | None:
    """Return the guns of a consumer; None where the scenario does not model them."""
    if consumer.guns is None or consumer.rounds_per_gun is None:
        return None
    guns = world.draw_once(consumer.guns)
    most = guns * world.draw_once(consumer.rounds_per_gun)
    if consumer.barrels is None or consumer.barrel_life is None:
        return GunPark(most, guns, None, [], 1.0)
    made = consumer.barrels.production
    by_day = [0.0] * world.scenario.days
    if made is not None:
        by_day = world.by_day(made)
        world.checked(made.path, by_day)
    life = world.draw_once(consumer.barrel_life, LEAST)
    return GunPark(most, guns, world.draw_once(consumer.barrels.stock), by_day, life)


def _sum_in_order(numbers: Sequence[float]) -> float:
    total = 0.0
    for number in numbers:
        total += number
    return total
