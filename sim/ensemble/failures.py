"""Messages for failed runs, as in `sim.model`: cargo without shells, a full depot, too many voyages."""

from __future__ import annotations

import numpy as np

from sim.account import sum_in_order
from sim.ensemble.block_account import ClosingState
from sim.ensemble.scenario_tables import Floats, Ints, Plan
from sim.scenario import limits


def suppliers_without_shells(plan: Plan, values: Floats) -> Ints:
    """Return for each run the first supplier whose cargo contains no shells; -1 for none."""
    supply_tables = plan.tables.supply
    found = np.full(values.shape[1], -1, dtype=np.int64)
    for s in range(len(supply_tables.suppliers) - 1, -1, -1):
        boxed, mixed = supply_tables.suppliers[s]["containers"], supply_tables.suppliers[s]["mixed"]
        shells = np.zeros(values.shape[1])
        for share, load in zip(supply_tables.mix[s].tolist(), supply_tables.loads[s].tolist(), strict=True):
            part = np.zeros_like(shells) if share < 0 else values[share]
            part = part if mixed else np.ones_like(shells)
            if boxed:
                part = part * values[load] if load >= 0 else np.zeros_like(shells)
            shells += part
        found[shells <= 0.0] = s
    return found


def overfull_message(plan: Plan, closing: ClosingState, place: int) -> str:
    """Return the message for a depot whose opening stock exceeds its capacity, for one run of a block."""
    depot = int(closing.full[place])
    munitions = len(plan.axes.pairs) // len(plan.tables.depots.depots)
    stock = sum_in_order(closing.opening[depot * munitions : (depot + 1) * munitions, 0, place].tolist())
    return limits.overfull(plan.axes.pairs[depot * munitions].depot, stock)


def too_many_voyages_message(plan: Plan, leg: int) -> str:
    """Return the message for a leg that makes too many voyages."""
    supplier = int(plan.tables.supply.legs[leg]["supplier"])
    position = leg - int(plan.tables.supply.suppliers[supplier]["leg_first"])
    return limits.too_many_voyages(f"shipments.{plan.suppliers[supplier]}.route.{position}")
