"""Labels, nouns and verbs of a scenario, as `Names`."""

from __future__ import annotations

from collections.abc import Iterator

from sim.names import SHELL, Names
from sim.names.word_forms import FIRES
from sim.scenario.part import LabelledPart
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg


def names_of(scenario: Scenario) -> Names:
    """Return the names that the file of a scenario gives."""
    nouns = {name: part.noun for name, part in scenario.munition_parts.items()}
    verbs = {name: part.verb for name, part in scenario.consumption.items()}
    return Names(
        {path: part.label for path, part in _labelled_parts(scenario) if part.label},
        {path: words for path, part in _legs(scenario) if not part.label and (words := _words_of_leg(part))},
        {name: SHELL if noun is None else noun.noun() for name, noun in nouns.items()}
        if any(nouns.values())
        else {},
        {name: FIRES if verb is None else verb.verb() for name, verb in verbs.items()}
        if any(verbs.values())
        else {},
        scenario.currency,
        _only_stock(scenario),
    )


def _only_stock(scenario: Scenario) -> dict[str, str]:
    """Return the depot and the munition of the only stock with a consumer, each if there are others."""
    drawn_on = {
        (consumer.at, munition) for consumer in scenario.consumption.values() for munition in consumer.rate
    }
    if len(drawn_on) != 1:
        return {}
    ((depot, munition),) = drawn_on
    several = {"depot": (depot, scenario.depots), "munition": (munition, scenario.munitions)}
    return {key: name for key, (name, every) in several.items() if len(every) > 1}


def _labelled_parts(scenario: Scenario) -> Iterator[tuple[str, LabelledPart]]:
    for section, parts in scenario.sections():
        for name, part in parts.items():
            if isinstance(part, LabelledPart):
                yield f"{section}.{name}", part
    yield from _legs(scenario)


def _legs(scenario: Scenario) -> Iterator[tuple[str, Leg]]:
    for name, shipment in scenario.shipments.items():
        for position, leg in enumerate(shipment.route):
            yield f"shipments.{name}.route.{position}", leg


def _words_of_leg(leg: Leg) -> str:
    """Return a leg in the words of the file: ``by sea, Najin to Dunay``; empty if it has none."""
    ends = f"{leg.from_} to {leg.to}" if leg.from_ and leg.to else ""
    by = f"by {leg.by}" if leg.by else ""
    return ", ".join(filter(None, [by, ends])) or leg.name
