"""Step 7 of a day: record closing levels and accumulate outcomes (rules 30 and 31)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.account import (
    DAYS_PER_CHUNK,
    ENOUGH,
    MONEY_KINDS,
    ORDERED,
    ORDERS,
    REACHES,
    SUSTAINED_DAYS,
    UNFUNDED,
    Axes,
)
from sim.ensemble import claims
from sim.ensemble.consumption import FireState
from sim.ensemble.depots import StockState
from sim.ensemble.native.kernels import device_function, independent, inline, noinline, select
from sim.ensemble.orders import COUNT, SHELLS, OrderState
from sim.ensemble.outcomes_only import TOTALLED_KINDS
from sim.ensemble.scenario_tables import BOOKS, CLAIMS, Floats, Ints, OrderTables
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
    is_date,
    split_consumer,
)

#: Counters by pair, after the first days below each mark. An outcome of this name follows by itself: the
#: earliest over pairs for a date, else the sum.
COUNTERS = (RATIONED_FROM, SUSTAINED_FIRE, REQUIRED, FIRED, UNMET, "sustained_requirement")
RATIONED_ROW, SUSTAINED_ROW, REQUIRED_ROW, FIRED_ROW, UNMET_ROW, WANTED_ROW = range(len(COUNTERS))
#: Values of `Accumulators.counter_of` for outcomes without a counter.
_COLUMNS, _LEVELS, _CLAIMS = -1, -2, -3
#: Figures of a consumer, in the order of their codes in `Accumulators.claim_of`.
CONSUMER_FIGURES = (REQUIRED, FIRED, UNMET, RATIONED_FROM, BACKLOG)
_FIRST_CODE, _BACKLOG_CODE = 3, 4
#: Counters by pair that only some scenarios have, after `COUNTERS`; summed over all pairs.
ADDED_COUNTERS = (ORDERED, ORDERS, REACHES, UNFUNDED, *MONEY_KINDS)
_ORDERED, _ORDERS, _REACHES, _UNFUNDED, _MONEY = range(5)


class Accumulators(NamedTuple):
    """Accumulated results of a block of runs."""

    covers: Floats
    """Marks: days of supply whose first shortfall is recorded. The thresholds, then the one day of
    exhaustion; shape (marks,)."""
    counted_from: Ints
    """First day on which first days count; shape (1,)."""
    falling: Ints
    """Marks in descending order of cover; shape (marks,)."""
    consuming: Ints
    """Shape (pairs,)."""
    counters: Floats
    """First day below each mark, then `COUNTERS`; days are infinite for never; shape (counters, pairs,
    runs)."""
    initial: Floats
    """Value of each counter at the start: infinite for dates, else 0; shape (counters,)."""
    counter_of: Ints
    """Counter of each outcome; else whether it adds up columns or levels; shape (outcomes,)."""
    added: Ints
    """Counter of each of `ADDED_COUNTERS`; -1 where the scenario has none; shape (added counters,)."""
    waiting: Ints
    """Number of runs without such a day so far; the last row is for rationing; shape (marks + 1, pairs)."""
    sums: Floats
    lost: Floats
    """Totals over all days, and their rounding errors; no rows without full bookkeeping; shape (columns,
    runs)."""
    months: Floats
    """Sums of columns over calendar months; no months if not kept; shape (columns, months, runs)."""
    held: Floats
    """Stock on the last day of each month; shape (holders, months, runs)."""
    holders: Ints
    """Pair and origin of each holder; shape (holders, 2)."""
    month: Ints
    """Month of each day; shape (days,)."""
    level: Floats
    planned: Floats
    """Days from `first_kept` on; no days if not kept, or one that each day overwrites if only sums are kept;
    shape (pairs, kept days, runs)."""
    flows: Floats
    """Sums over origins, by `flow_of`; then requirement, fire and unmet requirement by pair; shape
    (flows, kept days, runs)."""
    flow_of: Ints
    """Flow to which each column belongs; -1 for none; shape (columns,)."""
    entries: Floats
    """Every column, day by day; shape (columns, kept days, runs)."""
    held_daily: Floats
    """Shape (pairs, origins, kept days, runs)."""
    first_kept: Ints
    """Shape (1,)."""
    outcomes: Floats
    """Over all pairs, in order of `outcome_names`; days are infinite for never; shape (outcomes, runs)."""
    total_of: Ints
    """Outcome to which the sum of a column is added; -1 for none; shape (columns,)."""
    totals: Floats
    chunks: Floats
    first_flows: Floats
    """Sums of `flows` and then `planned` over all days; over the current chunk of `DAYS_PER_CHUNK` days; and
    those of day 0; no rows if not kept; shape (flows + pairs, runs)."""
    first_level: Floats
    """Closing level of day 0; shape (pairs, runs)."""
    late: Floats
    """Requirement and fire of the last `SUSTAINED_DAYS` days over all pairs, and scratch; shape (3, runs)."""
    claim_of: Ints
    """Figure, first claim and number of claims of each outcome of a consumer; -1 for other outcomes; shape
    (outcomes, 3)."""
    claim_totals: Floats
    """Requirement, fire and unmet requirement of each claim over all days; shape (3, claims, runs)."""
    claim_first: Floats
    """First day with unmet requirement, infinite for never; shape (claims, runs)."""
    claim_sums: Floats
    claim_lost: Floats
    """Shells that joined and left each backlog, and their rounding errors; no claims without full
    bookkeeping; shape (2, claims, runs)."""
    claim_days: Floats
    """Figures of each claim on the kept days; shape (kinds, claims, kept days, runs)."""


def outcome_names(axes: Axes) -> tuple[str, ...]:
    """Return the names of the outcomes of a run, in the order of `Accumulators.outcomes`."""
    return computed_by_engines(axes.thresholds, axes.consumers, axes.added_outcomes)


def counter_names(axes: Axes) -> tuple[str, ...]:
    """Return the names of the counters, in the order of `Accumulators.counters`."""
    below = (name for name in counted_by_pair(axes.thresholds) if name.startswith(BELOW))
    added = (name for name in axes.added_outcomes if name in ADDED_COUNTERS)
    return (*below, EXHAUSTED, *COUNTERS, *added)


def added_counters(axes: Axes) -> Ints:
    """Return `Accumulators.added`."""
    names = counter_names(axes)
    return np.array([names.index(name) if name in names else -1 for name in ADDED_COUNTERS], dtype=np.int64)


def initial_counters(axes: Axes) -> Floats:
    """Return `Accumulators.initial`."""
    return np.array([np.inf if is_date(name) else 0.0 for name in counter_names(axes)])


def counters_of_outcomes(axes: Axes) -> Ints:
    """Return `Accumulators.counter_of`."""
    found: dict[str, int] = {kind.value: _COLUMNS for kind in TOTALLED_KINDS} | {CLOSING_STOCK: _LEVELS}
    found.update((name, row) for row, name in enumerate(counter_names(axes)))
    rows = [_CLAIMS if split_consumer(name)[1] else found[name] for name in outcome_names(axes)]
    return np.array(rows, dtype=np.int64)


def claims_of_outcomes(axes: Axes) -> Ints:
    """Return `Accumulators.claim_of`."""
    names = outcome_names(axes)
    rows = np.full((len(names), 3), -1, dtype=np.int64)
    for consumer in axes.consumers:
        claims = [place for place, claim in enumerate(axes.claims) if claim.consumer == consumer]
        for code, figure in enumerate(CONSUMER_FIGURES):
            rows[names.index(consumer_outcome(figure, consumer))] = code, claims[0], len(claims)
    return rows


def totals_of_fire(tally: Accumulators) -> Floats:
    """Return `FireState.totals`: three counters, which follow each other."""
    first = len(tally.covers) + REQUIRED_ROW
    return tally.counters[first : first + 3]


@device_function
def write_outcomes(
    stocks: StockState, fire: FireState, order_tables: OrderTables, tally: Accumulators, days: int
) -> None:
    """Write the outcomes of each run over all pairs (rules 30 and 31)."""
    noinline()
    outcomes, books = tally.outcomes, stocks.needs[BOOKS] > 0
    for k in range(len(outcomes)):
        counter = tally.counter_of[k]
        if counter >= 0 and counter == tally.added[_REACHES]:
            fill_row(outcomes[k], 0.0)
            _write_last_reached(order_tables, tally, outcomes[k])
            continue
        fill_row(outcomes[k], tally.initial[counter] if counter >= 0 else 0.0)
        for pair in range(len(stocks.level)):
            if counter == _LEVELS:
                add_row(stocks.level[pair], outcomes[k])
            elif counter >= 0:
                _add_counter(tally, counter, pair, days, outcomes[k])
    for column in range(len(tally.total_of)):
        if tally.total_of[column] >= 0:
            add_row((tally.sums if books else stocks.day)[column], outcomes[tally.total_of[column]])
    _write_consumers(fire, tally)


@device_function
def _write_consumers(fire: FireState, tally: Accumulators) -> None:
    """Write the outcomes of each consumer over its munitions."""
    noinline()
    for k in range(len(tally.outcomes)):
        code, first, count = tally.claim_of[k, 0], tally.claim_of[k, 1], tally.claim_of[k, 2]
        if code == _FIRST_CODE:
            fill_row(tally.outcomes[k], np.inf)
        for claim in range(first, first + count):
            if code == _FIRST_CODE:
                for b in range(tally.outcomes.shape[1]):
                    tally.outcomes[k, b] = min(tally.outcomes[k, b], tally.claim_first[claim, b])
            elif code == _BACKLOG_CODE:
                add_row(fire.claims.day[claims.BACKLOG, claim], tally.outcomes[k])
            elif code >= 0:
                add_row(tally.claim_totals[code, claim], tally.outcomes[k])


@device_function
def _add_counter(tally: Accumulators, counter: int, pair: int, days: int, outcome: Floats) -> None:
    """Add a counter of a pair to an outcome: the earliest date, or the sum."""
    sustained, first_added = len(tally.covers) + SUSTAINED_ROW, len(tally.covers) + len(COUNTERS)
    values = tally.counters[counter, pair]
    if counter < first_added and not tally.consuming[pair]:
        return
    if tally.initial[counter] > 0.0:
        for b in range(len(values)):
            outcome[b] = min(outcome[b], values[b])
    else:
        divisor = min(SUSTAINED_DAYS, days) if counter == sustained else 1
        for b in range(len(values)):
            outcome[b] += values[b] / divisor


@device_function
def _write_last_reached(order_tables: OrderTables, tally: Accumulators, last: Floats) -> None:
    for k in range(len(order_tables.objectives)):
        reached = tally.counters[tally.added[_REACHES], order_tables.objectives[k].pair]
        for b in range(len(last)):
            last[b] = max(last[b], reached[b])


@device_function
def record_objectives(
    order_tables: OrderTables,
    values: Floats,
    stocks: StockState,
    fire: FireState,
    tally: Accumulators,
    day: int,
) -> None:
    """Record the first day on which each level aimed at is reached (rule 40)."""
    noinline()
    for k in range(len(order_tables.objectives)):
        row = order_tables.objectives[k]
        level, planned = stocks.level[row.pair], fire.planned[fire.whole[row.pair]]
        reached = tally.counters[tally.added[_REACHES], row.pair]
        for b in range(len(level)):
            if day < reached[b]:
                aim = values[row.quantity, b]
                if row.mass >= 0:
                    aim *= 1.0 / values[row.mass, b]
                if row.in_days:
                    aim *= planned[b]
                if level[b] >= aim * ENOUGH:
                    reached[b] = day


@device_function
def write_order_counters(order_tables: OrderTables, orders: OrderState, tally: Accumulators) -> None:
    """Write what the order lines of each pair ordered, and its money, to its counters."""
    noinline()
    for line in range(len(order_tables.lines)):
        pair, totals = order_tables.lines[line].pair, orders.totals[line]
        add_row(totals[SHELLS], tally.counters[tally.added[_ORDERED], pair])
        add_row(totals[COUNT], tally.counters[tally.added[_ORDERS], pair])
    money = orders.money
    for pair in range(len(money.unfunded)):
        if tally.added[_UNFUNDED] >= 0:
            copy_row(money.unfunded[pair], tally.counters[tally.added[_UNFUNDED], pair])
        if tally.added[_MONEY] >= 0:
            for kind in range(len(money.by_pair)):
                copy_row(money.by_pair[kind, pair], tally.counters[tally.added[_MONEY + kind], pair])


@inline
def reset(tally: Accumulators) -> None:
    """Reset before a new cell."""
    for pair in range(tally.counters.shape[1]):
        for k in range(len(tally.waiting)):
            tally.waiting[k, pair] = tally.counters.shape[2]
        for k in range(len(tally.counters)):
            fill_row(tally.counters[k, pair], tally.initial[k])
    for claim in range(len(tally.claim_first)):
        fill_row(tally.claim_first[claim], np.inf)
        for k in range(len(tally.claim_totals)):
            fill_row(tally.claim_totals[k, claim], 0.0)


@inline
def record_day(stocks: StockState, fire: FireState, tally: Accumulators, day: int, days: int) -> None:
    """Record the close of a day."""
    for pair in range(len(stocks.level)):
        if tally.consuming[pair]:
            if day >= tally.counted_from[0]:
                _record_first_days(stocks.level[pair], fire, tally, pair, day)
            if day >= days - SUSTAINED_DAYS:
                _add_sustained(fire, tally, pair)
    if stocks.needs[CLAIMS]:
        _record_claims(fire, tally, day)
    if stocks.needs[BOOKS]:
        _add_columns(stocks, tally)
    if tally.months.shape[1] > 0:
        _add_month(stocks, tally, day, days)
    _keep_day(stocks, fire, tally, day)


@device_function
def _record_claims(fire: FireState, tally: Accumulators, day: int) -> None:
    """Add up the figures of each claim, and keep those of the day."""
    noinline()
    kept, figures = day - tally.first_kept[0], fire.claims.day
    for claim in range(figures.shape[1]):
        for k in range(len(tally.claim_totals)):
            add_row(figures[k, claim], tally.claim_totals[k, claim])
        if day >= tally.counted_from[0]:
            unmet, first = figures[claims.UNMET, claim], tally.claim_first[claim]
            for b in range(len(unmet)):
                if unmet[b] > 0.0 and first[b] > day:
                    first[b] = day
        if tally.claim_sums.shape[1] > 0:
            for k in range(2):
                moved = figures[claims.WAITING + k, claim]
                _add_compensated(moved, tally.claim_sums[k, claim], tally.claim_lost[k, claim])
        if 0 <= kept < tally.claim_days.shape[2]:
            for k in range(len(figures)):
                copy_row(figures[k, claim], tally.claim_days[k, claim, kept])


@device_function
def _keep_day(stocks: StockState, fire: FireState, tally: Accumulators, day: int) -> None:
    noinline()
    kept = day - tally.first_kept[0]
    if 0 <= kept < tally.level.shape[1]:
        for pair in range(len(stocks.level)):
            copy_row(stocks.level[pair], tally.level[pair, kept])
    has_sums, last = len(tally.totals) > 0, len(tally.month) - 1
    if 0 <= kept < tally.flows.shape[1] or has_sums:
        _keep_flows(stocks, fire, tally, min(kept, tally.flows.shape[1] - 1))
    # Fire is summed from the rows of the day: without daily flows, only the last day is kept.
    if 0 <= kept < tally.flows.shape[1] or (has_sums and day == last):
        _keep_fire(fire, tally, kept)
    if has_sums:
        _add_up(stocks, fire, tally, day, last)
    if 0 <= kept < tally.entries.shape[1]:
        for column in range(len(stocks.day)):
            copy_row(stocks.day[column], tally.entries[column, kept])
        for pair in range(len(stocks.level)):
            for o in range(stocks.held.shape[1]):
                copy_row(stocks.held[pair, o], tally.held_daily[pair, o, kept])


@inline
def _add_columns(stocks: StockState, tally: Accumulators) -> None:
    for column in range(len(tally.sums)):
        _add_compensated(stocks.day[column], tally.sums[column], tally.lost[column])


@inline
def _record_first_days(level: Floats, fire: FireState, tally: Accumulators, pair: int, day: int) -> None:
    """Record the first day below each threshold, of exhaustion and of rationing (rule 30)."""
    planned, today = fire.planned[fire.whole[pair]], float(day)
    for k in range(len(tally.falling)):
        mark = tally.falling[k]
        if tally.waiting[mark, pair] > 0:
            least, first = tally.covers[mark] * ENOUGH, tally.counters[mark, pair]
            low = newly = 0
            for b in range(len(level)):
                is_low = level[b] < least * planned[b]
                low += is_low
                newly += is_low & (first[b] > today)
            if newly > 0:
                # Only on few days.
                _mark_first(level, planned, least, first, today)
                tally.waiting[mark, pair] -= newly
            if low == 0:
                # Levels not below this cover are not below any smaller one.
                break
    if fire.short[pair] > 0 and tally.waiting[len(tally.covers), pair] > 0:
        _record_rationing(fire, tally, pair, today)


@device_function
def _mark_first(level: Floats, planned: Floats, least: float, first: Floats, today: float) -> None:
    noinline()
    independent()
    for b in range(len(level)):
        is_new = (level[b] < least * planned[b]) & (first[b] > today)
        first[b] = select(is_new, today, first[b])


@device_function
def _record_rationing(fire: FireState, tally: Accumulators, pair: int, today: float) -> None:
    """Record the first day on which fire is less than the requirement."""
    noinline()
    required, fired = fire.required[fire.whole[pair]], fire.fired[fire.whole[pair]]
    rationed = tally.counters[len(tally.covers) + RATIONED_ROW, pair]
    for b in range(len(rationed)):
        is_short = fired[b] < required[b] * ENOUGH
        if fire.claims.has_backlog[pair]:
            is_short = fire.claims.unmet[pair, b] > 0.0
        if is_short and rationed[b] > today:
            rationed[b] = today
            tally.waiting[len(tally.covers), pair] -= 1


@device_function
def _add_sustained(fire: FireState, tally: Accumulators, pair: int) -> None:
    """Add requirement and fire of one of the last days."""
    noinline()
    whole, marks = fire.whole[pair], len(tally.covers)
    add_row(fire.required[whole], tally.counters[marks + WANTED_ROW, pair])
    add_row(fire.fired[whole], tally.counters[marks + SUSTAINED_ROW, pair])


@device_function
def _add_month(stocks: StockState, tally: Accumulators, day: int, days: int) -> None:
    noinline()
    month = tally.month[day]
    for column in range(len(stocks.day)):
        add_row(stocks.day[column], tally.months[column, month])
    if day == days - 1 or tally.month[day + 1] != month:
        for k in range(len(tally.holders)):
            copy_row(stocks.held[tally.holders[k, 0], tally.holders[k, 1]], tally.held[k, month])


@device_function
def _keep_flows(stocks: StockState, fire: FireState, tally: Accumulators, kept: int) -> None:
    noinline()
    pairs = len(stocks.level)
    after = tally.flows.shape[0] - 3 * pairs
    before = -1
    for column in range(len(stocks.day)):
        flow, values = tally.flow_of[column], stocks.day[column]
        if flow >= 0:
            row = tally.flows[flow, kept]
            # The columns of a flow follow each other; the first one starts the sum at zero.
            if flow == before:
                add_row(values, row)
            else:
                for b in range(len(row)):
                    row[b] = 0.0 + values[b]
        before = flow
    for pair in range(pairs):
        whole = fire.whole[pair]
        unmet = tally.flows[after + 2 * pairs + pair, kept]
        for b in range(len(unmet)):
            required, fired = fire.required[whole, b], fire.fired[whole, b]
            unmet[b] = select(fired < required * ENOUGH, required - fired, 0.0)
        if fire.claims.has_backlog[pair]:
            copy_row(fire.claims.unmet[pair], unmet)


@device_function
def _keep_fire(fire: FireState, tally: Accumulators, kept: int) -> None:
    """Keep requirement, fire and planned requirement of a day by pair."""
    noinline()
    pairs = len(fire.whole)
    after = len(tally.flows) - 3 * pairs
    for pair in range(pairs):
        whole = fire.whole[pair]
        copy_row(fire.required[whole], tally.flows[after + pair, min(kept, tally.flows.shape[1] - 1)])
        copy_row(fire.fired[whole], tally.flows[after + pairs + pair, min(kept, tally.flows.shape[1] - 1)])
        copy_row(fire.planned[whole], tally.planned[pair, min(kept, tally.planned.shape[1] - 1)])


@inline
def _add_up(stocks: StockState, fire: FireState, tally: Accumulators, day: int, last: int) -> None:
    """Add the flows of a day to their sums, in the order of `sim.results.run_sums.sum_block`."""
    pairs, flow_day = len(fire.whole), min(day, tally.flows.shape[1] - 1)
    required = len(tally.flows) - 3 * pairs
    for row in range(len(tally.flows)):
        if row < required or row >= required + 2 * pairs:
            _add_row_up(tally, row, tally.flows[row, flow_day], day, last)
    for pair in range(pairs):
        whole = fire.whole[pair]
        _add_row_up(tally, required + pair, fire.required[whole], day, last)
        _add_row_up(tally, required + pairs + pair, fire.fired[whole], day, last)
        _add_row_up(tally, len(tally.flows) + pair, fire.planned[whole], day, last)
        if day == 0:
            copy_row(stocks.level[pair], tally.first_level[pair])
    if day > last - SUSTAINED_DAYS:
        _add_late(fire, fire.required, tally.late[0], tally.late[2])
        _add_late(fire, fire.fired, tally.late[1], tally.late[2])


@device_function
def _add_row_up(tally: Accumulators, row: int, values: Floats, day: int, last: int) -> None:
    noinline()
    chunk, total = tally.chunks[row], tally.totals[row]
    for b in range(len(values)):
        chunk[b] += values[b]
    if day == 0:
        copy_row(values, tally.first_flows[row])
    if (day + 1) % DAYS_PER_CHUNK == 0 or day == last:
        add_row(chunk, total)
        fill_row(chunk, 0.0)


@device_function
def _add_late(fire: FireState, by_row: Floats, total: Floats, today: Floats) -> None:
    """Add the sum over pairs of a day to a total."""
    noinline()
    fill_row(today, 0.0)
    for pair in range(len(fire.whole)):
        add_row(by_row[fire.whole[pair]], today)
    add_row(today, total)


@device_function
def _add_compensated(values: Floats, total: Floats, lost: Floats) -> None:
    """Add a row to a total, and the rounding error to `lost` (Knuth's two-sum)."""
    noinline()
    independent()
    for b in range(len(values)):
        result = total[b] + values[b]
        part = result - total[b]
        lost[b] += (total[b] - (result - part)) + (values[b] - part)
        total[b] = result


@device_function
def add_row(values: Floats, total: Floats) -> None:
    """Add a row to another."""
    noinline()
    independent()
    for b in range(len(values)):
        total[b] += values[b]


@device_function
def fill_row(row: Floats, number: float) -> None:
    """Fill a row with a number."""
    noinline()
    for b in range(len(row)):
        row[b] = number


@device_function
def copy_row(values: Floats, to: Floats) -> None:
    """Copy a row into another."""
    noinline()
    independent()
    for b in range(len(values)):
        to[b] = values[b]
