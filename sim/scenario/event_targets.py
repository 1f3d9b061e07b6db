"""Paths that events may name, read from the unvalidated tree so that one mistake gives one fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.scenario.suggestions import Suggester, closest_key
from sim.scenario.yaml_nodes import ListNode, MapNode, Node

STOPPABLE_SECTIONS = ("production", "refurbishment", "shipments", "orders", "transfers", "consumption")
#: Section, the key that an event may multiply, and whether the key is required in every component.
MULTIPLIABLE_SETTINGS = (
    ("production", "rate", True),
    ("refurbishment", "rate", True),
    ("consumption", "rate", True),
    ("shipments", "offered", False),
    ("orders", "capacity", False),
    ("transfers", "capacity", False),
)


class EventTargets(NamedTuple):
    """The paths that events may name (rule 27)."""

    #: stopped, multiplied: paths that ``stops`` and ``multiplies`` may name.
    stopped: tuple[str, ...] = ()
    multiplied: tuple[str, ...] = ()
    #: Members of `stopped` that are fleets or order lines, which cannot stop in part.
    indivisible: frozenset[str] = frozenset()
    #: Prefixes of paths into sections that are not maps, which cannot be checked.
    uncertain: tuple[str, ...] = ()

    def nearest(self, path: str, known: tuple[str, ...], suggester: Suggester) -> str:
        """Return the known path that ends with `path`, else the most similar one."""
        longer = (each for each in known if each.endswith(f".{path}"))
        return next(longer, "") or suggester.nearest(path, known)


def find_targets(sections: Mapping[str, Node], suggester: Suggester) -> EventTargets:
    """Return the paths that events may name, given the sections of the file."""
    blocks = {name: section for name, section in sections.items() if isinstance(section, MapNode)}
    sent = blocks["shipments"].items() if "shipments" in blocks else ()
    legs = tuple(leg for name, shipment in sent for leg in _leg_paths(f"shipments.{name}", shipment))
    stopped = tuple(f"{section}.{name}" for section in STOPPABLE_SECTIONS for name in blocks.get(section, ()))
    fleets = {leg.partition(".route.")[0] for leg in legs}
    lines = {f"orders.{name}" for name in blocks.get("orders", ())}
    unsure = tuple(f"{name}." for name in sections if name not in blocks)
    return EventTargets(
        (*stopped, *legs),
        tuple(_multipliable_paths(blocks, suggester)),
        frozenset({*fleets, *legs, *lines}),
        unsure,
    )


def _leg_paths(path: str, shipment: Node) -> Iterator[str]:
    route = shipment.get("route") if isinstance(shipment, MapNode) else None
    for leg in range(len(route) if isinstance(route, ListNode) else 0):
        yield f"{path}.route.{leg}"


def _multipliable_paths(blocks: Mapping[str, MapNode], suggester: Suggester) -> Iterator[str]:
    for section, key, always in MULTIPLIABLE_SETTINGS:
        for name, part in blocks[section].items() if section in blocks else ():
            if always or not isinstance(part, MapNode) or closest_key(part, key, suggester) is not None:
                yield f"{section}.{name}.{key}"
