"""What a key must know of the rest of the file to be checked, and how what is wrong reaches pydantic."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from pydantic_core import PydanticCustomError

from sim.errors import Fault
from sim.scenario.checking import SECTIONS
from sim.scenario.nodes import Block, Node, Text
from sim.scenario.spelling import Speller, meant
from sim.scenario.targets import Targets, targets_of
from sim.units import UnitError, parse_date

ONLY_MUNITION = "shells"


class Context(NamedTuple):
    """What is known of a file before any of its keys is checked.

    Attributes
    ----------
    munitions, depots : tuple of str
        Names, in file order; empty where a section is there, but no map that could give them.
    weighed : frozenset of str
        Munitions with a mass.
    consuming : frozenset of str
        Depots with a consumer; all of them where it is not clear at which one a consumer stands.
    targets : Targets
        What events may act on.
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
    weighed: frozenset[str]
    depots: tuple[str, ...]
    consuming: frozenset[str]
    targets: Targets
    start: int | None
    sources: Collection[str] | None
    rules: Collection[str]
    speller: Speller


def context_of(
    tree: Block, sources: Collection[str] | None, rules: Collection[str], speller: Speller
) -> Context:
    """Read from a tree, right or wrong, what its keys must know of one another."""
    found = {name: meant(tree, name, speller, SECTIONS) for name in SECTIONS}
    sections = {name: section for name, section in found.items() if section is not None}
    depots = tuple(_names(sections.get("depots")))
    munitions = sections.get("munitions")
    return Context(
        munitions=(ONLY_MUNITION,) if munitions is None or munitions == {} else tuple(_names(munitions)),
        weighed=frozenset(_weighed(munitions, speller)),
        depots=depots,
        consuming=frozenset(_consuming(sections.get("consumption"), depots)),
        targets=targets_of(sections, speller),
        start=_start(tree),
        sources=sources,
        rules=rules,
        speller=speller,
    )


def _names(section: Node | None) -> Iterator[str]:
    yield from section if isinstance(section, Block) else ()


def _weighed(munitions: Node | None, speller: Speller) -> Iterator[str]:
    for name, munition in munitions.items() if isinstance(munitions, Block) else ():
        if not isinstance(munition, Block) or meant(munition, "gross_mass", speller) is not None:
            yield name


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
