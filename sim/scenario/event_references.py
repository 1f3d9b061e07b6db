"""Events from which other dates of a scenario count (rule 35)."""

from __future__ import annotations

from sim.scenario.part import Part, numbers_in
from sim.scenario.quantity import Quantity


def events_counted_from(scenario: Part) -> frozenset[str]:
    """Return the names of the events from which a date of a scenario counts."""
    quantities = (number for number in numbers_in(scenario) if isinstance(number, Quantity))
    return frozenset(number.after for number in quantities if number.after)
