"""What an event may act on, read from the tree, right or wrong: so that one slip is not told as two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.scenario.nodes import Block, Items, Node
from sim.scenario.spelling import Speller, meant

STOPPED = ("production", "refurbishment", "shipments", "transfers", "consumption")
#: The key of each section that an event multiplies, and whether every component has it.
MULTIPLIED = (
    ("production", "rate", True),
    ("refurbishment", "rate", True),
    ("consumption", "rate", True),
    ("shipments", "offered", False),
    ("transfers", "capacity", False),
)


class Targets(NamedTuple):
    """The paths that events may name (rule 27).

    Attributes
    ----------
    stopped, multiplied : tuple of str
        What ``stops`` and ``multiplies`` may name.
    fleets : frozenset of str
        Those of `stopped` that are fleets, which stop wholly.
    unsure : tuple of str
        Beginnings of paths into sections that are no maps, of which nothing is known.
    """

    stopped: tuple[str, ...] = ()
    multiplied: tuple[str, ...] = ()
    fleets: frozenset[str] = frozenset()
    unsure: tuple[str, ...] = ()

    def nearest(self, path: str, known: tuple[str, ...], speller: Speller) -> str:
        """Return the known path that is most like `path`, or that ends with it."""
        longer = (each for each in known if each.endswith(f".{path}"))
        return next(longer, "") or speller.nearest(path, known)


def targets_of(sections: Mapping[str, Node], speller: Speller) -> Targets:
    """Return what events may name in the sections that are there."""
    blocks = {name: section for name, section in sections.items() if isinstance(section, Block)}
    sent = blocks["shipments"].items() if "shipments" in blocks else ()
    legs = tuple(leg for name, shipment in sent for leg in _legs(f"shipments.{name}", shipment))
    stopped = tuple(f"{section}.{name}" for section in STOPPED for name in blocks.get(section, ()))
    fleets = {leg.partition(".route.")[0] for leg in legs}
    unsure = tuple(f"{name}." for name in sections if name not in blocks)
    return Targets(
        (*stopped, *legs), tuple(_multiplied(blocks, speller)), frozenset({*fleets, *legs}), unsure
    )


def _legs(path: str, shipment: Node) -> Iterator[str]:
    route = shipment.get("route") if isinstance(shipment, Block) else None
    for leg in range(len(route) if isinstance(route, Items) else 0):
        yield f"{path}.route.{leg}"


def _multiplied(blocks: Mapping[str, Block], speller: Speller) -> Iterator[str]:
    for section, key, always in MULTIPLIED:
        for name, part in blocks[section].items() if section in blocks else ():
            if always or not isinstance(part, Block) or meant(part, key, speller) is not None:
                yield f"{section}.{name}.{key}"
