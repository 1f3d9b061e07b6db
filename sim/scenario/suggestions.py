"""The nearest right name of a wrong one, within what one file may cost."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sim.errors import nearest
from sim.scenario.yaml_nodes import MapNode, Node

MAX_COMPARISONS = 50_000
MAX_LISTED = 20


class Suggester:
    """Finds the nearest of some names for as long as its patience lasts.

    A comparison takes microseconds, and a hostile file of nothing but slips can ask for millions of them; the
    first slips of a file get an answer, and those of any honest file all do.
    """

    def __init__(self) -> None:
        self.left = MAX_COMPARISONS

    def nearest(self, word: str, known: Collection[str]) -> str:
        """Return the name most like `word`; an empty text where none is near, or patience is out."""
        if len(known) > self.left:
            return ""
        self.left -= len(known)
        return nearest(word, known)


def closest_key(block: MapNode, key: str, speller: Suggester, apart: Collection[str] = ()) -> Node | None:
    """Return the node under `key`; where there is none, the one under a slip of it: one slip is told once.

    Parameters
    ----------
    block : Block
    key : str
    speller : Speller
    apart : collection of str
        Keys that are right, and so no slips.
    """
    if key in block:
        return block[key]
    near = speller.nearest(key, [other for other in block if other not in apart])
    return block[near] if near else None


def join_names(names: Iterable[str]) -> str:
    """Return names with commas between, the first twenty of them where there are more."""
    first = list(names)
    rest = len(first) - MAX_LISTED
    text = ", ".join(first[:MAX_LISTED])
    return f"{text} and {rest:,} more" if rest > 0 else text
