"""Between plain Python data and the tree: dictionaries in, and the resolved scenario out as text."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode
from ruamel.yaml.resolver import VersionedResolver

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.nodes import Block, Items, Node, Text
from sim.scenario.reading import DEEPEST


def node_of(value: object, origin: str, path: str = "", depth: int = 1) -> Node:
    """Return plain Python data as a tree.

    Parameters
    ----------
    value : dict, list, str, int, float, date or None
    origin : str
        What errors name instead of a file.

    Raises
    ------
    ScenarioError
        A value is of another type, or nested too deep.
    """
    where = Where(origin, 1, 1)
    if depth > DEEPEST:
        raise ScenarioError([Fault("values are nested too deep", where, path, f"at most {DEEPEST} deep")])
    if isinstance(value, Mapping):
        block = Block(where)
        for key, child in value.items():
            block.put(_key(key, where, path), node_of(child, origin, f"{path}.{key}", depth + 1), where)
        return block
    if isinstance(value, list | tuple):
        return Items(where, (node_of(child, origin, f"{path}.{i}", depth + 1) for i, child in enumerate(value)))
    return Text(_text(value, where, path), where, plain=value not in ("null", "~", ""))


def _key(key: object, where: Where, path: str) -> str:
    if isinstance(key, dt.date):
        return key.isoformat()
    if isinstance(key, str):
        return key
    if isinstance(key, int | float) and not isinstance(key, bool):
        return repr(key)
    raise ScenarioError([Fault(f"a key of type {type(key).__name__}", where, path, "text, a date or a number")])


def _text(value: object, where: Where, path: str) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        item = getattr(value, "item", None)  # a numpy scalar stands for the number it holds
        if callable(item) and isinstance(plain := item(), int | float) and not isinstance(plain, bool):
            return repr(plain)
        problem = f"a value of type {type(value).__name__}"
        raise ScenarioError([Fault(problem, where, path, "text, a number, a date, a list or a dictionary")])
    return repr(value)


def yaml_text(block: Block) -> str:
    """Return a tree as YAML text that reads back as the same tree."""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.width = 100
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False
    yaml.serialize(_yaml_node(block, VersionedResolver(version=(1, 2))), out)
    return out.getvalue()


def _yaml_node(node: Node, resolver: VersionedResolver) -> YamlNode:
    if isinstance(node, Text):
        return _scalar(node.text, resolver, plain=node.plain)
    if isinstance(node, Items):
        return SequenceNode("tag:yaml.org,2002:seq", [_yaml_node(item, resolver) for item in node], flow_style=False)
    pairs: Iterable[tuple[Any, Any]] = [
        (_scalar(key, resolver, plain=True), _yaml_node(child, resolver)) for key, child in node.items()
    ]
    return MappingNode("tag:yaml.org,2002:map", list(pairs), flow_style=False)


def _scalar(text: str, resolver: VersionedResolver, *, plain: bool) -> ScalarNode:
    tag = resolver.resolve(ScalarNode, text, (True, False)) if plain else "tag:yaml.org,2002:str"
    return ScalarNode(tag, text, style=None if plain else '"')


def flow_text(node: Node | dict[str, Node]) -> str:
    """Return a tree on one line, for a reader: ``{low: 3M, high: 7M}``."""
    if isinstance(node, Text):
        return node.text
    if isinstance(node, Items):
        return "[" + ", ".join(flow_text(item) for item in node) + "]"
    return "{" + ", ".join(f"{key}: {flow_text(child)}" for key, child in node.items()) + "}"


def canonical_text(block: Block) -> str:
    """Return what a scenario's account depends on: keys in order, no titles, notes or sources."""
    return repr(_canonical(block, top=True))


def _canonical(node: Node, *, top: bool = False) -> object:
    if isinstance(node, Text):
        return node.text.strip()
    if isinstance(node, Items):
        return [_canonical(item) for item in node]
    beside = {"note", "source", *(("title", "extends") if top else ("in_return",))}
    kept = [(key, child) for key, child in node.items() if key not in beside]
    if [key for key, _ in kept] == ["value"]:
        return _canonical(kept[0][1])
    return [(key, _canonical(child)) for key, child in (kept if _ordered(node) else sorted(kept, key=lambda pair: pair[0]))]


def _ordered(node: Block) -> bool:
    # The order of weighted choices is part of their law (rule 7).
    return "choices" in node
