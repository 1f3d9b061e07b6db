"""Spelling suggestions with a budget of comparisons per file."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sim.errors import nearest
from sim.scenario.yaml_nodes import MapNode, Node

MAX_COMPARISONS = 50_000
MAX_LISTED = 20


class Suggester:
    """Finder of the most similar known name, within a budget of comparisons per file.

    A malicious file may contain thousands of unknown names, each compared with thousands of known ones. The
    budget bounds the time; it is large enough for every mistake of an ordinary file.
    """

    def __init__(self) -> None:
        self.left = MAX_COMPARISONS

    def nearest(self, word: str, known: Collection[str]) -> str:
        """Return the name most similar to `word`; empty if none is similar or the budget is spent."""
        if len(known) > self.left:
            return ""
        self.left -= len(known)
        return nearest(word, known)


def closest_key(block: MapNode, key: str, suggester: Suggester, apart: Collection[str] = ()) -> Node | None:
    """Return the node under `key` or a misspelling of it, which no key of `apart` is; else None."""
    if key in block:
        return block[key]
    near = suggester.nearest(key, [other for other in block if other not in apart])
    return block[near] if near else None


def join_names(names: Iterable[str]) -> str:
    """Join names with commas, at most the first twenty."""
    first = list(names)
    rest = len(first) - MAX_LISTED
    text = ", ".join(first[:MAX_LISTED])
    return f"{text} and {rest:,} more" if rest > 0 else text
