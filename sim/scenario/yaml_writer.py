"""YAML writer: a node tree to text that reads back as the same tree."""

from __future__ import annotations

import io
from collections.abc import Iterator

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from ruamel.yaml.tag import Tag

from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode

#: Keys that YAML reads as another type without quotes.
QUOTED_SCALARS = frozenset({"", "null", "~", "<<"})
LINE_WIDTH = 100
STRING_TAG = Tag(suffix="tag:yaml.org,2002:str")


def write_yaml(block: MapNode) -> str:
    """Return a tree as YAML text; it round-trips."""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.width = LINE_WIDTH
    yaml.emit(_document_events(block), out)
    return out.getvalue()


def _document_events(block: MapNode) -> Iterator[Event]:
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    yield from _node_events(block)
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _node_events(node: Node) -> Iterator[Event]:
    if isinstance(node, TextNode):
        yield _scalar_event(node.text, plain=node.is_plain and bool(node.text))
    elif isinstance(node, ListNode):
        yield SequenceStartEvent(None, None, implicit=True, flow_style=False)
        for item in node:
            yield from _node_events(item)
        yield SequenceEndEvent()
    else:
        yield MappingStartEvent(None, None, implicit=True, flow_style=False)
        for key, child in node.items():
            yield _scalar_event(key, plain=key not in QUOTED_SCALARS)
            yield from _node_events(child)
        yield MappingEndEvent()


def _scalar_event(text: str, *, plain: bool) -> Event:
    # Implicit in both styles, so that no tag is written.
    return ScalarEvent(None, STRING_TAG, (True, True), text, style=None if plain else '"')
