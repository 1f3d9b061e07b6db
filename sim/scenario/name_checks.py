"""Validation of component names, labels and the currency, independent of the rest of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sim.account import INITIAL, REFURBISHED
from sim.errors import Fault, nearest
from sim.scenario.quantity import QUANTITY_KEYS
from sim.scenario.yaml_nodes import MapNode, Node, TextNode
from sim.units import CURRENCY_PATTERN, UNITS_OF_MONEY, Unit, UnitError, parse, quote

NAME_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,80}")
NAMES_ALLOWED = "up to 80 letters, digits, - and _"
SECTIONS = (
    "munitions",
    "depots",
    "production",
    "refurbishment",
    "shipments",
    "orders",
    "transfers",
    "consumption",
    "events",
)
ORIGINS = ("production", "shipments", "orders")
_ORIGIN_NOUNS = {"production": "a production line", "shipments": "a supplier", "orders": "an order line"}
#: Keys of text that is no number.
_TEXTS = frozenset({"title", "note", "label", "source", "name", "by", "in_return"})
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
    """Yield a fault for each name of two sections of origins, at the later one."""
    named = {section: found for section in ORIGINS if isinstance(found := tree.get(section), MapNode)}
    for place, (section, parts) in enumerate(named.items()):
        for name in parts:
            other = next((each for each in list(named)[:place] if name in named[each]), None)
            if other is not None:
                problem = f"{quote(name)} is {_ORIGIN_NOUNS[other]} as well; origins are told apart by name"
                yield Fault(problem, parts.keys_at[name], f"{section}.{name}", "another name")


def check_currency(tree: MapNode) -> Iterator[Fault]:
    """Yield a fault for the first amount of money of a file without a currency (rule 39)."""
    amounts = (text for section, node in tree.items() if section not in _TEXTS for text in _texts(node))
    # A misspelt key has a fault of its own.
    money = None if nearest("currency", tree) else next(filter(_is_money, amounts), None)
    if money is not None:
        code = CURRENCY_PATTERN.search(money.text)
        problem = f"{quote(money.text)} is money, and the file names no currency"
        yield Fault(problem, money.where, money.path, f"currency: {code[0] if code else 'EUR'}")


def _texts(node: Node) -> Iterator[TextNode]:
    if isinstance(node, TextNode):
        yield node
    elif isinstance(node, MapNode):
        for key, child in node.items():
            if key not in _TEXTS:
                yield from _texts(child)
    else:
        for child in node:
            yield from _texts(child)


def _is_money(node: TextNode) -> bool:
    if not CURRENCY_PATTERN.search(node.text) and Unit.MONEY not in node.text:
        return False
    try:
        return parse(node.text).unit in UNITS_OF_MONEY
    except UnitError:
        return False
