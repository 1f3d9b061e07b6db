"""What a key must know of the rest of the file to be checked, and how what is wrong reaches pydantic."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from sim.errors import Fault
from sim.scenario.event_targets import EventTargets, find_targets
from sim.scenario.name_checks import SECTIONS
from sim.scenario.suggestions import Suggester, closest_key
from sim.scenario.yaml_nodes import MapNode, Node, TextNode
from sim.units import UnitError, parse_date

DEFAULT_MUNITION = "shells"


class ValidationContext(NamedTuple):
    """What is known of a file before any of its keys is checked.

    Attributes
    ----------
    munitions, depots : tuple of str
        Names, in file order; empty where a section is there, but no map that could give them.
    weighed : frozenset of str
        Munitions with a mass.
    consuming : frozenset of str
        Depots with a consumer; all of them where it is not clear at which one a consumer stands.
    targets : Targets
        What events may act on.
    start : int or None
        The first day as an ordinal; None where the file gives none that can be read.
    sources : collection of str or None
        Known ids of evidence; None takes any.
    rules : collection of str
        Names of the caller's own rules of rationing.
    speller : Speller
        Finds the nearest right name.
    """

    munitions: tuple[str, ...]
    munitions_with_mass: frozenset[str]
    depots: tuple[str, ...]
    depots_with_consumer: frozenset[str]
    targets: EventTargets
    start: int | None
    sources: Collection[str] | None
    rules: Collection[str]
    suggester: Suggester


def make_context(
    tree: MapNode, sources: Collection[str] | None, rules: Collection[str], speller: Suggester
) -> ValidationContext:
    """Read from a tree, right or wrong, what its keys must know of one another."""
    found = {name: closest_key(tree, name, speller, SECTIONS) for name in SECTIONS}
    sections = {name: section for name, section in found.items() if section is not None}
    depots = tuple(_key_names(sections.get("depots")))
    munitions = sections.get("munitions")
    return ValidationContext(
        munitions=(DEFAULT_MUNITION,)
        if munitions is None or munitions == {}
        else tuple(_key_names(munitions)),
        munitions_with_mass=frozenset(_munitions_with_mass(munitions, speller)),
        depots=depots,
        depots_with_consumer=frozenset(_depots_with_consumer(sections.get("consumption"), depots)),
        targets=find_targets(sections, speller),
        start=_start_ordinal(tree),
        sources=sources,
        rules=rules,
        suggester=speller,
    )


def _key_names(section: Node | None) -> Iterator[str]:
    yield from section if isinstance(section, MapNode) else ()


def _munitions_with_mass(munitions: Node | None, speller: Suggester) -> Iterator[str]:
    for name, munition in munitions.items() if isinstance(munitions, MapNode) else ():
        if not isinstance(munition, MapNode) or closest_key(munition, "gross_mass", speller) is not None:
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


def to_pydantic_error(*faults: Fault) -> PydanticCustomError:
    """Wrap faults for pydantic, which adds nothing to them; one without a place is given that of its key."""
    return PydanticCustomError("faults", "faults", {"faults": faults})
