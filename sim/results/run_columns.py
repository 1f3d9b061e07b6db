"""Outcomes and drawn inputs, one number a run, collected block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.results.outcome_arrays import RunOutcomes

Floats = NDArray[np.float64]
K = TypeVar("K")
_BY_KEY = ("counters", "totals", "by_consumer")
_PLAIN_FIELDS = tuple(field.name for field in fields(RunOutcomes) if field.name not in _BY_KEY)


class RunColumn:
    """One figure by run, at most `runs`; stored once while it is equal in all runs."""

    def __init__(self, runs: int) -> None:
        self._max_runs = runs
        self._runs = 0
        self._first: Floats | None = None
        self._all: Floats | None = None

    def add(self, values: Floats) -> None:
        """Add the figure of the next runs, an array of shape (n, ...)."""
        if self._first is None:
            self._first = np.array(values[0])
        until = self._runs + len(values)
        if self._all is None and not _is_constant(values, self._first):
            self._all = np.empty((self._max_runs, *self._first.shape))
            self._all[: self._runs] = self._first
        if self._all is not None:
            self._all[self._runs : until] = values
        self._runs = until

    def values(self) -> Floats:
        """Return the figure of all runs, read-only."""
        if self._all is None:
            first = np.array(np.inf) if self._first is None else self._first
            return np.broadcast_to(first, (self._runs, *first.shape))
        found = self._all[: self._runs]
        found.flags.writeable = False
        return found


class RunColumns(Generic[K]):
    """Several figures by run and key; all blocks have the same keys."""

    def __init__(self, runs: int) -> None:
        self._runs = runs
        self._columns: dict[K, RunColumn] = {}

    def add(self, figures: Mapping[K, Floats]) -> None:
        """Add the figures of the next runs, arrays of shape (n, ...)."""
        for key, values in figures.items():
            if key not in self._columns:
                self._columns[key] = RunColumn(self._runs)
            self._columns[key].add(values)

    def values(self) -> dict[K, Floats]:
        """Return the figures of all runs."""
        return {key: column.values() for key, column in self._columns.items()}


class OutcomeColumns:
    """The `RunOutcomes` of each run."""

    def __init__(self, runs: int) -> None:
        self._plain: RunColumns[str] = RunColumns(runs)
        self._by_key: dict[str, RunColumns[Any]] = {name: RunColumns(runs) for name in _BY_KEY}

    def add(self, figures: RunOutcomes) -> None:
        """Add the figures of the next runs."""
        self._plain.add({name: getattr(figures, name) for name in _PLAIN_FIELDS})
        for name, columns in self._by_key.items():
            columns.add(getattr(figures, name))

    def figures(self) -> RunOutcomes:
        """Return the figures of all runs."""
        by_key = {name: columns.values() for name, columns in self._by_key.items()}
        figures: dict[str, Any] = {**self._plain.values(), **by_key}
        return RunOutcomes(**figures)


def _is_constant(values: Floats, first: Floats) -> bool:
    """Return whether all runs equal `first`, with NaN equal to NaN."""
    return bool(((values == first) | ((values != values) & (first != first))).all())
