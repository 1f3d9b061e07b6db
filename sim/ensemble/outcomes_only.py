"""A lowered scenario of which nobody asks but the outcomes: what they do not need is not followed.

Levels, fire and totals do not depend on how many origins are told apart, since fire, losses and dispatch
take from all alike (rule 10). So shells lie together, or are not followed at all where nothing but fire takes
them, and columns are running totals of what is produced, landed and lost.
"""

from __future__ import annotations

import numpy as np

from sim.account import Kind
from sim.ensemble.scenario_tables import (
    BOOKS,
    COLUMNS,
    KINDS,
    LANDED,
    LOST,
    LOTS,
    PLACES,
    PRODUCED,
    REFURBISHED_PLACE,
    UNSERVICEABLE,
    Ints,
    Plan,
    ScenarioTables,
)

#: The kinds that outcomes ask for, beside what is fired, required and unmet.
TOTALLED_KINDS = {Kind.PRODUCED: PRODUCED, Kind.LANDED: LANDED, Kind.LOST: LOST}


def lower_for_outcomes(plan: Plan) -> ScenarioTables:
    """Return what the account of a plan needs where only outcomes are asked for."""
    home, sizes = plan.tables.depots, plan.tables.sizes.copy()
    parts = bool(len(home.transfers) or len(home.workshops) or len(home.damage) or home.asked[LOTS])
    by_quantity = not home.damage_is_share.all()
    asked = home.asked.copy()
    asked[UNSERVICEABLE] = len(home.workshops) > 0 or by_quantity
    asked[BOOKS] = 0
    sizes[PLACES] = int(parts)
    sizes[COLUMNS] += 1
    sizes[REFURBISHED_PLACE] = 0
    slim = home._replace(
        column=_total_columns(plan),
        cleared=np.zeros(0, dtype=np.int64),
        place=np.zeros_like(home.place),
        asked=asked,
    )
    return plan.tables._replace(depots=slim, sizes=sizes)


def _total_columns(plan: Plan) -> Ints:
    """Return the column of each entry: its own if it is totalled, else one that nobody reads."""
    home = plan.tables.depots
    unread = len(plan.columns)
    column = np.full((KINDS, *home.column.shape[1:]), unread, dtype=np.int64)
    for kind in TOTALLED_KINDS.values():
        for pair in range(home.column.shape[1]):
            known = home.column[kind, pair]
            own = known[known >= 0]
            column[kind, pair] = np.where(known >= 0, known, own[0] if len(own) else unread)
    return column
