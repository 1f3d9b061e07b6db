"""Outcomes of a block over all depots and munitions, summed in the order of the compiled engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind
from sim.outcomes import computed_by_engines
from sim.results.block import Block

Floats = NDArray[np.float64]
_KINDS = frozenset(kind.value for kind in Kind)


def run_outcomes(block: Block) -> Floats:
    """Return the outcomes over all pairs, shape (outcomes, runs), ordered as `simulate.outcome_names`.

    Sums follow the order of the compiled engine: over days, then over pairs. It sums production, landings
    and losses by entry, so these may differ by rounding.
    """
    below = np.moveaxis(block.below, -1, 0).min(axis=-1)
    rows = [block.exhausted.min(axis=1), block.rationed.min(axis=1), *below]
    rows.append(_in_order(block.level[:, :, -1]))
    rows.append(_in_order(block.fire))
    nothing = np.zeros_like(block.level)
    totals = [Kind(name) for name in computed_by_engines(block.axes.thresholds) if name in _KINDS]
    rows += [_in_order(_in_order(block.flows.get(kind, nothing))) for kind in totals]
    return np.array(rows)


def _in_order(values: Floats) -> Floats:
    """Sum over the last axis in order; `numpy.sum` adds pairwise."""
    last: Floats = np.add.accumulate(values, axis=-1)[..., -1]
    return last
