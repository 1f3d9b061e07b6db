"""Validation of component names and labels, independent of the rest of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sim.account import INITIAL, REFURBISHED
from sim.errors import Fault
from sim.scenario.quantity import QUANTITY_KEYS
from sim.scenario.yaml_nodes import MapNode, TextNode
from sim.units import quote

NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,80}")
NAMES_ALLOWED = "up to 80 letters, digits, - and _"
SECTIONS = (
    "munitions",
    "depots",
    "production",
    "refurbishment",
    "shipments",
    "transfers",
    "consumption",
    "events",
)
ORIGINS = ("production", "shipments")
#: Groups of sections within which labels are unique.
LABEL_SPACES = (ORIGINS, *((section,) for section in SECTIONS if section not in ORIGINS))


def check_names(tree: MapNode) -> Iterator[Fault]:
    """Yield the faults of component names (rule 10)."""
    for section in SECTIONS:
        named = tree.get(section)
        for name, where in named.keys_at.items() if isinstance(named, MapNode) else ():
            path = f"{section}.{name}"
            if not NAME_PATTERN.fullmatch(name):
                yield Fault(f"{quote(name)} is not a name", where, section, NAMES_ALLOWED)
            elif name in QUANTITY_KEYS:
                yield Fault(f"{name!r} is a word of quantities, not a name", where, path, "another name")
            elif section in ORIGINS and name in {INITIAL, REFURBISHED}:
                yield Fault(f"{name!r} is an origin already", where, path, "another name")
    yield from _duplicate_names(tree)


def check_labels(tree: MapNode) -> Iterator[Fault]:
    """Yield a fault for each label that another component, or another origin, has already."""
    for sections in LABEL_SPACES:
        first: dict[str, str] = {}
        for path, label in _labels(tree, sections):
            other = first.setdefault(label.text.strip().casefold(), path)
            if other != path:
                problem = f"{other} has the label {quote(label.text)} already"
                yield Fault(problem, label.where, f"{path}.label", "another label")


def _labels(tree: MapNode, sections: tuple[str, ...]) -> Iterator[tuple[str, TextNode]]:
    for section in sections:
        parts = tree.get(section)
        for name, part in parts.items() if isinstance(parts, MapNode) else ():
            label = part.get("label") if isinstance(part, MapNode) else None
            if isinstance(label, TextNode) and label.text.strip():
                yield f"{section}.{name}", label


def _duplicate_names(tree: MapNode) -> Iterator[Fault]:
    lines, suppliers = (tree.get(section) for section in ORIGINS)
    if isinstance(lines, MapNode) and isinstance(suppliers, MapNode):
        for name in lines.keys() & suppliers.keys():
            problem = f"{quote(name)} is a production line as well; origins are told apart by name"
            yield Fault(problem, suppliers.keys_at[name], f"shipments.{name}", "another name")
