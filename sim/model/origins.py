"""The origins of each depot: those whose shells can reach it (rule 10)."""

from __future__ import annotations

from collections.abc import Sequence

from sim.account import INITIAL, REFURBISHED
from sim.scenario.scenario import Scenario


def origins_by_depot(scenario: Scenario, origins: Sequence[str]) -> dict[str, list[str]]:
    """Return the origins of each depot: its external inflows, and those of depots that transfer to it.

    Parameters
    ----------
    scenario : Scenario
    origins : sequence of str
        All origins; each depot's are returned in this order.
    """
    found = {depot: {INITIAL} for depot in scenario.depots}
    for name, line in scenario.production.items():
        found[line.to].add(name)
    for name, ordering in scenario.orders.items():
        found[ordering.to].add(name)
    for workshop in scenario.refurbishment.values():
        found[workshop.at].add(REFURBISHED)
    for name, shipment in scenario.shipments.items():
        found[shipment.to].add(name)
    roads = [(transfer.from_, transfer.to) for transfer in scenario.transfers.values()]
    while any(not found[source] <= found[target] for source, target in roads):
        for source, target in roads:
            found[target] |= found[source]
    order = {name: position for position, name in enumerate(origins)}
    return {depot: sorted(names, key=order.__getitem__) for depot, names in found.items()}
