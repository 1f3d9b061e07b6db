"""Events from which other dates of a scenario count (rule 35)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sim.scenario.part import Part
from sim.scenario.quantity import Course, Quantity


def events_counted_from(scenario: Part) -> frozenset[str]:
    """Return the names of the events from which a date of a scenario counts."""
    return frozenset(_references(scenario))


def _references(value: object) -> Iterator[str]:
    if isinstance(value, Quantity):
        yield from (value.after,) if value.after else ()
    elif isinstance(value, Course):
        for point in value.points:
            yield from _references(point)
    elif isinstance(value, Part):
        for field in type(value).model_fields:
            yield from _references(getattr(value, field))
    elif isinstance(value, Mapping):
        for item in value.items():
            yield from _references(item)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _references(inner)
