"""Outcomes of the runs of a block, in the order of the compiled engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind
from sim.outcomes import CLOSING_STOCK, computed_by_engines, outcome_named
from sim.results.block import Block

Floats = NDArray[np.float64]


def run_outcomes(block: Block) -> Floats:
    """Return the outcomes over all pairs, shape (outcomes, runs), ordered as `computed_by_engines`.

    Sums follow the order of the compiled engine: over days, then over pairs. It sums production, landings
    and losses by entry, so these may differ by rounding.
    """
    return np.array([_outcome(block, name) for name in computed_by_engines(block.axes.thresholds)])


def _outcome(block: Block, name: str) -> Floats:
    if name == CLOSING_STOCK:
        return _in_order(block.level[:, :, -1])
    if name not in block.counters:
        return _in_order(_in_order(block.flows.get(Kind(name), np.zeros_like(block.level))))
    values = block.counters[name]
    return np.asarray(values.min(axis=1)) if outcome_named(name).is_date else _in_order(values)


def _in_order(values: Floats) -> Floats:
    """Sum over the last axis in order; `numpy.sum` adds pairwise."""
    last: Floats = np.add.accumulate(values, axis=-1)[..., -1]
    return last
