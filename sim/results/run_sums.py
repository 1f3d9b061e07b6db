"""Sums over the days of each run, from which outcomes follow.

An engine may add them up itself (`Block.sums`); the order of addition, and so the last digit, is the one of
`sum_block`: day by day within chunks of `DAYS_PER_CHUNK` days, then over the chunks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sim.account import DAYS_PER_CHUNK, INFLOW_KINDS, OUTFLOW_KINDS, SUSTAINED_DAYS, Kind
from sim.results.block import NO_MONEY, Block, RunSums, flow_or_zeros
from sim.results.table_names import CONSUMERS, DAILY, FLOWS, ORIGINS, OUTCOMES, PATHS, SHIPMENTS, STOCK

Floats = NDArray[np.float64]


def sum_block(block: Block) -> RunSums:
    """Return the sums of a block from its daily arrays."""
    late = (_sum_last_days(flow_or_zeros(block, kind)) for kind in (Kind.FIRED, Kind.REQUIRED))
    return RunSums(
        {kind: sum_days(flow) for kind, flow in block.flows.items()},
        sum_days(block.planned),
        opening_stock(block.level[:, :, 0], {kind: flow[:, :, 0] for kind, flow in block.flows.items()}),
        block.level[:, :, -1],
        block.planned[:, :, 0],
        block.planned[:, :, -1],
        *late,
    )


def reduce_block(block: Block, tables: Collection[str]) -> Block:
    """Return a block with what some tables need, and nothing else."""
    is_daily, has_flows = DAILY in tables, not {DAILY, FLOWS}.isdisjoint(tables)
    has_level = has_flows or not {STOCK, PATHS}.isdisjoint(tables)
    return replace(
        block,
        level=block.level if has_level else block.level[:, :, :0],
        planned=block.planned if is_daily else block.planned[:, :, :0],
        flows=block.flows if has_flows else {},
        months=block.months if ORIGINS in tables else {},
        voyages=block.voyages if SHIPMENTS in tables else (),
        money=block.money if OUTCOMES in tables else NO_MONEY,
        orders=block.orders if SHIPMENTS in tables else (),
        claims=block.claims if CONSUMERS in tables else {},
        sums=sum_block(block) if OUTCOMES in tables else None,
    )


def opening_stock(level: Floats, flows: Mapping[Kind, Floats]) -> Floats:
    """Return the stock before a day from its closing level and its flows, arrays of one shape."""
    before = np.array(level)
    for sign, kinds in ((-1.0, INFLOW_KINDS), (1.0, OUTFLOW_KINDS)):
        for kind in kinds:
            if kind in flows:
                before += sign * flows[kind]
    return before


def sum_days(daily: Floats) -> Floats:
    """Return the sums over days, shape (n, P), of an array of shape (n, P, D).

    The order of addition, and so the last digit, does not depend on the memory layout or on other runs:
    first within chunks of `DAYS_PER_CHUNK` days, then over the chunks.
    """
    by_day = _with_runs_contiguous(daily)
    pairs, days, runs = by_day.shape
    last = days - days % DAYS_PER_CHUNK
    stretches = by_day[:, :last].reshape(pairs, -1, DAYS_PER_CHUNK, runs).sum(axis=2)
    rest = by_day[:, last:].sum(axis=1)
    return np.asarray((stretches.sum(axis=1) + rest).T[: len(daily)], dtype=np.float64)


def sum_in_order(values: Floats) -> Floats:
    """Sum over the second axis in order, for any memory layout."""
    if values.shape[1] == 1:
        return values[:, 0]
    total = _with_runs_contiguous(values).sum(axis=0)
    return np.asarray(np.moveaxis(total, -1, 0)[: len(values)], dtype=np.float64)


def _sum_last_days(daily: Floats) -> Floats:
    # Add day by day as `account.sustained_fire`, so that with one pair both agree to the last digit.
    return sum_in_order(sum_in_order(daily[:, :, -SUSTAINED_DAYS:]))


def _with_runs_contiguous(values: Floats) -> Floats:
    """Return an array with runs contiguous, so that numpy adds over other axes in the same order for all.

    A single run is duplicated, since numpy adds a single one in another order.
    """
    turned = np.ascontiguousarray(np.moveaxis(values, 0, -1))
    return np.repeat(turned, 2, axis=-1) if len(values) == 1 else turned
