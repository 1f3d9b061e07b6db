"""Days of an account of which outcomes need levels alone, as in sweeps of most scenarios.

A block qualifies if only fire takes shells, and each stock has at most one consumer, without guns, rationed
by no rule but the proportional one, whose planned requirement changes at fixed dates alone. One loop over
runs then does a whole day of a pair. The steps of `block_account` give the same numbers; only `produced` and
`sustained_fire` may differ, by rounding.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import NamedTuple

import numpy as np

from sim.account import ENOUGH, SUSTAINED_DAYS
from sim.ensemble import daily_series
from sim.ensemble.accumulators import (
    FIRED_ROW,
    RATIONED_ROW,
    REQUIRED_ROW,
    SUSTAINED_ROW,
    UNMET_ROW,
    WANTED_ROW,
    Accumulators,
    add_row,
    copy_row,
)
from sim.ensemble.arrays import aligned_array
from sim.ensemble.consumption import FireState, write_planned
from sim.ensemble.depots import StockState, add_shells
from sim.ensemble.native.kernels import device_function, independent, inline, noinline, select
from sim.ensemble.production import write_completed
from sim.ensemble.scenario_tables import (
    LANDED,
    LINEAR,
    MUNITIONS,
    PLACES,
    PRODUCED,
    DepotTables,
    Floats,
    Ints,
    ScenarioTables,
    SeriesTables,
)
from sim.scenario.rationing_rules import NONE, PROPORTIONAL

#: Sources of an inflow, and places in a row of `LevelAccount.inflows`.
_LANDING, _OUTPUT = range(2)
_SOURCE, _ROW, _COLUMN = range(3)
#: Counters of a pair that this account writes, after its marks; a scenario with others has the whole account.
_WRITTEN = {RATIONED_ROW, SUSTAINED_ROW, REQUIRED_ROW, FIRED_ROW, UNMET_ROW, WANTED_ROW}
#: Above an empty stock, and below any other.
_ALMOST_EMPTY = sys.float_info.min


class LevelAccount(NamedTuple):
    """State of the account of levels alone, besides that of a block.

    Attributes
    ----------
    first : array, shape (pairs + 1,)
        The inflows of pair p are those from ``first[p]`` on. Empty where the block does not qualify.
    inflows : array, shape (inflows, 3)
        Source, row of daily landings or of completed output, and column, in the order of a day.
    changes : array, shape (days,)
        1 on each day on which an output or a planned requirement may differ from that of the day before.
    limit : array, shape (pairs, runs)
        Level below which something is recorded for the first time: a mark, or rationing.
    nothing : array, shape (runs,)
        Zeros, in place of an inflow.
    """

    first: Ints
    inflows: Ints
    changes: Ints
    limit: Floats
    nothing: Floats


def make_level_account(low: ScenarioTables, fire: FireState, tally: Accumulators) -> LevelAccount:
    """Return the state of the account of levels alone; with an empty `first` where it does not apply."""
    pairs, runs, days = fire.totals.shape[1], fire.totals.shape[2], len(tally.month)
    found = _inflows(low, pairs) if _needs_levels_alone(low, fire, tally) else []
    first = np.cumsum([0, *map(len, found)]) if found else np.zeros(0)
    inflows = np.array([row for rows in found for row in rows], dtype=np.int64).reshape(-1, 3)
    changes = np.zeros(days, dtype=np.int64)
    return LevelAccount(
        first.astype(np.int64), inflows, changes, aligned_array((pairs, runs)), aligned_array((runs,))
    )


def _needs_levels_alone(low: ScenarioTables, fire: FireState, tally: Accumulators) -> bool:
    depots, orders = low.depots, low.orders
    fired_on = np.diff(depots.in_pair_first) > 0
    by_orders = (orders.lines, orders.objectives, orders.money.holding, orders.money.shortage)
    series = low.courses.series[depots.claims["series"]]
    steps_at_fixed_dates = (
        (series["shape"] < LINEAR) & (series["growth"] < 0) & (series["factor"] < 0) & (series["own"] < 0)
    )
    return bool(
        low.sizes[PLACES] == 0
        and not depots.needs.any()
        and not any(map(len, by_orders))
        and all(map(partial(_is_simple, depots), fire.whole[fired_on]))
        and steps_at_fixed_dates.all()
        and tally.counted_from[0] == 0
        and len(tally.counters) == len(tally.covers) + len(_WRITTEN)
        and not tally.level.shape[1] + tally.flows.shape[1] + tally.months.shape[1]
    )


def _is_simple(depots: DepotTables, row: int) -> bool:
    """Return whether a row of fire is one claim without guns and lumps, of at most the proportional rule."""
    if row >= len(depots.claims):
        return False
    claim = depots.claims[row]
    return bool(
        claim["rule"] in (NONE, PROPORTIONAL)
        and claim["lump"] < 0
        and depots.consumers[claim["consumer"]]["guns"] < 0
    )


def _inflows(low: ScenarioTables, pairs: int) -> list[list[tuple[int, int, int]]]:
    """Return the inflows of each pair in the order of a day: landings, then production."""
    depots, supply, munitions = low.depots, low.supply, int(low.sizes[MUNITIONS])
    found: list[list[tuple[int, int, int]]] = [[] for _ in range(pairs)]
    for supplier, landings in zip(supply.suppliers, supply.landing, strict=True):
        for munition, row in enumerate(landings):
            if supplier["lands"] and row >= 0:
                pair = supplier["depot"] * munitions + munition
                found[pair].append((_LANDING, row, depots.column[LANDED, pair, supplier["origin"]]))
    for line in depots.lines:
        for row in range(line["first"], line["first"] + line["count"]):
            pair = line["depot"] * munitions + depots.outputs["munition"][row]
            found[pair].append((_OUTPUT, row, depots.column[PRODUCED, pair, line["origin"]]))
    return found


@device_function
def find_changes(depot_tables: DepotTables, courses: SeriesTables, leads: Ints, levels: LevelAccount) -> None:
    """Write `LevelAccount.changes`, which are those of every cell of a block."""
    noinline()
    for day in range(len(levels.changes)):
        changes = day == 0
        for claim in range(len(depot_tables.claims)):
            changes |= daily_series.has_changed(courses, depot_tables.claims[claim].series, day)
        for k in range(len(depot_tables.outputs)):
            output = depot_tables.outputs[k]
            lead = leads[output.line]
            is_new = day >= lead and daily_series.has_changed(courses, output.series, day - lead)
            changes |= is_new or output.due >= 0
        levels.changes[day] = changes


@device_function
def run_level_days(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    variation: Floats,
    due: Floats,
    landed: Floats,
    stocks: StockState,
    fire: FireState,
    tally: Accumulators,
    completed: Floats,
    leads: Ints,
    levels: LevelAccount,
    cell: int,
    until: int,
) -> None:
    """Simulate the days of a cell before `until`, in spans of days without a change."""
    noinline()
    begin = 0
    while begin < until:
        end = begin + 1
        while end < until and levels.changes[end] == 0:
            end += 1
        for output in range(len(completed)):
            lead = leads[depot_tables.outputs[output].line]
            write_completed(depot_tables, courses, values, factors, due, completed, output, begin, lead)
        write_planned(depot_tables, courses, values, factors, fire, begin)
        for pair in range(len(stocks.level)):
            _enter_inflows(landed, completed, stocks, levels, pair, cell, begin, end)
            claim = fire.whole[pair]
            if claim >= len(depot_tables.claims):
                _fill_up(landed, completed, stocks.level[pair], levels, pair, begin, end)
                continue
            if daily_series.has_changed(courses, depot_tables.claims[claim].series, begin):
                _write_limits(depot_tables, values, fire, tally, levels, pair)
            _run_span(
                depot_tables,
                values,
                variation,
                landed,
                completed,
                stocks,
                fire,
                tally,
                levels,
                pair,
                begin,
                end,
            )
        begin = end
    for pair in range(len(stocks.level)):
        wanted, sustained = _rows_of_last_days(tally, pair)
        for b in range(len(wanted)):
            wanted[b] = fire.totals[0, pair, b] - wanted[b]
            sustained[b] = fire.totals[1, pair, b] - sustained[b]


@inline
def _rows_of_last_days(tally: Accumulators, pair: int) -> tuple[Floats, Floats]:
    """Return requirement and fire of the last days: during a run, those of all days before them."""
    marks = len(tally.covers)
    return tally.counters[marks + WANTED_ROW, pair], tally.counters[marks + SUSTAINED_ROW, pair]


@inline
def _inflow_row(landed: Floats, completed: Floats, levels: LevelAccount, k: int, day: int) -> Floats:
    row = levels.inflows[k, _ROW]
    if levels.inflows[k, _SOURCE] == _LANDING:
        return landed[row, day]  # type: ignore[no-any-return]
    return completed[row]  # type: ignore[no-any-return]


@device_function
def _enter_inflows(
    landed: Floats,
    completed: Floats,
    stocks: StockState,
    levels: LevelAccount,
    pair: int,
    cell: int,
    begin: int,
    end: int,
) -> None:
    """Add the inflows of a span to their totals; fleet landings in the first cell only."""
    noinline()
    for k in range(levels.first[pair], levels.first[pair + 1]):
        total, row = stocks.day[levels.inflows[k, _COLUMN]], levels.inflows[k, _ROW]
        if levels.inflows[k, _SOURCE] == _OUTPUT:
            for b in range(len(total)):
                total[b] += completed[row, b] * (end - begin)
        elif cell == 0:
            for day in range(begin, end):
                add_row(landed[row, day], total)


@device_function
def _fill_up(
    landed: Floats, completed: Floats, level: Floats, levels: LevelAccount, pair: int, begin: int, end: int
) -> None:
    """Add the inflows of a span to a stock without a consumer."""
    noinline()
    for day in range(begin, end):
        for k in range(levels.first[pair], levels.first[pair + 1]):
            add_shells(_inflow_row(landed, completed, levels, k, day), level)


@device_function
def _run_span(
    depot_tables: DepotTables,
    values: Floats,
    variation: Floats,
    landed: Floats,
    completed: Floats,
    stocks: StockState,
    fire: FireState,
    tally: Accumulators,
    levels: LevelAccount,
    pair: int,
    begin: int,
    end: int,
) -> None:
    """Simulate a pair over days without a change."""
    noinline()
    claim, level, limit = fire.whole[pair], stocks.level[pair], levels.limit[pair]
    required, fired, unmet = fire.totals[0, pair], fire.totals[1, pair], fire.totals[2, pair]
    first, last = levels.first[pair], levels.first[pair + 1]
    consumer, cover = depot_tables.claims[claim].consumer, _cover_row(depot_tables, values, levels, claim)
    late = len(levels.changes) - SUSTAINED_DAYS
    wanted, sustained = _rows_of_last_days(tally, pair)
    for day in range(begin, end):
        if day == late:
            copy_row(required, wanted)
            copy_row(fired, sustained)
        one = other = levels.nothing
        for k in range(first, last - 2):
            add_shells(_inflow_row(landed, completed, levels, k, day), level)
        if last - first > 1:
            one = _inflow_row(landed, completed, levels, last - 2, day)
        if last > first:
            other = _inflow_row(landed, completed, levels, last - 1, day)
        planned, varies = fire.planned[claim], variation[consumer, day]
        if depot_tables.claims[claim].rule == PROPORTIONAL:
            is_new = _run_rationed_day(
                one, other, planned, varies, cover, level, required, fired, unmet, limit
            )
        else:
            is_new = _run_day(one, other, planned, varies, level, required, fired, unmet, limit)
        if is_new > 0:
            _record_first_days(level, planned, cover, unmet, tally, pair, limit, float(day))


@inline
def _run_day(
    one: Floats,
    other: Floats,
    planned: Floats,
    varies: Floats,
    level: Floats,
    all_required: Floats,
    all_fired: Floats,
    all_unmet: Floats,
    limit: Floats,
) -> int:
    """Add two inflows, fire the requirement and add up; return how many runs end below their limit.

    One loop for what `add_shells` and `consumption.fire_shells` do.
    """
    independent()
    below = 0
    for b in range(len(level)):
        before, wants = level[b] + one[b] + other[b], planned[b] * varies[b]
        below += _settle(b, before, wants, wants, level, all_required, all_fired, all_unmet, limit)
    return below


@inline
def _run_rationed_day(
    one: Floats,
    other: Floats,
    planned: Floats,
    varies: Floats,
    cover: Floats,
    level: Floats,
    all_required: Floats,
    all_fired: Floats,
    all_unmet: Floats,
    limit: Floats,
) -> int:
    """Do what `_run_day` does, under the proportional rule (rule 13)."""
    independent()
    below = 0
    for b in range(len(level)):
        before, required = level[b] + one[b] + other[b], planned[b] * varies[b]
        supply = before / planned[b]
        bites = (planned[b] > 0.0) & (supply < cover[b] * ENOUGH)
        wants = select(bites, required * supply / cover[b], required)
        below += _settle(b, before, required, wants, level, all_required, all_fired, all_unmet, limit)
    return below


@inline
def _settle(
    b: int,
    before: float,
    required: float,
    wants: float,
    level: Floats,
    all_required: Floats,
    all_fired: Floats,
    all_unmet: Floats,
    limit: Floats,
) -> bool:
    """Fire what is wanted in a run and add up; return whether its stock ends below its limit."""
    shot = select(before < wants * ENOUGH, before, wants)
    after = select(wants >= before * ENOUGH, 0.0, before - shot)
    level[b] = after
    all_required[b] += required
    all_fired[b] += shot
    all_unmet[b] += select(shot < required * ENOUGH, required - shot, 0.0)
    return after < limit[b]  # type: ignore[no-any-return]


@inline
def _cover_row(depot_tables: DepotTables, values: Floats, levels: LevelAccount, claim: int) -> Floats:
    """Return the cover of the proportional rule in each run; zeros without rationing."""
    if depot_tables.claims[claim].rule == PROPORTIONAL:
        return values[depot_tables.claims[claim].cover]  # type: ignore[no-any-return]
    return levels.nothing


@device_function
def _write_limits(
    depot_tables: DepotTables,
    values: Floats,
    fire: FireState,
    tally: Accumulators,
    levels: LevelAccount,
    pair: int,
) -> None:
    noinline()
    planned, limit = fire.planned[fire.whole[pair]], levels.limit[pair]
    cover = _cover_row(depot_tables, values, levels, fire.whole[pair])
    for b in range(len(limit)):
        limit[b] = _next_limit(planned[b], cover[b], tally, pair, b)


@device_function
def _next_limit(planned: float, cover: float, tally: Accumulators, pair: int, b: int) -> float:
    """Return the level below which something is new in a run: the largest mark left, or rationing."""
    rationed = tally.counters[len(tally.covers) + RATIONED_ROW, pair, b]
    # Without rationing by rule, a run that lacks shells ends the day with an empty stock.
    limit = max(cover * planned, _ALMOST_EMPTY) if rationed == np.inf else 0.0
    for k in range(len(tally.falling)):
        mark = tally.falling[k]
        if tally.counters[mark, pair, b] == np.inf:
            return max(limit, tally.covers[mark] * ENOUGH * planned)  # type: ignore[no-any-return]
    return limit


@device_function
def _record_first_days(
    level: Floats,
    planned: Floats,
    cover: Floats,
    unmet: Floats,
    tally: Accumulators,
    pair: int,
    limit: Floats,
    today: float,
) -> None:
    """Record the first day below each mark and of unmet requirement, in runs below their limit (rule 30)."""
    noinline()
    rationed = tally.counters[len(tally.covers) + RATIONED_ROW, pair]
    for b in range(len(level)):
        if level[b] < limit[b]:
            for mark in range(len(tally.covers)):
                first = tally.counters[mark, pair]
                if first[b] == np.inf and level[b] < tally.covers[mark] * ENOUGH * planned[b]:
                    first[b] = today
            if unmet[b] > 0.0 and rationed[b] == np.inf:
                rationed[b] = today
            limit[b] = _next_limit(planned[b], cover[b], tally, pair, b)
