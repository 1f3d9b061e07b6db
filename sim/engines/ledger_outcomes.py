"""Outcomes of the simpy engine: from ledgers to a `Block`, and to the outcomes over all pairs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from sim.account import (
    HELD,
    INFLOW_KINDS,
    MONEY_KINDS,
    NO_ORIGIN,
    OUTFLOW_KINDS,
    REACHES,
    Axes,
    ClaimKind,
    Kind,
    first_below,
    first_rationed,
    first_reached,
    first_unmet,
    sum_in_order,
    sustained_fire,
)
from sim.model.ledger import Ledger
from sim.outcomes import (
    BACKLOG,
    BELOW,
    CLOSING_STOCK,
    EXHAUSTED,
    FIRED,
    RATIONED_FROM,
    REQUIRED,
    SUSTAINED_FIRE,
    UNMET,
    computed_by_engines,
    consumer_outcome,
    counted_by_pair,
    outcome_named,
)
from sim.results.block import NO_MONEY, PATH_RUNS, Block, Floats, MonthKey

KINDS_BY_ORIGIN = (*INFLOW_KINDS, *OUTFLOW_KINDS, HELD)
#: By pair, origin (`NO_ORIGIN` for none) and kind: an array of shape (runs, days).
LedgerColumns = Mapping[tuple[int, int, str], Floats]


class DailyFigures(NamedTuple):
    """Figures of one pair in one run, by day."""

    level: Sequence[float]
    planned: Sequence[float]
    required: Sequence[float]
    fired: Sequence[float]
    #: Infinite without an objective.
    objective: Sequence[float]
    #: Of pairs with a backlog, whose fire includes what waited; empty for others.
    unmet: Sequence[float] = ()

    @classmethod
    def of(cls, ledger: Ledger, pair: int) -> DailyFigures:
        """Return the figures of a pair."""
        required, fired = (ledger.total(pair, kind) for kind in (Kind.REQUIRED, Kind.FIRED))
        waits = any(claim.pair == pair and claim.has_backlog for claim in ledger.axes.claims)
        unmet = ledger.total(pair, Kind.UNMET) if waits else ()
        objective = ledger.objective.get(pair) or [math.inf] * ledger.axes.days
        return cls(ledger.levels[pair], ledger.planned[pair], required, fired, objective, unmet)

    def after(self, day: int) -> DailyFigures:
        """Return the figures from a day on."""
        return DailyFigures(*(figures[day:] for figures in self))


#: Computes an outcome of a claim, given its columns and the first day that counts.
ClaimCounter = Callable[[Mapping[ClaimKind, Sequence[float]], int], float]
#: Computes an outcome of a pair; None if a date is never reached.
Counter = Callable[[DailyFigures], float | None]


def _first_rationed(days: DailyFigures) -> int | None:
    return first_unmet(days.unmet) if days.unmet else first_rationed(days.required, days.fired)


def _below(cover: float) -> Counter:
    return lambda days: first_below(days.level, days.planned, cover)


#: Outcomes by pair, besides the first days below a threshold (rules 30 and 31).
COUNTERS: Mapping[str, Counter] = {
    REACHES: lambda days: first_reached(days.level, days.objective),
    EXHAUSTED: _below(1.0),
    RATIONED_FROM: _first_rationed,
    SUSTAINED_FIRE: lambda days: sustained_fire(days.required, days.fired)[0],
}


def block_from_ledgers(ledgers: Sequence[Ledger], counted_from: int = 0) -> Block:
    """Return runs of one scenario as a block; at least one, in order of run number.

    First days of events count from day `counted_from` on.
    """
    axes = replace(ledgers[0].axes, counted_from=counted_from)
    columns = ledger_columns(ledgers)
    days = [[DailyFigures.of(ledger, pair) for pair in range(len(axes.pairs))] for ledger in ledgers]
    met = [[sustained_fire(pair.required, pair.fired)[1] for pair in run] for run in days]
    return Block(
        axes=axes,
        runs=tuple(ledger.run for ledger in ledgers),
        level=_daily_array_by_pair(axes, [ledger.levels for ledger in ledgers]),
        planned=_daily_array_by_pair(axes, [ledger.planned for ledger in ledgers]),
        flows=_collect_flows(axes, columns),
        months=_monthly_sums(axes, columns),
        counters=_counters(axes, days, ledgers),
        met=np.array([[np.nan if share is None else share for share in run] for run in met]),
        drawn={path: np.array([ledger.drawn[path] for ledger in ledgers]) for path in ledgers[0].drawn},
        balance=np.array([ledger.balance_error() for ledger in ledgers]),
        voyages=tuple(
            (ledger.run, trip) for ledger in ledgers if ledger.run < PATH_RUNS for trip in ledger.voyages
        ),
        money=np.array([[ledger.money[kind] for kind in MONEY_KINDS] for ledger in ledgers])
        if axes.currency
        else NO_MONEY,
        orders=tuple(
            (ledger.run, order) for ledger in ledgers if ledger.run < PATH_RUNS for order in ledger.orders
        ),
        claims=_claim_arrays(axes, ledgers),
        by_consumer=_consumer_outcomes(axes, ledgers),
    )


def _claim_arrays(axes: Axes, ledgers: Sequence[Ledger]) -> Mapping[ClaimKind, Floats]:
    """Return the figures of each claim by kind, shape (runs, claims, days); zero where a claim has none."""
    nothing = [0.0] * axes.days
    claims = range(len(axes.claims))
    return {
        kind: np.stack(
            [_daily_array(axes, [run.claims[at].get(kind, nothing) for run in ledgers]) for at in claims],
            axis=1,
        )
        for kind in ClaimKind
        if axes.claims
    }


def _consumer_outcomes(axes: Axes, ledgers: Sequence[Ledger]) -> Mapping[str, Floats]:
    """Return the outcomes of each consumer by name, shape (runs,); dates are infinite if never."""
    found: dict[str, Floats] = {}
    for consumer in axes.consumers:
        places = [place for place, claim in enumerate(axes.claims) if claim.consumer == consumer]
        for figure, count in CONSUMER_COUNTERS.items():
            totals = [[count(run.claims[place], axes.counted_from) for place in places] for run in ledgers]
            values = np.array(totals)
            is_date = figure == RATIONED_FROM
            name = consumer_outcome(figure, consumer)
            found[name] = np.asarray(values.min(axis=1)) if is_date else _in_order(values)
    return found


def _total(kind: ClaimKind) -> ClaimCounter:
    return lambda columns, _first: sum_in_order(columns[kind])


def _first_short(columns: Mapping[ClaimKind, Sequence[float]], first: int) -> float:
    day = first_unmet(columns[ClaimKind.UNMET][first:])
    return np.inf if day is None else first + day


def _last_backlog(columns: Mapping[ClaimKind, Sequence[float]], _first: int) -> float:
    return columns[ClaimKind.BACKLOG][-1] if ClaimKind.BACKLOG in columns else 0.0


#: Outcomes of a consumer on one munition.
CONSUMER_COUNTERS: Mapping[str, ClaimCounter] = {
    RATIONED_FROM: _first_short,
    REQUIRED: _total(ClaimKind.REQUIRED),
    FIRED: _total(ClaimKind.FIRED),
    UNMET: _total(ClaimKind.UNMET),
    BACKLOG: _last_backlog,
}


def ledger_columns(ledgers: Sequence[Ledger]) -> LedgerColumns:
    """Return the columns of several ledgers as arrays of shape (runs, days)."""
    axes = ledgers[0].axes
    nothing = [0.0] * axes.days
    # Columns are created by their first entry, so runs may have different ones.
    keys = sorted({key for ledger in ledgers for key in ledger.columns})
    return {key: _daily_array(axes, [ledger.columns.get(key, nothing) for ledger in ledgers]) for key in keys}


def _daily_array(axes: Axes, runs: Sequence[list[float]]) -> Floats:
    """Return daily values of each run as an array of shape (runs, days)."""
    result = np.empty((len(runs), axes.days))
    for row, column in zip(result, runs, strict=True):
        # Twice as fast as np.array, which reads every number twice.
        row[:] = np.fromiter(column, float, axes.days)
    return result


def _daily_array_by_pair(axes: Axes, runs: Sequence[list[list[float]]]) -> Floats:
    return np.stack(
        [_daily_array(axes, [run[pair] for run in runs]) for pair in range(len(axes.pairs))], axis=1
    )


def _collect_flows(axes: Axes, columns: LedgerColumns) -> Mapping[Kind, Floats]:
    found = {kind for _, _, kind in columns}
    pairs = range(len(axes.pairs))
    return {
        kind: np.stack([_total_of(axes, columns, pair, kind) for pair in pairs], axis=1)
        for kind in Kind
        if kind in found
    }


def _total_of(axes: Axes, columns: LedgerColumns, pair: int, kind: Kind) -> Floats:
    """Return a kind by run and day over all origins: the column without origin, else the sum in order."""
    if (pair, NO_ORIGIN, kind) in columns:
        return columns[pair, NO_ORIGIN, kind]
    total = np.zeros_like(next(iter(columns.values())))
    for origin in range(len(axes.origins)):
        if (pair, origin, kind) in columns:
            total += columns[pair, origin, kind]
    return total


def _counters(
    axes: Axes, days: Sequence[Sequence[DailyFigures]], ledgers: Sequence[Ledger]
) -> dict[str, Floats]:
    """Return the outcomes by pair, from the counts of the ledgers and from daily figures."""
    return {
        name: np.array([ledger.counted[name] for ledger in ledgers])
        if name in ledgers[0].counted
        else _count(axes, name, days)
        for name in counted_by_pair(axes.thresholds, axes.added_outcomes)
    }


def _count(axes: Axes, name: str, days: Sequence[Sequence[DailyFigures]]) -> Floats:
    """Return an outcome by run and pair; a date is infinite if never, and where a pair has no consumer."""
    count = _below(float(name.removeprefix(BELOW))) if name.startswith(BELOW) else COUNTERS[name]
    is_date = outcome_named(name).is_date
    never = np.inf if is_date else 0.0
    found = np.full((len(days), len(axes.pairs)), never)
    for run, pair in np.ndindex(found.shape):
        if name == REACHES or axes.consuming[pair] or not is_date:
            figures, first = days[run][pair], axes.counted_from if is_date else 0
            value = count(figures.after(first) if first else figures)
            found[run, pair] = never if value is None else first + value
    return found


def _monthly_sums(axes: Axes, columns: LedgerColumns) -> Mapping[MonthKey, Floats]:
    starts = month_starts(axes)
    ends = [*(start - 1 for start in starts[1:]), axes.days - 1]
    return {
        (pair, origin, kind): column[:, ends] if kind == HELD else _add_by_month(column, starts)
        for (pair, origin, kind), column in columns.items()
        if origin >= 0 and kind in KINDS_BY_ORIGIN
    }


def _add_by_month(column: Floats, starts: Sequence[int]) -> Floats:
    """Return the sum of each month, day after day as the compiled engine adds; numpy's sums add in pairs."""
    months = np.split(column, starts[1:], axis=1)
    return np.stack([np.add.accumulate(month, axis=1)[:, -1] for month in months], axis=1)


def month_starts(axes: Axes) -> list[int]:
    """Return the first day of each calendar month of a run; the first month starts on day 0."""
    return [day for day in range(axes.days) if day == 0 or axes.date(day).day == 1]


def run_outcomes(block: Block) -> Floats:
    """Return the outcomes over all pairs, shape (outcomes, runs), ordered as `computed_by_engines`.

    Sums follow the order of the compiled engine: over days, then over pairs. It sums production, landings
    and losses by entry, so these may differ by rounding.
    """
    axes = block.axes
    names = computed_by_engines(axes.thresholds, axes.consumers, axes.added_outcomes)
    return np.array([_outcome(block, name) for name in names])


def _outcome(block: Block, name: str) -> Floats:
    if name in block.by_consumer:
        return block.by_consumer[name]
    if name == CLOSING_STOCK:
        return _in_order(block.level[:, :, -1])
    if name not in block.counters:
        return _in_order(_in_order(block.flows.get(Kind(name), np.zeros_like(block.level))))
    values = block.counters[name]
    if name == REACHES:
        return np.asarray(values[:, list(block.axes.objectives)].max(axis=1))
    return np.asarray(values.min(axis=1)) if outcome_named(name).is_date else _in_order(values)


def _in_order(values: Floats) -> Floats:
    """Sum over the last axis in order; `numpy.sum` adds pairwise."""
    last: Floats = np.add.accumulate(values, axis=-1)[..., -1]
    return last
