"""From bytes to a tree with positions: YAML 1.2 without tags, anchors, aliases, merge keys or surprises.

Limits are held on the stream of events, before anything is composed, so that a hostile file costs no
more than an honest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.nodes import Block, Items, Node, Text

LARGEST_FILE = 1_000_000
MOST_NODES = 15_000
DEEPEST = 20
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff")
# What ruamel.yaml lets through on malformed input besides its own errors, as fuzzing shows.
PARSER_ERRORS = (
    YAMLError,
    ValueError,
    OverflowError,
    AssertionError,
    LookupError,
    AttributeError,
    TypeError,
    RecursionError,
)


def read_bytes(data: bytes, file: str) -> Block:
    """Read a scenario text.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without a byte-order mark; at most 1 MB, 15,000 nodes and 20 deep.
    file : str
        The name that errors give.

    Returns
    -------
    Block
        The map at the top of the one document.

    Raises
    ------
    ScenarioError
        With the place of what is wrong.
    """
    if len(data) > LARGEST_FILE:
        _fail(f"the file has {len(data):,} bytes", Where(file, 1, 1), "at most 1 MB")
    node = read_text(_decoded(data, file), file)
    if not isinstance(node, Block):
        _fail("the file is not a map of keys", node.where, "key: value lines, such as schema: 1")
    return node


def read_text(text: str, file: str) -> Node:
    """Read one YAML document; see `read_bytes`."""
    odd = UNREADABLE.search(text)
    if odd:
        _fail(f"the character U+{ord(odd.group()):04X} may not stand in a file", _place(text, odd.start(), file))
    return _Composer(text, file).document()


def _decoded(data: bytes, file: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _fail("the file is UTF-16", Where(file, 1, 1), "UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        _fail("the file is not UTF-8", _place(before, len(before), file), "UTF-8")


def _place(text: str, index: int, file: str) -> Where:
    before = text[:index]
    return Where(file, before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)


def _fail(problem: str, where: Where, allowed: str = "") -> NoReturn:
    raise ScenarioError([Fault(problem, where, allowed=allowed)])


class _Composer:
    """Builds the tree from events, one document, within the limits."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.events = self._stream(text)
        self.nodes = 0
        self.last = Where(file, 1, 1)
        self.faults: list[Fault] = []

    def _stream(self, text: str) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            where = Where(self.file, mark.line + 1, mark.column + 1) if mark else self.last
            _fail(f"not YAML: {error.problem or error.context or 'cannot be read'}", where, "YAML 1.2")
        except PARSER_ERRORS as error:
            problem = str(error).splitlines() or [type(error).__name__]
            _fail(f"not YAML: {problem[0]}", self.last, "YAML 1.2")

    def document(self) -> Node:
        self._next()
        start = self._next()
        if type(start).__name__ == "StreamEndEvent":
            _fail("the file is empty", Where(self.file, 1, 1), "key: value lines, such as schema: 1")
        if getattr(start, "version", None) or getattr(start, "tags", None):
            _fail("directives are not part of the format", self._at(start))
        node = self._node(self._next(), 1)
        self._next()
        more = self._next()
        if type(more).__name__ != "StreamEndEvent":
            _fail("a second document begins here", self._at(more), "one document a file")
        if self.faults:
            raise ScenarioError(self.faults)
        return node

    def _next(self) -> Any:
        event = next(self.events)
        self.last = self._at(event)
        return event

    def _at(self, event: Any) -> Where:
        return Where(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, depth: int) -> Node:
        where = self._at(event)
        self._check(event, where, depth)
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return Text(str(event.value), where, plain=event.style is None)
        if kind == "SequenceStartEvent":
            items = Items(where)
            while type(inner := self._next()).__name__ != "SequenceEndEvent":
                items.append(self._node(inner, depth + 1))
            return items
        return self._block(where, depth)

    def _check(self, event: Any, where: Where, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            _fail("the file has too many values", where, f"at most {MOST_NODES:,} keys and values")
        if depth > DEEPEST:
            _fail("values are nested too deep", where, f"at most {DEEPEST} deep")
        if type(event).__name__ == "AliasEvent":
            _fail("an alias (*) is not part of the format", where, "write the value again, or use extends")
        if event.anchor is not None:
            _fail("an anchor (&) is not part of the format", where, "write the value again, or use extends")
        if event.tag is not None:
            _fail("a tag (!) is not part of the format", where, "the plain value")

    def _block(self, where: Where, depth: int) -> Block:
        block = Block(where)
        while type(event := self._next()).__name__ != "MappingEndEvent":
            at = self._at(event)
            key = self._node(event, depth + 1)
            if not isinstance(key, Text):
                _fail("a key must be a word", at, "a plain word as key")
            if key.text == "<<" and key.plain:
                _fail("a merge key (<<) is not part of the format", at, "use extends")
            node = self._node(self._next(), depth + 1)
            if key.text in block:
                first = block.keys_at[key.text]
                self.faults.append(Fault(f"the key {key.text[:80]!r} stands here again, first on line {first.line}", at))
            block.put(key.text, node, at)
        return block
