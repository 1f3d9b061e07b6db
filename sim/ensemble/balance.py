"""Balance error of each run: opening stock plus inflow, less outflow and closing stock (rule 9)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.account import INFLOW_KINDS, OUTFLOW_KINDS, UNSERVICEABLE_KINDS, Kind
from sim.ensemble.accumulators import Accumulators
from sim.ensemble.block_account import ClosingState
from sim.ensemble.orders import LATE, SHELLS, OrderState, queued_shells
from sim.ensemble.scenario_tables import Floats, Plan
from sim.ensemble.supply import Arrivals


def run_balance_errors(
    plan: Plan, arrivals: Arrivals, tally: Accumulators, closing: ClosingState, orders: OrderState
) -> Floats:
    """Return each run's largest balance error over places and origins, relative to gross turnover."""
    worst = np.zeros(closing.level.shape[1])
    places = sorted({(pair, origin) for pair, origin, _ in plan.columns} | plan.openings)
    for pair, origin in places:
        into, out = (
            _column_sums(plan, tally, pair, origin, kinds) for kinds in (INFLOW_KINDS, OUTFLOW_KINDS)
        )
        opening, held = closing.opening[pair, origin], closing.held[pair, origin]
        worst = np.maximum(worst, _relative_error([opening, *into], [held, *out]))
        into, out = (_column_sums(plan, tally, pair, origin, kinds) for kinds in UNSERVICEABLE_KINDS)
        opening, held = closing.opening_unserviceable[pair, origin], closing.unserviceable[pair, origin]
        worst = np.maximum(worst, _relative_error([opening, *into], [held, *out]))
    elsewhere = np.ones(closing.held.shape[:2], dtype=np.bool_)
    elsewhere[tuple(np.array(places).T)] = False
    for stock in (closing.held, closing.unserviceable):
        # Stock of pairs and origins that cannot have any is an error.
        worst = np.where(stock[elsewhere].any(axis=0), 1.0, worst)
    for moved in _transfer_errors(plan, tally, closing):
        worst = np.maximum(worst, moved)
    for brought in _supplier_errors(plan, arrivals, tally, closing):
        worst = np.maximum(worst, brought)
    for delivered in _order_errors(plan, tally, closing, orders):
        worst = np.maximum(worst, delivered)
    for place, claim in enumerate(plan.axes.claims):
        if claim.has_backlog:
            (waiting, served), (lost_in, lost_out) = tally.claim_sums[:, place], tally.claim_lost[:, place]
            left = [served, lost_out, closing.backlog[place]]
            worst = np.maximum(worst, _relative_error([waiting, lost_in], left))
    return worst


def _order_errors(
    plan: Plan, tally: Accumulators, closing: ClosingState, orders: OrderState
) -> Iterable[Floats]:
    for line, name in enumerate(plan.axes.orders):
        origin, row = plan.axes.origins.index(name), plan.tables.orders.lines[line]
        went = [orders.totals[line, LATE], queued_shells(row, orders, line)]
        for pair in range(len(plan.axes.pairs)):
            went += [
                *_column_sums(plan, tally, pair, origin, (Kind.DELIVERED,)),
                closing.gate[pair, origin],
            ]
        yield _relative_error([orders.totals[line, SHELLS]], went)


def _transfer_errors(plan: Plan, tally: Accumulators, closing: ClosingState) -> Iterable[Floats]:
    axes = plan.axes
    munitions = dict.fromkeys(pair.munition for pair in axes.pairs)
    for munition in munitions:
        pairs = [pair for pair, (_, name) in enumerate(axes.pairs) if name == munition]
        for origin in range(len(axes.origins)):
            left = [
                row for pair in pairs for row in _column_sums(plan, tally, pair, origin, (Kind.DISPATCHED,))
            ]
            came = [
                row for pair in pairs for row in _column_sums(plan, tally, pair, origin, (Kind.RECEIVED,))
            ]
            if left:
                yield _relative_error(left, [*came, *(closing.coming[pair, origin] for pair in pairs)])


def _supplier_errors(
    plan: Plan, arrivals: Arrivals, tally: Accumulators, closing: ClosingState
) -> Iterable[Floats]:
    kinds = (Kind.LANDED, Kind.REJECTED)
    for s, origin in enumerate(plan.tables.supply.suppliers["origin"].tolist()):
        went = [arrivals.away[s]]
        for pair in range(len(plan.axes.pairs)):
            went += [*_column_sums(plan, tally, pair, origin, kinds), closing.gate[pair, origin]]
        yield _relative_error([arrivals.shipped[s]], went)


def _column_sums(
    plan: Plan, tally: Accumulators, pair: int, origin: int, kinds: Iterable[str]
) -> list[Floats]:
    """Return the totals of columns of a pair and an origin, each followed by its rounding error."""
    found = []
    for kind in kinds:
        column = plan.column_of.get((pair, origin, kind))
        if column is not None:
            found += [tally.sums[column], *tally.lost[column : column + 1]]
    return found


def _relative_error(came: list[Floats], went: list[Floats]) -> Floats:
    """Return the difference of two sums, relative to their total."""
    total, lost = np.zeros_like(came[0]), np.zeros_like(came[0])
    for more in (*came, *(-row for row in went)):
        # Knuth's two-sum: plain sums of the same shells in two orders differ by rounding.
        result = total + more
        part = result - total
        lost += (total - (result - part)) + (more - part)
        total = result
    # One array after the other: numpy adds those of a single run in pairs, and its bytes would differ.
    turnover = sum(came, np.zeros_like(came[0])) + sum(went, np.zeros_like(came[0]))
    difference = np.abs(total + lost)
    relative: Floats = np.divide(difference, turnover, out=np.zeros_like(difference), where=turnover > 0.0)
    return relative
