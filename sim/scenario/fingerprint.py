"""Digest of the inputs of a scenario that determine its results."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sim.scenario.ages import AgeSpread
from sim.scenario.part import Part
from sim.scenario.quantity import Course, Day, Quantity
from sim.scenario.scenario import Scenario


def account_digest(scenario: Scenario) -> str:
    """Return the SHA-256 of the inputs of the account: without notes, sources and order, in base units.

    Scenarios with the same digest give the same result under the same seed, provided that custom rationing
    rules of the same name are the same function.
    """
    draws = scenario.draws
    sampled = None if draws is None else (draws.paths, sha256(draws.data).hexdigest())
    return sha256(repr((_comparable(scenario), sampled)).encode()).hexdigest()


def _comparable(value: object) -> object:
    if isinstance(value, Quantity):
        number = value.value if value.law is None else value.law
        return (value.unit.value, number, value.after) if value.after else (value.unit.value, number)
    if isinstance(value, AgeSpread):
        return value.parts
    if isinstance(value, Course):
        return value.between, [(_comparable_day(day), _comparable(number)) for day, number in value.points]
    if isinstance(value, Part):
        left_out = value.text_fields | {
            name for name in value.fields_compared_if_given if not getattr(value, name)
        }
        fields = type(value).model_fields
        return [(name, _comparable(getattr(value, name))) for name in fields if name not in left_out]
    if isinstance(value, Mapping) and any(isinstance(key, Quantity) for key in value):
        return [(_comparable_day(day), _comparable(number)) for day, number in value.items()]
    if isinstance(value, Mapping):
        return [(name, _comparable(value[name])) for name in sorted(value)]
    if isinstance(value, tuple):
        return [_comparable(item) for item in value]
    return value


def _comparable_day(day: Day) -> object:
    return _comparable(day) if isinstance(day, Quantity) else day.isoformat()
