"""Build invalid files from a valid one, each with the expected messages.

Used by `key_slips`, `edited_files` and `hostile_files`. Expected positions come from `entries`, a separate
parser of the base file, and not from the code under test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

BASE = (Path(__file__).parent.parent.parent / "scenarios" / "white-house-2023.yaml").read_text("utf-8")
NAMES = {"tikhoretsk", "russia", "dprk", "front"}
TEXTS = {"title", "note", "label", "by", "from", "to"}
DATES = {"start", "end"}
REQUIRED = {"schema", "start", "end", "depots", "stock", "rate", "route", "capacity", "travel"}
LIMIT = 60


class ExpectedMessage(NamedTuple):
    """An expected message: position, path, and words in it."""

    line: int
    column: int
    path: str
    words: tuple[str, ...]
    file: str = "scenario.yaml"


@dataclass(frozen=True)
class InvalidFile:
    """An invalid file, with files it refers to, and the expected messages."""

    name: str
    data: bytes
    messages: tuple[ExpectedMessage, ...]
    beside: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class KeyEntry:
    """A key of the file, with the positions of the key and its value."""

    path: str
    key: str
    key_at: int
    value_at: int
    value_end: int
    end: int

    @property
    def value(self) -> str:
        return BASE[self.value_at : self.value_end]

    @property
    def parent(self) -> str:
        return self.path.rpartition(".")[0]

    @property
    def holds_more(self) -> bool:
        """Whether the value is an indented block."""
        return not self.value


def line_and_column(text: str, index: int) -> tuple[int, int]:
    """Return line and column of a character, both from 1."""
    before = text[:index].split("\n")
    return len(before), len(before[-1]) + 1


def base_text(*steps: str) -> str:
    return ".".join(step for step in steps if step)


def entries() -> list[KeyEntry]:
    """Return all keys of the file by indentation, those in braces included."""
    found: list[KeyEntry] = []
    above: list[tuple[int, str]] = []
    item = -1
    for match in re.finditer(r"^( *)(- )?([a-z_]+):(?: +([^\n#]*[^\n #]))?.*$", BASE, re.MULTILINE):
        indent, dash, key, value = match.groups()
        if len(indent) > 2 and above and above[-1][1] == "note":
            continue
        depth = len(indent) + (2 if dash else 0)
        above = [(column, step) for column, step in above if column < (len(indent) if dash else depth)]
        if dash:
            item += 1
            above.append((len(indent) + 1, str(item)))
        elif above and above[-1][1] == "route":
            above.append((len(indent) - 1, str(item)))
        path = base_text(*(step for _, step in above), key)
        value_at = match.start(4) if value else match.end(3) + 1
        end = _end(match.end(), depth)
        found.append(KeyEntry(path, key, match.start(3), value_at, value_at + len(value or ""), end))
        if value and value.startswith("{"):
            found.extend(_inner(path, value, value_at))
        above.append((depth, key))
    return found


def _end(index: int, depth: int) -> int:
    """Return the end of the lines deeper than `depth` after the line at `index`."""
    while match := re.compile(rf"\n( {{{depth + 1},}}\S.*| *(#.*)?)(?=\n)").match(BASE, index):
        index = match.end()
    return index


def _inner(path: str, value: str, value_at: int) -> Iterator[KeyEntry]:
    for match in re.finditer(r"([a-z]+): ([^,}]+)(?:, )?", value):
        key, start = match[1], value_at + match.start()
        inner = path if key == "value" else f"{path}.{key}"
        first, last = value_at + match.start(2), value_at + match.end(2)
        yield KeyEntry(inner, key, start, first, last, value_at + match.end())


ENTRIES = entries()


def entry(path: str) -> KeyEntry:
    return next(each for each in ENTRIES if each.path == path)


def splice_base(start: int, end: int, new: str) -> str:
    return BASE[:start] + new + BASE[end:]


def expect_message(text: str, index: int, path: str, *words: str) -> ExpectedMessage:
    return ExpectedMessage(*line_and_column(text, index), path, words)


def quote_value(text: str) -> str:
    """Return a value as quoted in messages, cut if long."""
    return repr(text)[: LIMIT - 10]


def with_value(of: KeyEntry, name: str, value: str, *words: str) -> InvalidFile:
    """Return a mutant with another value, reported at the value."""
    start = of.value_at if of.value else of.key_at + len(of.key) + 1
    new = value if of.value else " " + value
    text = splice_base(start, of.value_end if of.value else of.end, new)
    at = text.index(new, start) + (0 if of.value else 1)
    spelled = base_text(of.path, "value" if of.key == "value" else "")
    return InvalidFile(f"{spelled}: {name}", text.encode(), (expect_message(text, at, of.path, *words),))


def invalid_at(
    name: str, text: str, needle: str, *words: str, data: bytes | None = None, path: str = ""
) -> InvalidFile:
    """Return a mutant with this text, reported at the first `needle`."""
    return InvalidFile(
        name,
        text.encode() if data is None else data,
        (expect_message(text, text.index(needle), path, *words),),
    )


def replace_in_base(old: str, new: str) -> str:
    assert old in BASE
    return BASE.replace(old, new, 1)
