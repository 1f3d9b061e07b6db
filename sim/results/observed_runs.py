"""Observables of a block of runs: the values that `sim.observables.evaluate` has run by run.

An observable without origins is evaluated on daily levels and flows, one with origins on ledger entries. Both
are added up in the order of the rows of their table, the daily one or that of a trace.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.account import HELD, SCRAPPED_AT_WORK, Axes, Kind
from sim.errors import ArgumentError, Fault, nearest
from sim.observables import (
    LEVEL,
    Cumulative,
    Flow,
    Level,
    Observable,
    OriginShare,
    Selection,
    Window,
    WindowRatio,
    evaluate_runs,
)

Floats = NDArray[np.float64]
#: By (pair, origin, kind): shells a day, shape (runs, days).
LedgerColumns = Mapping[tuple[int, int, str], Floats]
_KINDS = [kind.value for kind in Kind]
#: Part of a depot whose stock an entry changes, in the order of a trace: stock, unserviceable, workshops.
_IN_UNSERVICEABLE = (Kind.REJECTED, Kind.TAKEN, Kind.SCRAPPED)


@dataclass(frozen=True)
class Observation:
    """Observables to evaluate in each run.

    Attributes
    ----------
    observables : tuple of Observable
    inputs : mapping of str to float
        Inputs that are not drawn, by path in base units.
    """

    observables: tuple[Observable, ...]
    inputs: Mapping[str, float] = field(default_factory=dict)

    @property
    def needs_origins(self) -> bool:
        """Whether to keep ledger entries."""
        return any(map(has_origins, self.observables))

    @property
    def columns(self) -> list[str | int]:
        """Label of each observable, or its position if it has none."""
        return [one.label or place for place, one in enumerate(self.observables)]


def has_origins(observable: Observable) -> bool:
    """Return whether an observable selects origins."""
    return isinstance(observable, OriginShare) or bool(observable.where.origins)


def observe(
    observation: Observation,
    axes: Axes,
    level: Floats,
    flows: Mapping[Kind, Floats],
    entries: LedgerColumns,
    drawn: Mapping[str, Floats],
) -> Floats:
    """Return the values of observables in a block of runs, shape (runs, observables).

    Parameters
    ----------
    observation : Observation
    axes : Axes
    level : array, shape (n, P, D)
        Of all days, as of `Block`.
    flows : mapping of Kind to array, shape (n, P, D)
    entries : mapping of (pair, origin, kind) to array, shape (n, D)
        Empty unless an observable has origins.
    drawn : mapping of str to array, shape (n,)
        Inputs drawn once a run by path.
    """
    runs = len(level)
    inputs = {path: np.full(runs, value) for path, value in observation.inputs.items()} | dict(drawn)
    by_pair, by_origin = _FlowRuns(axes, level, flows), _EntryRuns(axes, runs, entries)
    values = np.empty((len(observation.observables), runs))
    for row, one in zip(values, observation.observables, strict=True):
        row[:] = evaluate_runs(one, by_origin if has_origins(one) else by_pair, inputs)
    return values.T


def check_observables(observables: Sequence[Observable], axes: Axes, inputs: Collection[str]) -> None:
    """Raise `ArgumentError` if the account of a scenario does not have an observable.

    `inputs` are the paths of the inputs that each run has once.
    """
    faults = [fault for one in observables for fault in _faults(one, axes, inputs)]
    labels = [one.label for one in observables if one.label]
    faults += [
        Fault(f"two observables have the label {label!r}", allowed="a label of its own, or none")
        for label in dict.fromkeys(labels)
        if labels.count(label) > 1
    ]
    if faults:
        raise ArgumentError(faults)


def _faults(one: Observable, axes: Axes, inputs: Collection[str]) -> Iterator[Fault]:
    name = f"the observable {one.label!r}" if one.label else f"an observable ({type(one).__name__})"
    last = axes.date(axes.days - 1)
    for date in _dates(one):
        if not axes.start <= date <= last:
            yield Fault(f"{name}: {date} is not in the account", allowed=f"{axes.start} to {last}")
    yield from _name_faults(name, one, axes)
    if has_origins(one):
        yield from _origin_faults(name, one)
    conversion = one.conversion if isinstance(one, Flow | Cumulative) else None
    if conversion is not None:
        paths = dict(conversion.paths)
        for munition in one.where.munitions or sorted({pair.munition for pair in axes.pairs}):
            path = paths.get(munition, "")
            if path not in inputs:
                problem = f"{name}: nothing says how shells of {munition!r} become {conversion.unit}"
                yield Fault(problem, path=path, allowed="an input that a run has once")


def _name_faults(name: str, one: Observable, axes: Axes) -> Iterator[Fault]:
    origins = (*one.where.origins, *(one.origins if isinstance(one, OriginShare) else ()))
    for column, names, known in (
        ("depot", one.where.depots, dict.fromkeys(pair.depot for pair in axes.pairs)),
        ("munition", one.where.munitions, dict.fromkeys(pair.munition for pair in axes.pairs)),
        ("origin", origins, dict.fromkeys(axes.origins)),
    ):
        for each in names:
            if each not in known:
                problem = f"{name}: the account has no {column} {each!r}"
                yield Fault(problem, allowed=", ".join(known), nearest=nearest(each, known))


def _origin_faults(name: str, one: Observable) -> Iterator[Fault]:
    if isinstance(one, Level):
        yield Fault(f"{name}: a level is not kept by origin", allowed="a level without origins")
        return
    for kind in one.kinds:
        if kind in (Kind.REQUIRED, Kind.UNMET):
            yield Fault(f"{name}: {kind} has no origin", allowed="other kinds, or no origins")


def _dates(one: Observable) -> tuple[dt.date, ...]:
    if isinstance(one, Level | Cumulative):
        return (one.date,)
    windows = (one.window, one.base) if isinstance(one, WindowRatio) else (one.window,)
    return tuple(date for window in windows for date in (window.first, window.last))


@dataclass(frozen=True)
class _Runs:
    axes: Axes

    @property
    def munitions(self) -> Sequence[str]:
        return sorted({pair.munition for pair in self.axes.pairs})

    def window_to(self, date: dt.date) -> Window:
        return Window(self.axes.start, date)


@dataclass(frozen=True)
class _FlowRuns(_Runs):
    """Levels and flows by pair; see `sim.observables.Account`."""

    level: Floats
    flows: Mapping[Kind, Floats]

    def total(self, kinds: Sequence[str], window: Window, where: Selection) -> Floats:
        days = _days_of(self.axes, window)
        arrays = [self.flows[kind] for kind in Kind if kind in kinds and kind in self.flows]
        if LEVEL in kinds:
            arrays.append(self.level)
        columns = [array[:, pair, days] for pair in _pairs_of(self.axes, where) for array in arrays]
        return _add_in_order(columns, len(self.level))


@dataclass(frozen=True)
class _EntryRuns(_Runs):
    """Ledger entries by origin; see `sim.observables.Account`."""

    runs: int
    entries: LedgerColumns

    def total(self, kinds: Sequence[str], window: Window, where: Selection) -> Floats:
        days, pairs = _days_of(self.axes, window), _pairs_of(self.axes, where)
        wanted = [place for place, name in enumerate(self.axes.origins) if name in where.origins]
        origins = wanted if where.origins else range(len(self.axes.origins))
        rows = sorted(
            (_place_in_trace(pair, self.axes, kind, origin, at_work), (pair, origin, kind))
            for pair, origin, kind, at_work in self._keys()
            if pair in pairs and origin in origins and kind in kinds
        )
        columns = [self._column(key, at_work=order[1] == 2)[:, days] for order, key in rows]
        return _add_in_order(columns, self.runs)

    def _keys(self) -> Iterator[tuple[int, int, str, bool]]:
        """Yield pair, origin and kind of each entry, and whether workshops scrapped its shells."""
        for pair, origin, kind in self.entries:
            if origin >= 0 and kind != HELD:
                if kind == SCRAPPED_AT_WORK:
                    yield pair, origin, Kind.SCRAPPED.value, True
                else:
                    yield pair, origin, kind, False

    def _column(self, key: tuple[int, int, str], *, at_work: bool) -> Floats:
        """Return a column; workshops' scrap is in `scrapped` as well, and counts once."""
        in_workshops = self.entries.get((*key[:2], SCRAPPED_AT_WORK))
        if key[2] != Kind.SCRAPPED or in_workshops is None:
            return self.entries[key]
        return in_workshops if at_work else self.entries[key] - in_workshops


def _place_in_trace(
    pair: int,
    axes: Axes,
    kind: str,
    origin: int,
    at_work: bool,  # noqa: FBT001 - a part of a sort key
) -> tuple[int, ...]:
    """Return the sort key of an entry within a day: depot, place, pair, kind, origin."""
    depots = list(dict.fromkeys(each.depot for each in axes.pairs))
    place = 2 if at_work else int(kind in _IN_UNSERVICEABLE)
    return depots.index(axes.pairs[pair].depot), place, pair, _KINDS.index(kind), origin


def _days_of(axes: Axes, window: Window) -> slice:
    return slice((window.first - axes.start).days, (window.last - axes.start).days + 1)


def _pairs_of(axes: Axes, where: Selection) -> list[int]:
    return [
        place
        for place, (depot, munition) in enumerate(axes.pairs)
        if (not where.depots or depot in where.depots)
        and (not where.munitions or munition in where.munitions)
    ]


def _add_in_order(columns: Sequence[Floats], runs: int) -> Floats:
    """Return the sum over days, and within a day over columns of shape (runs, days), one after the other."""
    if not columns:
        return np.zeros(runs)
    # numpy adds over the first axis row by row if runs are contiguous; a single run it would add in pairs.
    by_day = np.stack([np.moveaxis(column, 0, -1) for column in columns], axis=1)
    rows = np.ascontiguousarray(by_day.reshape(-1, runs))
    added: Floats = (np.repeat(rows, 2, axis=-1) if runs == 1 else rows).sum(axis=0)[:runs]
    return added
