"""Cross-references for the validation of keys, and conversion of faults to pydantic errors."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from sim.errors import Fault
from sim.scenario.event_targets import EventTargets, find_targets
from sim.scenario.name_checks import SECTIONS
from sim.scenario.relative_dates import DatedEvents, find_dated_events
from sim.scenario.suggestions import Suggester, closest_key
from sim.scenario.yaml_nodes import MapNode, Node, TextNode
from sim.units import CURRENCY_PATTERN, UnitError, parse_date

DEFAULT_MUNITION = "shells"


class ValidationContext(NamedTuple):
    """Names and settings of a file, collected before its keys are validated."""

    #: munitions, depots: names, in file order; empty if the section is not a map.
    munitions: tuple[str, ...]
    munitions_with_mass: frozenset[str]
    munitions_with_cost: frozenset[str]
    depots: tuple[str, ...]
    #: All depots if the depot of a consumer is ambiguous.
    depots_with_consumer: frozenset[str]
    #: Paths that events may name.
    targets: EventTargets
    #: Events from which dates may count.
    events: DatedEvents
    #: First day as an ordinal; None if it is missing or invalid.
    start: int | None
    #: Currency of the file; None for any, where it names none, or none that is valid.
    currency: str | None
    #: Known evidence ids; None accepts any.
    sources: Collection[str] | None
    #: Names of custom rationing rules.
    rules: Collection[str]
    #: Finds the nearest valid name.
    suggester: Suggester


def make_context(
    tree: MapNode, sources: Collection[str] | None, rules: Collection[str], suggester: Suggester
) -> ValidationContext:
    """Collect the context from a tree, which may contain faults."""
    found = {name: closest_key(tree, name, suggester, SECTIONS) for name in SECTIONS}
    sections = {name: section for name, section in found.items() if section is not None}
    depots = tuple(_key_names(sections.get("depots")))
    munitions = sections.get("munitions")
    return ValidationContext(
        munitions=(DEFAULT_MUNITION,)
        if munitions is None or munitions == {}
        else tuple(_key_names(munitions)),
        munitions_with_mass=frozenset(_munitions_with(munitions, "gross_mass", suggester)),
        munitions_with_cost=frozenset(_munitions_with(munitions, "unit_cost", suggester)),
        depots=depots,
        depots_with_consumer=frozenset(_depots_with_consumer(sections.get("consumption"), depots)),
        targets=find_targets(sections, suggester),
        events=find_dated_events(sections.get("events")),
        start=_start_ordinal(tree),
        currency=_currency(tree),
        sources=sources,
        rules=rules,
        suggester=suggester,
    )


def _key_names(section: Node | None) -> Iterator[str]:
    yield from section if isinstance(section, MapNode) else ()


def _munitions_with(munitions: Node | None, key: str, suggester: Suggester) -> Iterator[str]:
    for name, munition in munitions.items() if isinstance(munitions, MapNode) else ():
        if not isinstance(munition, MapNode) or closest_key(munition, key, suggester) is not None:
            yield name


def _depots_with_consumer(consumers: Node | None, depots: tuple[str, ...]) -> Iterator[str]:
    if consumers is None:
        return
    for consumer in consumers.values() if isinstance(consumers, MapNode) else [consumers]:
        at = consumer.get("at") if isinstance(consumer, MapNode) else None
        if isinstance(at, TextNode) and at.text.strip() in depots:
            yield at.text.strip()
        else:
            yield from depots


def _start_ordinal(tree: MapNode) -> int | None:
    start = tree.get("start")
    try:
        return parse_date(start.text).toordinal() if isinstance(start, TextNode) else None
    except UnitError:
        return None


def _currency(tree: MapNode) -> str | None:
    named = tree.get("currency")
    code = named.text.strip() if isinstance(named, TextNode) else ""
    return code if CURRENCY_PATTERN.fullmatch(code) else None


def to_pydantic_error(*faults: Fault) -> PydanticCustomError:
    """Wrap faults in a pydantic error; a fault without a position gets that of its key."""
    return PydanticCustomError("faults", "faults", {"faults": faults})
