"""Orders by stock (rule 37): reviews, suppliers' queues, arrivals. Compiled twin of `sim.model.orders`.

A scenario without orders has no order lines, and all loops here are empty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.ensemble import daily_series
from sim.ensemble.arrays import aligned_array
from sim.ensemble.claims import BACKLOG, ClaimState
from sim.ensemble.cohorts import NEW
from sim.ensemble.consumption import FireState
from sim.ensemble.depots import ORDERS, LotLists, StockState, admit_or_queue, receive_shells, waiting_shells
from sim.ensemble.device_formulas import first_review, is_made, order_size, still_ordered, to_seconds
from sim.ensemble.money import (
    SPENT,
    MoneyState,
    enter_money,
    fund_order,
    grant_budget,
    make_money,
    write_prices,
)
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import (
    DAYS,
    DELIVERED,
    LOTS,
    DepotTables,
    Floats,
    Ints,
    OrderTables,
    Record,
    SeriesTables,
)
from sim.units import SECONDS_PER_DAY

#: Places in the rows of `OrderState.marks`: reorder point, order-up-to level, order quantity, capacity.
LOW, HIGH, LOT, CAPACITY = range(4)
#: Places in the rows of `OrderState.times`: the next review, its end, the interval, in seconds.
NEXT_REVIEW, CLOSES, INTERVAL = range(3)
#: Places in the rows of `OrderState.numbers`: orders placed, and orders made.
PLACED, MADE = range(2)
#: Places in the rows of `OrderState.totals`: shells ordered, number of orders, shells that arrive too late.
SHELLS, COUNT, LATE = range(3)
#: Places in the rows of `OrderState.log`: when an order is placed, made and arrives, in seconds.
LOG_PLACED, LOG_MADE, LOG_ARRIVED = range(3)


class OrderState(NamedTuple):
    """Orders in every run of a block.

    Attributes
    ----------
    due : array, shape (lines, days, runs)
        Shells that arrive on a day.
    ordered : array, shape (lines, runs)
        Shells ordered and not yet received.
    queue, costs : array, shape (lines with a capacity, days, runs)
        Size and cost of each order.
    left : array, shape (lines, runs)
        What is still to be made of the order that is next at the supplier.
    marks : array, shape (lines, 4, runs)
        Numbers of the policy on a day; negative for none.
    times : array, shape (lines, 3, runs)
    numbers : array, shape (lines, 2, runs)
    totals : array, shape (lines, 3, runs)
    position : array, shape (runs,)
        Scratch: inventory position.
    log : array, shape (lines, 3, days, kept runs)
    log_shells, log_costs : array, shape (lines, days, kept runs)
        Orders by number, of the runs that are kept.
    money : MoneyState
    """

    due: Floats
    ordered: Floats
    queue: Floats
    costs: Floats
    left: Floats
    marks: Floats
    times: Ints
    numbers: Ints
    totals: Floats
    position: Floats
    log: Ints
    log_shells: Floats
    log_costs: Floats
    money: MoneyState


def make_order_state(order_tables: OrderTables, sizes: Ints, runs: int, kept: int) -> OrderState:
    """Allocate the orders of a block of runs, of which the first `kept` are logged."""
    lines, days = len(order_tables.lines), int(sizes[DAYS])
    queues = int((order_tables.lines["capacity"] >= 0).sum())
    return OrderState(
        due=aligned_array((lines, days, runs)),
        ordered=aligned_array((lines, runs)),
        queue=aligned_array((queues, days, runs)),
        costs=aligned_array((queues, days, runs)),
        left=aligned_array((lines, runs)),
        marks=aligned_array((lines, 4, runs)),
        times=np.zeros((lines, 3, runs), dtype=np.int64),
        numbers=np.zeros((lines, 2, runs), dtype=np.int64),
        totals=aligned_array((lines, 3, runs)),
        position=aligned_array((runs,)),
        log=np.zeros((lines, 3, days, kept), dtype=np.int64),
        log_shells=np.zeros((lines, days, kept)),
        log_costs=np.zeros((lines, days, kept)),
        money=make_money(order_tables.money, sizes, runs),
    )


@device_function
def reset_orders(order_tables: OrderTables, values: Floats, orders: OrderState) -> None:
    """Reset everything to the state at the start."""
    noinline()
    days = orders.due.shape[1]
    for line in range(len(order_tables.lines)):
        row = order_tables.lines[line]
        for day in range(days):
            for b in range(values.shape[1]):
                orders.due[line, day, b] = 0.0
        for b in range(values.shape[1]):
            orders.ordered[line, b] = orders.left[line, b] = 0.0
            for k in range(orders.marks.shape[1]):
                orders.marks[line, k, b] = -1.0
            for k in range(orders.totals.shape[1]):
                orders.totals[line, k, b] = 0.0
            orders.numbers[line, PLACED, b] = orders.numbers[line, MADE, b] = 0
            _schedule_reviews(row, values, orders.times[line], days, b)


@device_function
def _schedule_reviews(row: Record, values: Floats, times: Ints, days: int, b: int) -> None:
    """Write the first review in a run, the end of the reviews, and the time between two."""
    opens, closes, interval = 0, days * SECONDS_PER_DAY, SECONDS_PER_DAY
    if row.first >= 0:
        opens = to_seconds(values[row.first, b])
    if row.until >= 0:
        closes = to_seconds(values[row.until, b])
        if not row.until_is_date:
            closes += opens
    if row.review >= 0:
        interval = max(interval, to_seconds(values[row.review, b]))
    times[NEXT_REVIEW, b] = first_review(opens, interval)
    times[CLOSES, b] = closes
    times[INTERVAL, b] = interval


@inline
def deliver_orders(
    order_tables: OrderTables,
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    leads: Ints,
    stocks: StockState,
    orders: OrderState,
    day: int,
) -> None:
    """Make what suppliers make on a day, and add what arrives at depots without a gate."""
    for line in range(len(order_tables.lines)):
        row = order_tables.lines[line]
        if row.capacity >= 0:
            if daily_series.has_changed(courses, row.capacity, day):
                daily_series.write_row(
                    courses, row.capacity, day, values, factors, orders.marks[line, CAPACITY]
                )
            _make_orders(order_tables, values, leads, orders, line, day)
        _receive_row(orders.due[line, day], orders.ordered[line])
        if depot_tables.depots[row.depot].capacity < 0:
            column = stocks.column[DELIVERED, row.pair, row.origin]
            receive_shells(stocks, column, orders.due[line, day], row.pair, row.origin, day)


@device_function
def _receive_row(came: Floats, ordered: Floats) -> None:
    noinline()
    for b in range(len(came)):
        if came[b] > 0.0:
            ordered[b] = still_ordered(ordered[b], came[b])


@device_function
def _make_orders(
    order_tables: OrderTables, values: Floats, leads: Ints, orders: OrderState, line: int, day: int
) -> None:
    """Make orders in the order in which they were placed; each leaves when all of it is made."""
    noinline()
    row = order_tables.lines[line].queue
    queue, costs = orders.queue[row], orders.costs[row]
    for b in range(len(orders.position)):
        capacity = orders.marks[line, CAPACITY, b]
        while orders.numbers[line, MADE, b] < orders.numbers[line, PLACED, b]:
            number = orders.numbers[line, MADE, b]
            if not is_made(orders.left[line, b], capacity):
                orders.left[line, b] -= capacity
                break
            capacity = max(0.0, capacity - orders.left[line, b])
            cost = costs[number, b]
            _leave(order_tables, values, leads, orders, line, number, queue[number, b], cost, day, b)
            orders.numbers[line, MADE, b] = number + 1
            if number + 1 < orders.numbers[line, PLACED, b]:
                orders.left[line, b] = queue[number + 1, b]


@device_function
def _leave(
    order_tables: OrderTables,
    values: Floats,
    leads: Ints,
    orders: OrderState,
    line: int,
    number: int,
    shells: float,
    cost: float,
    day: int,
    b: int,
) -> None:
    """Let an order leave the supplier at the start of a day; it arrives after its lead time."""
    row = order_tables.lines[line]
    second = day * SECONDS_PER_DAY
    enter_money(order_tables.money, orders.money, SPENT, row.pair, day, cost, b)
    lead = leads[row.leads, number, b] if row.leads >= 0 else to_seconds(values[row.lead, b])
    arrives = second + lead
    if arrives < orders.due.shape[1] * SECONDS_PER_DAY:
        orders.due[line, arrives // SECONDS_PER_DAY, b] += shells
    else:
        orders.totals[line, LATE, b] += shells
    if b < orders.log.shape[3]:
        orders.log[line, LOG_MADE, number, b] = second
        orders.log[line, LOG_ARRIVED, number, b] = arrives


@device_function
def admit_orders(
    order_tables: OrderTables,
    stocks: StockState,
    lots: LotLists,
    orders: OrderState,
    depot: int,
    capacity: float,
    day: int,
    b: int,
) -> None:
    """Admit what arrives on a day at a depot with a gate, one lot for each order line."""
    noinline()
    for line in range(len(order_tables.lines)):
        row = order_tables.lines[line]
        if row.depot == depot and orders.due[line, day, b] > 0.0:
            for k in range(len(lots.scratch)):
                lots.scratch[k] = 0.0
            place = row.munition * stocks.held.shape[1] + stocks.place[row.origin]
            lots.scratch[place] = orders.due[line, day, b]
            second = day * SECONDS_PER_DAY
            admit_or_queue(stocks, lots, depot, capacity, second, ORDERS, line, day, DELIVERED, NEW, day, b)


@inline
def review_orders(
    order_tables: OrderTables,
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    leads: Ints,
    stocks: StockState,
    fire: FireState,
    lots: LotLists,
    orders: OrderState,
    day: int,
) -> None:
    """Review the inventory position of every line at the close of a day but the last, and order."""
    if day + 1 < orders.due.shape[1]:
        grant_budget(order_tables.money, courses, values, factors, orders.money, day + 1)
        write_prices(order_tables.money, courses, values, factors, orders.money, day + 1)
        for line in range(len(order_tables.lines)):
            _write_marks(order_tables, courses, values, factors, orders, line, day)
            _write_position(order_tables, depot_tables, stocks, lots, fire.claims, orders, line)
            _review_line(order_tables, values, factors, leads, fire, orders, line, day)


@device_function
def _write_marks(
    order_tables: OrderTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    orders: OrderState,
    line: int,
    day: int,
) -> None:
    noinline()
    for mark in range(3):
        series = order_tables.marks[line, mark]
        if series >= 0 and daily_series.has_changed(courses, series, day):
            daily_series.write_row(courses, series, day, values, factors, orders.marks[line, mark])


@device_function
def _write_position(
    order_tables: OrderTables,
    depot_tables: DepotTables,
    stocks: StockState,
    lots: LotLists,
    claims: ClaimState,
    orders: OrderState,
    line: int,
) -> None:
    """Write the inventory position: level, transfers under way, the gate, and orders, less the backlog."""
    noinline()
    row = order_tables.lines[line]
    level, position, places = stocks.level[row.pair], orders.position, stocks.held.shape[1]
    for b in range(len(position)):
        position[b] = level[b]
    if stocks.needs[LOTS]:
        for b in range(len(position)):
            position[b] += waiting_shells(lots, lots.coming, row.depot, b, row.munition, places)
            position[b] += waiting_shells(lots, lots.gate, row.depot, b, row.munition, places)
    for other in range(len(order_tables.lines)):
        if order_tables.lines[other].pair == row.pair:
            ordered = orders.ordered[other]
            for b in range(len(position)):
                position[b] += ordered[b]
    if claims.has_backlog[row.pair]:
        _subtract_backlogs(depot_tables, claims, row.pair, position)


@device_function
def _subtract_backlogs(depot_tables: DepotTables, claims: ClaimState, pair: int, position: Floats) -> None:
    for c in range(depot_tables.in_pair_first[pair], depot_tables.in_pair_first[pair + 1]):
        claim = depot_tables.in_pair[c]
        if depot_tables.claims[claim].has_backlog:
            for b in range(len(position)):
                position[b] -= claims.day[BACKLOG, claim, b]


@device_function
def _review_line(
    order_tables: OrderTables,
    values: Floats,
    factors: Floats,
    leads: Ints,
    fire: FireState,
    orders: OrderState,
    line: int,
    day: int,
) -> None:
    noinline()
    row = order_tables.lines[line]
    planned, second = fire.planned[fire.whole[row.pair]], day * SECONDS_PER_DAY
    low, high, lot = orders.marks[line, LOW], orders.marks[line, HIGH], orders.marks[line, LOT]
    for b in range(len(orders.position)):
        if not orders.times[line, NEXT_REVIEW, b] <= second < orders.times[line, CLOSES, b]:
            continue
        orders.times[line, NEXT_REVIEW, b] += orders.times[line, INTERVAL, b]
        if row.running >= 0 and factors[row.running, day, b] <= 0.0:
            continue
        shells = order_size(
            orders.position[b],
            low[b] * planned[b] if order_tables.in_days[line, LOW] else low[b],
            high[b] * planned[b] if order_tables.in_days[line, HIGH] else high[b],
            lot[b] * planned[b] if order_tables.in_days[line, LOT] else lot[b],
        )
        if shells > 0.0:
            shells, cost = fund_order(order_tables.money, values, orders.money, shells, line, row.pair, b)
            if shells > 0.0:
                _place(order_tables, values, leads, orders, line, shells, cost, day, b)


@device_function
def _place(
    order_tables: OrderTables,
    values: Floats,
    leads: Ints,
    orders: OrderState,
    line: int,
    shells: float,
    cost: float,
    day: int,
    b: int,
) -> None:
    """Place an order, which counts from the start of the next day on."""
    row = order_tables.lines[line]
    number = orders.numbers[line, PLACED, b]
    orders.numbers[line, PLACED, b] = number + 1
    orders.ordered[line, b] += shells
    orders.totals[line, SHELLS, b] += shells
    orders.totals[line, COUNT, b] += 1.0
    if b < orders.log.shape[3]:
        never = orders.due.shape[1] * SECONDS_PER_DAY
        orders.log[line, LOG_PLACED, number, b] = (day + 1) * SECONDS_PER_DAY
        orders.log[line, LOG_MADE, number, b] = orders.log[line, LOG_ARRIVED, number, b] = never
        orders.log_shells[line, number, b] = shells
        orders.log_costs[line, number, b] = cost
    if row.capacity < 0:
        _leave(order_tables, values, leads, orders, line, number, shells, cost, day + 1, b)
        return
    if orders.numbers[line, MADE, b] == number:
        orders.left[line, b] = shells
    orders.queue[row.queue, number, b] = shells
    orders.costs[row.queue, number, b] = cost


def queued_shells(row: Record, orders: OrderState, line: int) -> Floats:
    """Return the shells of the orders of a line that the supplier has not made, shape (runs,)."""
    total = np.zeros(len(orders.position))
    if row["capacity"] >= 0:
        queue, (placed, made) = orders.queue[row["queue"]], orders.numbers[line]
        number = np.arange(len(queue))[:, np.newaxis]
        waiting = np.where((number >= made) & (number < placed), queue, 0.0)
        # Added up one after the other, since numpy adds those of a single run in pairs.
        total += np.cumsum(waiting, axis=0)[-1:].sum(axis=0)
    return total
