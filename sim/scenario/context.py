"""What a key must know of the rest of the file to be checked, and how what is wrong reaches pydantic."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from sim.errors import Fault
from sim.scenario.checking import SECTIONS
from sim.scenario.nodes import Block, Node, Text
from sim.scenario.spelling import Speller
from sim.units import UnitError, parse_date

ONLY_MUNITION = "shells"


class Context(NamedTuple):
    """What is known of a file before any of its keys is checked.

    Attributes
    ----------
    munitions, depots : tuple of str
        Names, in file order; empty where a section is there, but no map that could give them.
    consuming : frozenset of str
        Depots with a consumer; all of them where it is not clear at which one a consumer stands.
    start : int or None
        The first day as an ordinal; None where the file gives none that can be read.
    sources : collection of str or None
        Known ids of evidence; None takes any.
    speller : Speller
        Finds the nearest right name.
    """

    munitions: tuple[str, ...]
    depots: tuple[str, ...]
    consuming: frozenset[str]
    start: int | None
    sources: Collection[str] | None
    speller: Speller


def context_of(tree: Block, sources: Collection[str] | None, speller: Speller) -> Context:
    """Read from a tree, right or wrong, what its keys must know of one another."""
    depots = tuple(_names(_section(tree, "depots", speller)))
    named = _section(tree, "munitions", speller)
    munitions = tuple(_names(named)) if named is not None and named != {} else (ONLY_MUNITION,)
    consuming = frozenset(_consuming(_section(tree, "consumption", speller), depots))
    return Context(munitions, depots, consuming, _start(tree), sources, speller)


def _section(tree: Block, name: str, speller: Speller) -> Node | None:
    """Return a section; where there is none, the one whose name is a slip of it, so that it is one slip."""
    if name in tree:
        return tree[name]
    others = [key for key in tree if key not in SECTIONS]
    return tree.get(speller.nearest(name, others))


def _names(section: Node | None) -> Iterator[str]:
    yield from section if isinstance(section, Block) else ()


def _consuming(consumers: Node | None, depots: tuple[str, ...]) -> Iterator[str]:
    if consumers is None:
        return
    for consumer in consumers.values() if isinstance(consumers, Block) else [consumers]:
        at = consumer.get("at") if isinstance(consumer, Block) else None
        if isinstance(at, Text) and at.text.strip() in depots:
            yield at.text.strip()
        else:
            yield from depots


def _start(tree: Block) -> int | None:
    start = tree.get("start")
    try:
        return parse_date(start.text).toordinal() if isinstance(start, Text) else None
    except UnitError:
        return None


def as_pydantic(*faults: Fault) -> PydanticCustomError:
    """Wrap faults for pydantic, which adds nothing to them; one without a place is given that of its key."""
    return PydanticCustomError("faults", "faults", {"faults": faults})
