"""List of every number of a scenario, with its path; used by `show`, warnings and studies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from sim.scenario.ages import AgeSpread
from sim.scenario.consumer import Barrels
from sim.scenario.dimension import DURATION, SHARE, Dimension
from sim.scenario.field_types import DamageType, DeliveriesType, NumberType
from sim.scenario.part import Part
from sim.scenario.quantity import Course, Quantity
from sim.scenario.relative_dates import DatedEvents
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg, Reserve
from sim.units import Unit


class ListedNumber(NamedTuple):
    """A number of a scenario and its place in it."""

    #: Quantity in the terms of the evidence table: ``stock``, ``production_rate``, ``rail_days``; the name of
    #: the setting if the table has no such quantity.
    key: str
    #: Path of the component.
    part: str
    setting: str
    quantity: Quantity
    #: Dimension, with its limits.
    dimension: Dimension
    #: Whether it is drawn at each occurrence rather than once a run (rule 6).
    is_drawn_each_time: bool
    #: Whether it is spread over the stock: a distribution of ages, or the share of an age (rule 38).
    is_spread: bool = False


def list_numbers(scenario: Scenario) -> Iterator[ListedNumber]:
    """Yield the numbers that a run uses or draws: all in the file but those that are spread over a stock."""
    return (listed for listed in list_cited_numbers(scenario) if not listed.is_spread)


def list_cited_numbers(scenario: Scenario) -> Iterator[ListedNumber]:
    """Yield every number in the file, in order of section, name and setting; the budget is last."""
    recurring = tuple(name for name, event in scenario.events.items() if event.reference_day() is None)
    events = DatedEvents(tuple(name for name in scenario.events if name not in recurring), recurring)
    parts = [
        (f"{section}.{name}", part, section)
        for section, named in scenario.sections()
        for name, part in named.items()
    ]
    if scenario.budget is not None:
        parts.append(("budget", scenario.budget, "budget"))
    for part in parts:
        for listed in _with_events(_numbers_of_part(*part), events):
            yield listed._replace(dimension=listed.dimension.in_currency(scenario.currency))


def numbers_by_path(scenario: Scenario) -> dict[str, ListedNumber]:
    """Return the numbers of `list_numbers` by their paths."""
    return {listed.quantity.path: listed for listed in list_numbers(scenario)}


def random_inputs(scenario: Scenario) -> list[ListedNumber]:
    """Return the numbers that are drawn, by distribution or joint samples."""
    sampled = scenario.draws
    return [
        listed
        for listed in list_numbers(scenario)
        if listed.quantity.law is not None or (sampled is not None and listed.quantity.path in sampled)
    ]


def is_uncertain(scenario: Scenario) -> bool:
    """Return whether runs can differ."""
    varied = any(consumer.daily_variation.bounds()[1] > 0 for consumer in scenario.consumption.values())
    # A fixed `every` is the mean of an exponential gap (rule 28), so it is random without a law.
    recurs = any(event.every is not None for event in scenario.events.values())
    breaks = any(line.outages is not None for line in scenario.production.values())
    return varied or recurs or breaks or bool(random_inputs(scenario))


def _with_events(numbers: Iterator[ListedNumber], events: DatedEvents) -> Iterator[ListedNumber]:
    """Yield the numbers; dates know the events from which another value may count."""
    for listed in numbers:
        is_date = listed.quantity.unit is Unit.DATE
        yield listed._replace(dimension=replace(listed.dimension, events=events)) if is_date else listed


def _numbers_of_part(path: str, part: Part, section: str) -> Iterator[ListedNumber]:
    for setting in type(part).model_fields:
        yield from _numbers_of_value(path, part, section, setting, getattr(part, setting))


def _numbers_of_value(
    path: str, part: Part, section: str, setting: str, value: object
) -> Iterator[ListedNumber]:
    if isinstance(value, Quantity):
        if value.where is not None:
            yield _list_number(path, part, section, setting, value)
    elif isinstance(value, Course):
        for _, point in value.points:
            sources = tuple(dict.fromkeys(point.sources + value.sources))
            cited = replace(point, sources=sources, note=point.note or value.note)
            yield _list_number(path, part, section, setting, cited)
    elif isinstance(value, AgeSpread):
        yield from _numbers_of_ages(path, setting, value)
    elif isinstance(value, Part):
        yield from _numbers_of_part(f"{path}.{setting}", value, section)
    elif isinstance(value, Mapping | tuple):
        yield from _numbers_of_values(path, part, section, setting, value)


def _numbers_of_values(
    path: str, part: Part, section: str, setting: str, values: Mapping[str, object] | tuple[object, ...]
) -> Iterator[ListedNumber]:
    if isinstance(values, Mapping):
        # A number for all munitions is one number of the file.
        for name, inner in {id(inner): (name, inner) for name, inner in values.items()}.values():
            key = f"{setting}.{name}" if isinstance(inner, Part) else setting
            yield from _numbers_of_value(path, part, section, key, inner)
    else:
        for position, inner in enumerate(values):
            yield from _numbers_of_value(path, part, section, f"{setting}.{position}", inner)


def _numbers_of_ages(path: str, setting: str, ages: AgeSpread) -> Iterator[ListedNumber]:
    for age in ages.written:
        dimension = DURATION if age.unit is Unit.DAYS else SHARE
        yield ListedNumber(setting, path, setting, age, dimension, is_drawn_each_time=False, is_spread=True)


def _list_number(path: str, part: Part, section: str, setting: str, quantity: Quantity) -> ListedNumber:
    hooks = type(part).model_fields[setting.partition(".")[0]].metadata
    hook = next(hook for hook in hooks if isinstance(hook, NumberType | DamageType | DeliveriesType))
    dimension = hook.dimension_of(quantity.unit)
    return ListedNumber(
        _key_path(section, setting, part),
        path,
        setting,
        quantity,
        dimension,
        setting in part.drawn_each_time(),
    )


def _key_path(section: str, setting: str, part: Part) -> str:
    if isinstance(part, Reserve | Barrels):
        return f"{type(part).__name__.lower()}_{setting}"
    if setting == "rate":
        return f"{section}_rate"
    if setting == "travel" and isinstance(part, Leg):
        return f"{part.by.strip().lower()}_days"
    return setting
