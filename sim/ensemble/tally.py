"""Step 7 of a day, compiled: the closing level, and what is asked of a run, as its days go by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import SUSTAINED_DAYS, Axes, Kind
from sim.ensemble.consumption import Fire
from sim.ensemble.jit import merged
from sim.ensemble.yard import Stocks

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


#: Totals over all days, in the order of their outcomes.
TOTALS = (Kind.REQUIRED, Kind.FIRED, Kind.UNMET, Kind.PRODUCED, Kind.LANDED, Kind.LOST)


class Tally(NamedTuple):
    """What is kept of a block of runs.

    Attributes
    ----------
    thresholds : array, shape (thresholds,)
    consuming : array, shape (pairs,)
    below : array, shape (thresholds, pairs, runs)
        First day below each; infinite where never.
    exhausted, rationed : array, shape (pairs, runs)
    fire, wanted : array, shape (pairs, runs)
        Fired and required in the last days.
    required, fired, unmet : array, shape (pairs, runs)
        Over all days.
    summed : array of int
        The columns that are added up.
    sums, lost : array, shape (columns, runs)
        Over all days, and what rounding lost; no rows of this where the account is not to be checked.
    months : array, shape (columns, months, runs)
        Sums of columns over calendar months; no months where not asked for.
    held : array, shape (pairs, origins, months, runs)
        At each month's last day.
    month : array, shape (days,)
        The month of each day.
    level, planned : array, shape (pairs, kept days, runs)
        Days from `first_kept` on; none where not asked for.
    flows : array, shape (flows, kept days, runs)
        Sums over origins: the flow of each column stands in `flow_of`; then required, fired, unmet by pair.
    flow_of : array, shape (columns,)
    entries : array, shape (columns, kept days, runs)
        Every column by itself.
    held_daily : array, shape (pairs, origins, kept days, runs)
    first_kept : array, shape (1,)
    outcomes : array, shape (outcomes, runs)
        By `outcome_names`; over all pairs, days infinite where never.
    total_of : array, shape (columns,)
        The outcome to which a column's sum is added; -1 where to none.
    """

    thresholds: Floats
    consuming: Ints
    below: Floats
    exhausted: Floats
    rationed: Floats
    fire: Floats
    wanted: Floats
    required: Floats
    fired: Floats
    unmet: Floats
    summed: Ints
    sums: Floats
    lost: Floats
    months: Floats
    held: Floats
    month: Ints
    level: Floats
    planned: Floats
    flows: Floats
    flow_of: Ints
    entries: Floats
    held_daily: Floats
    first_kept: Ints
    outcomes: Floats
    total_of: Ints


def outcome_names(axes: Axes) -> tuple[str, ...]:
    """Return the names of the outcomes of a run, in the order in which they are kept."""
    below = (f"below_{cover:g}" for cover in axes.thresholds)
    return ("exhausted", "rationed_from", *below, "closing_stock", "sustained_fire", *TOTALS)


@merged
def finish(stocks: Stocks, tally: Tally, days: int) -> None:
    """Write the outcomes of each run over all pairs (rules 30 and 31)."""
    outcomes = tally.outcomes
    thresholds = len(tally.thresholds)
    after = 2 + thresholds
    for k in range(len(outcomes)):
        for b in range(outcomes.shape[1]):
            outcomes[k, b] = np.inf if k < after else 0.0
    for pair in range(len(stocks.level)):
        _sum(stocks.level[pair], outcomes[after])
        if tally.consuming[pair]:
            for b in range(outcomes.shape[1]):
                outcomes[0, b] = min(outcomes[0, b], tally.exhausted[pair, b])
                outcomes[1, b] = min(outcomes[1, b], tally.rationed[pair, b])
                outcomes[after + 1, b] += tally.fire[pair, b] / min(SUSTAINED_DAYS, days)
            for t in range(thresholds):
                for b in range(outcomes.shape[1]):
                    outcomes[2 + t, b] = min(outcomes[2 + t, b], tally.below[t, pair, b])
            _sum(tally.required[pair], outcomes[after + 2])
            _sum(tally.fired[pair], outcomes[after + 3])
            _sum(tally.unmet[pair], outcomes[after + 4])
    for column in range(len(tally.total_of)):
        if tally.total_of[column] >= 0:
            _sum(tally.sums[column], outcomes[tally.total_of[column]])


@merged
def close(stocks: Stocks, fire: Fire, tally: Tally, day: int, days: int) -> None:
    """Enter what a day leaves."""
    for pair in range(len(stocks.level)):
        if tally.consuming[pair]:
            _firsts(stocks.level[pair], fire, tally, pair, day)
            _totals(fire, tally, pair, day >= days - SUSTAINED_DAYS)
    _add_columns(stocks, tally)
    if tally.months.shape[1] > 0:
        _month(stocks, tally, day, days)
    _keep(stocks, fire, tally, day)


@merged
def _keep(stocks: Stocks, fire: Fire, tally: Tally, day: int) -> None:
    kept = day - tally.first_kept[0]
    if 0 <= kept < tally.level.shape[1]:
        for pair in range(len(stocks.level)):
            _copy(stocks.level[pair], tally.level[pair, kept])
    if 0 <= kept < tally.flows.shape[1]:
        _flows(stocks, fire, tally, kept)
    if 0 <= kept < tally.entries.shape[1]:
        for column in range(len(stocks.day)):
            _copy(stocks.day[column], tally.entries[column, kept])
        for pair in range(len(stocks.level)):
            for o in range(stocks.held.shape[1]):
                _copy(stocks.held[pair, o], tally.held_daily[pair, o, kept])


@merged
def _add_columns(stocks: Stocks, tally: Tally) -> None:
    for s in range(len(tally.summed)):
        column = tally.summed[s]
        if len(tally.lost) > 0:
            _add_up(stocks.day[column], tally.sums[column], tally.lost[column])
        else:
            _sum(stocks.day[column], tally.sums[column])


@merged
def _firsts(level: Floats, fire: Fire, tally: Tally, pair: int, day: int) -> None:
    """Keep the first day below each threshold, of exhaustion and of rationing (rule 30)."""
    planned, required, fired = fire.all_planned[pair], fire.all_required[pair], fire.all_fired[pair]
    today = float(day)
    for t in range(len(tally.thresholds)):
        cover, first = tally.thresholds[t], tally.below[t, pair]
        for b in range(len(level)):
            first[b] = today if (level[b] < cover * planned[b]) & (first[b] > today) else first[b]
    exhausted, rationed = tally.exhausted[pair], tally.rationed[pair]
    for b in range(len(level)):
        exhausted[b] = today if (level[b] < planned[b]) & (exhausted[b] > today) else exhausted[b]
        rationed[b] = today if (fired[b] < required[b]) & (rationed[b] > today) else rationed[b]


@merged
def _totals(fire: Fire, tally: Tally, pair: int, last: bool) -> None:  # noqa: FBT001
    required, fired, unmet = fire.all_required[pair], fire.all_fired[pair], fire.unmet[pair]
    _sum(required, tally.required[pair])
    _sum(fired, tally.fired[pair])
    _sum(unmet, tally.unmet[pair])
    if last:
        _sum(required, tally.wanted[pair])
        _sum(fired, tally.fire[pair])


@merged
def _month(stocks: Stocks, tally: Tally, day: int, days: int) -> None:
    month = tally.month[day]
    for column in range(len(stocks.day)):
        _sum(stocks.day[column], tally.months[column, month])
    if day == days - 1 or tally.month[day + 1] != month:
        for pair in range(len(stocks.level)):
            for o in range(stocks.held.shape[1]):
                _copy(stocks.held[pair, o], tally.held[pair, o, month])


@merged
def _flows(stocks: Stocks, fire: Fire, tally: Tally, kept: int) -> None:
    pairs = len(stocks.level)
    after = tally.flows.shape[0] - 3 * pairs
    for flow in range(after):
        row = tally.flows[flow, kept]
        for b in range(len(row)):
            row[b] = 0.0
    for column in range(len(stocks.day)):
        if tally.flow_of[column] >= 0:
            _sum(stocks.day[column], tally.flows[tally.flow_of[column], kept])
    for pair in range(pairs):
        _copy(fire.all_required[pair], tally.flows[after + pair, kept])
        _copy(fire.all_fired[pair], tally.flows[after + pairs + pair, kept])
        _copy(fire.unmet[pair], tally.flows[after + 2 * pairs + pair, kept])
        _copy(fire.all_planned[pair], tally.planned[pair, kept])


@merged
def _add_up(values: Floats, total: Floats, lost: Floats) -> None:
    """Add a row to a total, and what rounding loses to another (Knuth's two-sum)."""
    for b in range(len(values)):
        result = total[b] + values[b]
        part = result - total[b]
        lost[b] += (total[b] - (result - part)) + (values[b] - part)
        total[b] = result


@merged
def _sum(values: Floats, total: Floats) -> None:
    for b in range(len(values)):
        total[b] += values[b]


@merged
def _copy(values: Floats, to: Floats) -> None:
    for b in range(len(values)):
        to[b] = values[b]
