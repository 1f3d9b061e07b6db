"""A depot: where shells lie."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.dimension import SHELLS, STOCK
from sim.scenario.frozen import FrozenDict
from sim.scenario.measure import Measure
from sim.scenario.part import Part
from sim.scenario.quantity import ByMunition


class Depot(Part):
    """A place with a level for each munition."""

    stock: Annotated[ByMunition, Measure(STOCK, by="munition")]
    """Serviceable shells at the start, or days of supply."""
    unserviceable: Annotated[ByMunition, Measure(SHELLS, by="munition")] = FrozenDict()
    """Unserviceable shells at the start."""
