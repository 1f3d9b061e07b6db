"""What a key must know of the rest of the file to be checked, and how what is wrong reaches pydantic."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from sim.errors import Fault
from sim.scenario.nodes import Block, Node, Text
from sim.scenario.spelling import Speller
from sim.units import UnitError, parse_date

ONLY_MUNITION = "shells"


class Context(NamedTuple):
    """What is known of a file before any of its keys is checked.

    Attributes
    ----------
    munitions, depots : tuple of str
        Names, in file order.
    consuming : frozenset of str
        Depots with a consumer.
    start : int or None
        The first day as an ordinal; None where the file gives none that can be read.
    sources : collection of str or None
        Known ids of evidence; None takes any.
    rules : collection of str
        Names of the caller's own rules of rationing.
    speller : Speller
        Finds the nearest right name.
    """

    munitions: tuple[str, ...]
    depots: tuple[str, ...]
    consuming: frozenset[str]
    start: int | None
    sources: Collection[str] | None
    rules: Collection[str]
    speller: Speller


def context_of(
    tree: Block, sources: Collection[str] | None, rules: Collection[str], speller: Speller
) -> Context:
    """Read from a tree, right or wrong, what its keys must know of one another."""
    depots = tree.get("depots")
    names = tuple(depots) if isinstance(depots, Block) else ()
    named = tree.get("munitions")
    munitions = tuple(named) if isinstance(named, Block) and named else (ONLY_MUNITION,)
    consuming = frozenset(_consuming(tree, names))
    return Context(munitions, names, consuming, _start(tree), sources, rules, speller)


def _consuming(tree: Block, depots: tuple[str, ...]) -> Iterator[str]:
    consumers = tree.get("consumption")
    for consumer in consumers.values() if isinstance(consumers, Block) else ():
        at: Node | None = consumer.get("at") if isinstance(consumer, Block) else None
        if isinstance(at, Text):
            yield at.text.strip()
        elif len(depots) == 1:
            yield depots[0]


def _start(tree: Block) -> int | None:
    start = tree.get("start")
    try:
        return parse_date(start.text).toordinal() if isinstance(start, Text) else None
    except UnitError:
        return None


def as_pydantic(*faults: Fault) -> PydanticCustomError:
    """Wrap faults for pydantic, which adds nothing to them; one without a place is given that of its key."""
    return PydanticCustomError("faults", "faults", {"faults": faults})
