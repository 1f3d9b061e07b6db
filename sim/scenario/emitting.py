"""The resolved scenario as YAML text that reads back as the same tree."""

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

from sim.scenario.nodes import Block, Items, Node, Text

#: Keys that would be read as something else without quotes.
QUOTED = frozenset({"", "null", "~", "<<"})
WIDTH = 100
TEXT = Tag(suffix="tag:yaml.org,2002:str")


def yaml_text(block: Block) -> str:
    """Return a tree as YAML text that reads back as the same tree."""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.width = WIDTH
    yaml.emit(_document(block), out)
    return out.getvalue()


def _document(block: Block) -> Iterator[Event]:
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    yield from _events(block)
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _events(node: Node) -> Iterator[Event]:
    if isinstance(node, Text):
        yield _scalar(node.text, plain=node.plain and bool(node.text))
    elif isinstance(node, Items):
        yield SequenceStartEvent(None, None, implicit=True, flow_style=False)
        for item in node:
            yield from _events(item)
        yield SequenceEndEvent()
    else:
        yield MappingStartEvent(None, None, implicit=True, flow_style=False)
        for key, child in node.items():
            yield _scalar(key, plain=key not in QUOTED)
            yield from _events(child)
        yield MappingEndEvent()


def _scalar(text: str, *, plain: bool) -> Event:
    # Implicit with and without quotes: no tag is ever written, and none is needed by our reader.
    return ScalarEvent(None, TEXT, (True, True), text, style=None if plain else '"')
