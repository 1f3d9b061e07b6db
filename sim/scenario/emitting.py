"""The resolved scenario as YAML text that reads back as the same tree."""

from __future__ import annotations

import io

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode
from ruamel.yaml.nodes import Node as YamlNode
from ruamel.yaml.resolver import VersionedResolver

from sim.scenario.nodes import Block, Items, Node, Text


def yaml_text(block: Block) -> str:
    """Return a tree as YAML text that reads back as the same tree."""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.width = 100
    yaml.serialize(_yaml_node(block, VersionedResolver(version=(1, 2))), out)
    return out.getvalue()


def _yaml_node(node: Node, resolver: VersionedResolver) -> YamlNode:
    if isinstance(node, Text):
        return _scalar(node.text, resolver, plain=node.plain)
    if isinstance(node, Items):
        items = [_yaml_node(item, resolver) for item in node]
        return SequenceNode("tag:yaml.org,2002:seq", items, flow_style=False)
    pairs = [(_scalar(key, resolver, plain=True), _yaml_node(child, resolver)) for key, child in node.items()]
    return MappingNode("tag:yaml.org,2002:map", pairs, flow_style=False)


def _scalar(text: str, resolver: VersionedResolver, *, plain: bool) -> ScalarNode:
    tag = resolver.resolve(ScalarNode, text, (True, False)) if plain else "tag:yaml.org,2002:str"
    return ScalarNode(tag, text, style=None if plain else '"')
