"""Checks of shelf lives against the ages of stocks and shipments (rule 38)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.errors import Fault
from sim.formulas import first_day_from, to_seconds, whole_days
from sim.scenario.ages import share_expired_at_once
from sim.scenario.depot import Depot
from sim.scenario.munition import Munition
from sim.scenario.quantity import Quantity
from sim.scenario.shipment import Shipment
from sim.scenario.yaml_nodes import MapNode, Node, find_node

_SHELF_LIFE_ALLOWED = "shelf_life: a duration, such as 20 years, under munitions"


class AgeChecker(NamedTuple):
    """Checker of the ages of one file.

    Attributes
    ----------
    node : MapNode
        The whole file.
    munitions : mapping of str to Munition
    start : datetime.date
        First day of the run.
    """

    node: MapNode
    munitions: Mapping[str, Munition]
    start: dt.date

    def faults(self, depots: Mapping[str, Depot], shipments: Mapping[str, Shipment]) -> Iterator[Fault]:
        """Yield the faults: ages that are missing, of no use, or beyond the shelf life."""
        for name, munition in self.munitions.items():
            if munition.expired is not None and munition.shelf_life is None:
                yield self._fault(
                    f"munitions.{name}.expired", f"{name} has no shelf_life", _SHELF_LIFE_ALLOWED
                )
        for name, depot in depots.items():
            yield from self._depot_faults(f"depots.{name}", depot)
        for name, shipment in shipments.items():
            yield from self._shipment_faults(f"shipments.{name}", shipment)

    def _lives(self) -> dict[str, Quantity]:
        return {name: part.shelf_life for name, part in self.munitions.items() if part.shelf_life is not None}

    def _depot_faults(self, path: str, depot: Depot) -> Iterator[Fault]:
        lives = self._lives()
        if depot.issue is not None and not lives:
            yield self._fault(f"{path}.issue", "no munition has a shelf_life", _SHELF_LIFE_ALLOWED)
        for munition, age in depot.age.items():
            if munition not in lives and (not lives or age.path.endswith(f".{munition}")):
                problem = f"{munition} has no shelf_life" if lives else "no munition has a shelf_life"
                yield self._fault(age.path, problem, _SHELF_LIFE_ALLOWED)
                if not lives:
                    return
        for munition, life in lives.items():
            stock, given = depot.stock.get(munition), depot.age.get(munition)
            if given is not None and share_expired_at_once(given, life.bounds()[1], self.start) > 1.0 - 1e-9:
                problem = (
                    f"all of the stock of {munition} is past its shelf life, {life.written}, at the start"
                )
                yield self._fault(given.path, problem, "a smaller age, or a longer shelf_life")
            if given is None and stock is not None and (stock.is_unknown or stock.bounds()[1] > 0.0):
                named = f"{munition}: 2 years" if len(self.munitions) > 1 else "2 years"
                problem = f"{munition} has a shelf_life, and the age of its stock is missing"
                allowed = f"age: {{{named}}}" if len(self.munitions) > 1 else f"age: {named}"
                yield self._fault(
                    path, problem, f"{allowed}; a distribution; or shares by age; new is 0 days"
                )

    def _shipment_faults(self, path: str, shipment: Shipment) -> Iterator[Fault]:
        if shipment.age is None:
            return
        sent = {name: life for name, life in self._lives().items() if shipment.brings(name)}
        if not sent:
            problem = "nothing that is sent has a shelf_life"
            yield self._fault(f"{path}.age", problem, _SHELF_LIFE_ALLOWED)
        for name, life in sent.items():
            youngest, longest = whole_days(shipment.age.bounds()[0]), to_seconds(life.bounds()[1])
            if youngest >= first_day_from(longest):
                problem = f"{name} arrives past its shelf life, {life.written}"
                yield self._fault(shipment.age.path, problem, "a smaller age, or a longer shelf_life")

    def _fault(self, path: str, problem: str, allowed: str) -> Fault:
        found: Node = find_node(self.node, path.split("."))[0]
        where = found.named if isinstance(found, MapNode) else found.where
        return Fault(problem, where, path, allowed)
