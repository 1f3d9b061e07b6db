"""YAML reader: bytes to a node tree with positions.

The format is YAML 1.2 without tags, anchors, aliases and merge keys. Limits apply to the event stream, before
composition, so that a malicious file cannot exhaust memory or time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from sim.errors import Fault, ScenarioError, Where
from sim.scenario.digit_groups import join_item, join_key
from sim.scenario.yaml_hints import find_hint, quoted_line
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, join_path
from sim.units import quote

MAX_FILE_BYTES = 1_000_000
MAX_LINES = 50_000
MAX_NODES = 15_000
MAX_DEPTH = 20
#: Characters not allowed in a file: controls, lone surrogates, a byte-order mark, and the line breaks of YAML
#: 1.1, which editors and parsers count differently.
UNPRINTABLE = r"[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
PRINTABLE_TEXT = "printable characters, spaces, tabs and line breaks"
LINE_BREAK = r"\r\n|\r|\n"
#: Parsing time is quadratic in the length of a tag, before the tag event is emitted.
LONG_TAG_PATTERN = r"(?<![^\s,\[{])!\S{500}"
DIRECTIVE_PATTERN = r"(?m)^%"
#: Further exceptions of the parser on malformed input, found by fuzzing: escapes beyond Unicode, and versions
#: of thousands of digits.
PARSER_ERRORS = (ValueError, OverflowError)


def read_bytes(data: bytes, file: str, faults: list[Fault]) -> MapNode:
    """Return the top-level map of a scenario file; duplicate keys are collected in `faults`.

    The file is UTF-8, with or without a byte-order mark; at most 1 MB, 50,000 lines, 15,000 nodes and 20
    deep.

    Raise `ScenarioError` with the position of the fault.
    """
    if len(data) > MAX_FILE_BYTES:
        _raise_fault(f"the file has more than {MAX_FILE_BYTES:,} bytes", Where(file, 1, 1), "at most 1 MB")
    node = read_text(_decode(data, file), file, faults)
    if not isinstance(node, MapNode):
        _raise_fault("the file is not a map of keys", node.where, "key: value lines, such as schema: 1")
    return node


def read_text(text: str, file: str, faults: list[Fault], path: str = "") -> Node:
    """Parse one YAML document whose value has the path `path`; see `read_bytes`."""
    odd = first_unprintable(text)
    if odd:
        _raise_fault(describe_character(odd), _position_after(text[: text.index(odd)], file), PRINTABLE_TEXT)
    tag = re.search(LONG_TAG_PATTERN, text) if "!" in text else None
    if tag:
        _raise_fault(
            "a tag (!) is not part of the format",
            _position_after(text[: tag.start()], file),
            "the plain value",
        )
    if text.count("\n") > MAX_LINES or text.count("\r") > MAX_LINES:
        _raise_fault("the file has too many lines", Where(file, 1, 1), f"at most {MAX_LINES:,}")
    return _Composer(text, file, faults).read_document(path)


def first_unprintable(text: str) -> str:
    """Return the first character not allowed in a file, or an empty string."""
    if text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
        return ""
    odd = re.search(UNPRINTABLE, text)
    return odd.group() if odd else ""


def describe_character(char: str) -> str:
    """Describe a character not allowed in a file, for messages."""
    return f"the character U+{ord(char):04X} may not stand in a text"


def _decode(data: bytes, file: str) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        _raise_fault("the file is UTF-16", Where(file, 1, 1), "UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        _raise_fault("the file is not UTF-8 here", _position_after(before, file), "UTF-8")


def _position_after(before: str, file: str) -> Where:
    lines = re.split(LINE_BREAK, before)
    return Where(file, len(lines), len(lines[-1]) + 1)


def _raise_fault(problem: str, where: Where, allowed: str = "", path: str = "") -> NoReturn:
    raise ScenarioError([Fault(problem, where, path, allowed)])


class _Composer:
    """Builds the tree of one document from parser events, within the limits."""

    def __init__(self, text: str, file: str, faults: list[Fault]) -> None:
        self.file = file
        self.text = text
        self.events = self._stream(text)
        self.nodes = 0
        self.last = Where(file, 1, 1)
        #: Index of the character after the last event.
        self.end = 0
        self.faults = faults

    def _stream(self, text: str) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=True).parse(text)
        except MarkedYAMLError as error:
            raise ScenarioError([self._translate_error(error)]) from None
        except (YAMLError, *PARSER_ERRORS) as error:
            problem = str(error).splitlines() or [type(error).__name__]
            _raise_fault(f"not YAML: {problem[0]}", self.last, "YAML 1.2")

    def _translate_error(self, error: MarkedYAMLError) -> Fault:
        problem, context = error.problem or "it cannot be read", error.context or ""
        # Report an unclosed bracket or quote where it opens, and a key without a colon where it stands, not
        # where the parser notices it.
        open_ended = "end of stream" in problem or "flow" in context or "expected ':'" in problem
        marks = (error.context_mark, error.problem_mark) if open_ended else (error.problem_mark,)
        mark = next((mark for mark in marks if mark is not None), None)
        said = f"{problem} {context}".rstrip()
        if mark is None:
            return Fault(f"not YAML: {said}", self.last, allowed="YAML 1.2")
        where = Where(self.file, mark.line + 1, mark.column + 1)
        hint = find_hint(said, self._line(mark.line), mark.column)
        if hint is None:
            return Fault(f"not YAML: {said}", where, allowed="YAML 1.2")
        return Fault(f"not YAML: {hint.problem}", where, allowed=hint.allowed, nearest=hint.near)

    def _line(self, number: int) -> str:
        """Return a line of the text, by its number from 0."""
        lines = re.split(LINE_BREAK, self.text)
        return lines[number] if number < len(lines) else ""

    def read_document(self, path: str) -> Node:
        self._next()
        start = self._next()
        if isinstance(start, StreamEndEvent):
            _raise_fault("the file is empty", Where(self.file, 1, 1), "key: value lines, such as schema: 1")
        if start.version or start.tags:
            directive = re.search(DIRECTIVE_PATTERN, self.text)
            where = (
                _position_after(self.text[: directive.start()], self.file)
                if directive
                else self._position(start)
            )
            _raise_fault("a directive (%) is not part of the format", where, "YAML 1.2 without directives")
        node = self._node(self._next(), path, 1)
        self._next()
        more = self._next()
        if not isinstance(more, StreamEndEvent):
            _raise_fault("a second document begins here", self._position(more), "one document a file")
        return node

    def _next(self) -> Any:
        event = next(self.events)
        self.last = self._position(event)
        self.end = event.end_mark.index
        return event

    def _position(self, event: Any) -> Where:
        return Where(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _node(self, event: Any, path: str, depth: int) -> Node:
        where = self._position(event)
        self._check_limits(event, where, path, depth)
        if isinstance(event, ScalarEvent):
            return self._text(event, where, path)
        if isinstance(event, SequenceStartEvent):
            return self._list(where, path, depth)
        return self._block(where, path, depth)

    def _text(self, event: Any, where: Where, path: str) -> TextNode:
        text = str(event.value)
        odd = first_unprintable(text)
        if odd:
            _raise_fault(describe_character(odd), where, PRINTABLE_TEXT, path)
        return TextNode(text, where, is_plain=event.style is None)

    def _check_limits(self, event: Any, where: Where, path: str, depth: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            _raise_fault(
                "the file has too many values", where, f"at most {MAX_NODES:,} keys and values", path
            )
        if depth > MAX_DEPTH:
            _raise_fault("values are nested too deep", where, f"at most {MAX_DEPTH} deep", path)
        if isinstance(event, AliasEvent):
            self._refuse(
                f"the alias *{event.anchor[:60]}", "write the value again, or use extends", where, path
            )
        if event.anchor is not None:
            self._refuse(f"the anchor &{event.anchor[:60]}", "the plain value", where, path)
        if event.ctag is not None:
            tag = f"{event.ctag.handle or ''}{event.ctag.suffix or ''}"
            self._refuse(f"the tag {tag[:60]}", "the plain value", where, path)

    def _refuse(self, what: str, allowed: str, where: Where, path: str) -> NoReturn:
        """Raise the fault of a part of YAML that the format leaves out; text that looks like it is quoted."""
        near = quoted_line(self._line(where.line - 1), where.column - 1)
        raise ScenarioError([Fault(f"{what} is not part of the format", where, path, allowed, near)])

    def _list(self, where: Where, path: str, depth: int) -> ListNode:
        items = ListNode(where)
        end = 0
        while not isinstance(event := self._next(), SequenceEndEvent):
            item = self._node(event, join_path(path, len(items)), depth + 1)
            joined = join_item(items[-1], event.start_mark.index - end, item) if items else None
            if joined is None:
                items.append(item)
            else:
                items[-1] = joined
            end = self.end
        return items

    def _block(self, where: Where, path: str, depth: int) -> MapNode:
        block = MapNode(where)
        last, end = "", 0
        while not isinstance(event := self._next(), MappingEndEvent):
            at = self._position(event)
            key = self._node(event, path, depth + 1)
            if not isinstance(key, TextNode) or key.is_null:
                _raise_fault("a key must be a word", at, "a plain word as key", path)
            if key.text == "<<" and key.is_plain:
                _raise_fault("the merge key << is not part of the format", at, "use extends", path)
            inner = join_path(path, key.text)
            end_of_key = self.end
            node = self._node(self._next(), inner, depth + 1)
            joined = join_key(block[last], event.start_mark.index - end, key, node) if last else None
            if joined is not None:
                block.put(last, joined, block.keys_at[last])
                end = end_of_key
                continue
            last, end = key.text, self.end
            if isinstance(node, TextNode) and node.is_plain and not node.text:
                # The parser positions an empty value at the next token.
                node = replace(node, where=at)
            if key.text in block:
                first = f"first on line {block.keys_at[key.text].line}"
                problem = f"the key {quote(key.text)} stands here again, {first}"
                self.faults.append(Fault(problem, at, inner, "each key once"))
            block.put(key.text, node, at)
        return block
