"""Derivation of estimates from other estimates: unknown ids and circles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from sim.errors import Fault, Where, nearest
from sim.evidence.estimate import Estimate

_COLUMN = "derived_from"


def unknown_id_faults(
    rows: Iterable[Estimate], positions: Iterable[Where], known: Collection[str]
) -> list[Fault]:
    """Return a fault for each id in ``derived_from`` that is not known."""
    return [
        Fault(f"unknown row {base!r}", place, _COLUMN, "ids of rows of the table", nearest(base, known))
        for row, place in zip(rows, positions, strict=True)
        for base in row.derived_from
        if base not in known
    ]


def circle_faults(rows: Sequence[Estimate], positions: Sequence[Where]) -> list[Fault]:
    """Return a fault for each circle of rows that derive from each other, at its first row in file order.

    Circles that share a row count as one.
    """
    bases = {row.id: set(row.derived_from) for row in rows}
    places = {row.id: place for row, place in zip(rows, positions, strict=True)}
    order = {row.id: position for position, row in enumerate(rows)}
    faults: list[Fault] = []
    while circle := _find_circle(bases):
        start = circle.index(min(circle, key=order.__getitem__))
        path = [*circle[start:], *circle[: start + 1]]
        problem = f"derives from itself: {' from '.join(path)}" if len(circle) > 1 else "derives from itself"
        faults.append(Fault(problem, places[path[0]], _COLUMN, "rows that do not derive from this one"))
        for row in circle:
            bases[row] = set()
    return sorted(faults, key=lambda fault: fault.where.line if fault.where else 0)


def _find_circle(bases: Mapping[str, set[str]]) -> list[str]:
    """Return the rows of a circle, each followed by one that it derives from; empty if there is none."""
    try:
        TopologicalSorter(bases).prepare()
    except CycleError as error:
        return list(error.args[1])[:0:-1]
    return []
