"""Axes of the result arrays of a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.account import INITIAL, REFURBISHED, Axes, Claim, Pair
from sim.scenario.scenario import Scenario


def result_axes(scenario: Scenario) -> Axes:
    """Return the axes of the result arrays."""
    consumers = scenario.consumption.values()
    consuming = {(consumer.at, munition) for consumer in consumers for munition in consumer.rate}
    pairs = tuple(Pair(depot, munition) for depot in scenario.depots for munition in scenario.munitions)
    workshops = (REFURBISHED,) if scenario.refurbishment else ()
    origins = (INITIAL, *scenario.orders, *scenario.production, *workshops, *scenario.shipments)
    aimed = [munition in scenario.depots[depot].objective for depot, munition in pairs]
    return Axes(
        scenario.start,
        scenario.days,
        pairs,
        origins,
        tuple(pair in consuming for pair in pairs),
        scenario.thresholds,
        orders=tuple(scenario.orders),
        currency=scenario.currency,
        has_budget=scenario.budget is not None,
        grants=tuple(_grants(scenario)),
        objectives=tuple(aimed) if any(aimed) else (),
        claims=tuple(_claims(scenario, pairs)) if scenario.lists_consumers else (),
        has_ages=any(part.shelf_life is not None for part in scenario.munition_parts.values()),
    )


def _grants(scenario: Scenario) -> Iterator[tuple[int, float]]:
    sampled = () if scenario.draws is None else scenario.draws.paths
    if scenario.budget is not None and not any(path.startswith("budget.") for path in sampled):
        yield from scenario.budget.grants(scenario.start, scenario.days)


def _claims(scenario: Scenario, pairs: Sequence[Pair]) -> Iterator[Claim]:
    for name, consumer in scenario.consumption.items():
        for munition in scenario.munitions:
            if munition in consumer.rate:
                pair = pairs.index(Pair(consumer.at, munition))
                yield Claim(name, pair, consumer.has_backlog, consumer.rank)
