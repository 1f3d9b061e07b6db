"""Minimal independent parser of scenario texts, and edits of a text or of plain data.

It gives the expected positions of messages, independently of the code under test. It reads block keys, keys
in braces, and JSON.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

LINE = re.compile(r"^( *)(\w[\w -]*):(?: +([^\n]*?))?(?: +#[^\n]*)?$", re.MULTILINE)
FLOW_KEY = re.compile(r'[\s,]*(?:"([^"]*)"|([^\s"{}:,][^"{}:,\n]*)):\s+')
FLOW_VALUE = re.compile(r'"[^"]*"|\[[^\]]*\]|[^,}\n]*[^,}\n ]')
ITEM = re.compile(r'"[^"]*"|[^\s,\]][^,\]\n]*')
PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class KeySpan(NamedTuple):
    """Positions of a key and its value in a text."""

    at: int
    name_end: int
    value_at: int
    value_end: int
    indent: int | None
    """None in braces."""


class Edit(NamedTuple):
    """An edit; `what` is set, rename, drop or add."""

    what: str
    path: str
    new: str = ""


@dataclass(frozen=True)
class ScenarioText:
    """A text with the position of each key by its path."""

    text: str
    keys: Mapping[str, KeySpan]

    @classmethod
    def of(cls, text: str) -> ScenarioText:
        whole = _braces(text, 0, "") if text.startswith("{") else _lines(text)
        return cls(text, dict(whole))

    def place(self, path: str, *, key: bool) -> tuple[int, int]:
        """Return line and column, from 1, of a key or its value; of the whole text without a path."""
        if not path:
            index = 0 if self.text.startswith("{") else min(found.at for found in self.keys.values())
        else:
            index = self.keys[path].at if key else self.keys[path].value_at
        before = self.text[:index].split("\n")
        return len(before), len(before[-1]) + 1

    def value(self, path: str) -> str:
        return self.text[self.keys[path].value_at : self.keys[path].value_end]

    def is_block(self, path: str) -> bool:
        """Return whether the value is an indented block."""
        found = self.keys[path]
        return "\n" in self.text[found.name_end : found.value_at]

    def edited(self, edit: Edit) -> str:
        """Return the text after an edit."""
        if edit.what == "add":
            return self._with(edit)
        key = self.keys[edit.path]
        if edit.what == "rename":
            return self.text[: key.at] + edit.new + self.text[key.name_end :]
        if edit.what == "set":
            return f"{self.text[: key.name_end]}: {edit.new}{self.text[key.value_end :]}"
        if key.indent is not None:
            return (
                self.text[: key.at - key.indent] + self.text[key.value_end :].lstrip(" ").partition("\n")[2]
            )
        before, after = self.text[: key.at], self.text[key.value_end :]
        return before + after[2:] if after.startswith(", ") else before.removesuffix(", ") + after

    def _with(self, edit: Edit) -> str:
        parent, _, name = edit.path.rpartition(".")
        if not parent:
            return f"{self.text}{name}: {edit.new}\n"
        key = self.keys[parent]
        written = f"{name}: {edit.new}"
        if self.is_block(parent):
            first = self.text.rindex("\n", 0, key.value_at) + 1
            return self.text[:first] + " " * ((key.indent or 0) + 2) + written + "\n" + self.text[first:]
        rest = self.text[key.value_at + 1 :]
        return self.text[: key.value_at + 1] + written + ("" if rest.startswith("}") else ", ") + rest


def _lines(text: str) -> Iterator[tuple[str, KeySpan]]:
    above: list[tuple[int, str, KeySpan]] = []
    last = 0
    for match in LINE.finditer(text):
        indent, name, value = len(match[1]), match[2], match[3] or ""
        yield from _ended(above, indent, last)
        last = match.end()
        path = f"{above[-1][1]}.{name}" if above else name
        if above and above[-1][2].value_at < 0:
            above[-1] = (*above[-1][:2], above[-1][2]._replace(value_at=match.start(2)))
        key = KeySpan(match.start(2), match.end(2), match.start(3) if value else -1, match.end(3), indent)
        if not value:
            above.append((indent, path, key))
            continue
        yield path, key
        if value.startswith("{"):
            yield from _braces(text, match.start(3), path)
        yield from _items(text, match.start(3), path)
    yield from _ended(above, 0, last)


def _ended(above: list[tuple[int, str, KeySpan]], indent: int, end: int) -> Iterator[tuple[str, KeySpan]]:
    """Yield the keys whose indented blocks end before a line of `indent`."""
    while above and above[-1][0] >= indent:
        _, path, key = above.pop()
        yield path, key._replace(value_at=max(key.value_at, key.name_end + 1), value_end=end)


def _braces(text: str, start: int, path: str) -> Iterator[tuple[str, KeySpan]]:
    index = start + 1
    while match := FLOW_KEY.match(text, index):
        name = match[1] if match[1] is not None else match[2]
        at = match.start(1) - 1 if match[1] is not None else match.start(2)
        name_end = match.end(1) + 1 if match[1] is not None else match.end(2)
        inner = f"{path}.{name}" if path else name
        value_at = match.end()
        if text[value_at] == "{":
            yield from _braces(text, value_at, inner)
            index = _closing(text, value_at)
        else:
            yield from _items(text, value_at, inner)
            value = FLOW_VALUE.match(text, value_at)
            index = value.end() if value else value_at
        yield inner, KeySpan(at, name_end, value_at, index, None)


def _items(text: str, start: int, path: str) -> Iterator[tuple[str, KeySpan]]:
    if text[start] == "[":
        for number, item in enumerate(ITEM.finditer(text, start + 1, text.index("]", start))):
            yield f"{path}.{number}", KeySpan(item.start(), item.start(), item.start(), item.end(), None)


def _closing(text: str, start: int) -> int:
    depth = 0
    for index in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[index], 0)
        if depth == 0:
            return index + 1
    raise AssertionError(text[start:])


def data_of(text: str) -> Any:
    """Parse a text as plain data: words as text, plain numbers as numbers."""
    page = ScenarioText.of(text)
    found: dict[str, Any] = {}
    for path in sorted(page.keys, key=lambda path: page.keys[path].at):
        if page.keys[path].at == page.keys[path].value_at:
            continue
        above, _, name = path.rpartition(".")
        data_at(found, above)[name] = {} if _holds_keys(page, path) else scalar(page.value(path))
    return found


def _holds_keys(page: ScenarioText, path: str) -> bool:
    return page.is_block(path) or page.value(path).startswith("{")


def data_at(data: dict[str, Any], path: str) -> dict[str, Any]:
    for step in path.split(".") if path else ():
        data = data[step]
    return data


def scalar(text: str) -> Any:
    """Return one value of a text as a JSON value."""
    if text.startswith("{"):
        return data_of(text)
    if text.startswith("["):
        return [scalar(item.strip()) for item in text[1:-1].split(",") if item.strip()]
    if text in {"null", "~"}:
        return None
    return json.loads(text) if PLAIN_NUMBER.fullmatch(text) else text.strip("'\"")


def edited_data(data: Any, edits: tuple[Edit, ...]) -> Any:
    """Apply edits to plain data."""
    made = copy.deepcopy(data)
    for edit in edits:
        above, _, name = edit.path.rpartition(".")
        block = data_at(made, above)
        if edit.what == "drop":
            del block[name]
        elif edit.what == "rename":
            renamed = {edit.new if key == name else key: value for key, value in block.items()}
            block.clear()
            block.update(renamed)
        else:
            block[name] = scalar(edit.new)
    return made
