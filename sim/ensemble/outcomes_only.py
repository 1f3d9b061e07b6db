"""Reduced tables: without the bookkeeping by origin, which levels, flows and outcomes do not need.

Levels, fire and totals do not depend on origins, since all outflows take from each origin in proportion
(rule 10). Where only fire reduces stock, just levels are tracked, and their numbers are the same to the last
bit. Elsewhere a sweep has one stock for all origins, which differs by rounding.
"""

from __future__ import annotations

import numpy as np

from sim.account import Kind
from sim.ensemble.scenario_tables import (
    BOOKS,
    COLUMNS,
    DELIVERED,
    EXPIRED,
    KINDS,
    LANDED,
    LOST,
    LOTS,
    PLACES,
    PRODUCED,
    REFURBISHED_PLACE,
    UNSERVICEABLE,
    DepotTables,
    Ints,
    ScenarioTables,
)

#: Kinds of entry that outcomes total, besides fire, requirement and unmet requirement.
TOTALLED_KINDS = {
    Kind.PRODUCED: PRODUCED,
    Kind.LANDED: LANDED,
    Kind.LOST: LOST,
    Kind.DELIVERED: DELIVERED,
    Kind.EXPIRED: EXPIRED,
}


def shares_stock(tables: ScenarioTables) -> bool:
    """Return whether reduced tables have one stock for all origins, instead of levels alone."""
    return bool(tables.sizes[PLACES])


def lower_for_flows(tables: ScenarioTables) -> ScenarioTables:
    """Return the tables of a scenario reduced to what daily levels and flows need; they keep every bit."""
    if _has_parts(tables.depots):
        return tables
    sizes = tables.sizes.copy()
    sizes[PLACES] = 0
    return tables._replace(
        depots=tables.depots._replace(place=np.zeros_like(tables.depots.place)), sizes=sizes
    )


def _has_parts(depot_tables: DepotTables) -> bool:
    """Return whether something else than fire takes from a stock, or enters it as a lot."""
    return bool(
        len(depot_tables.transfers)
        or len(depot_tables.workshops)
        or len(depot_tables.damage)
        or depot_tables.needs[LOTS]
        or len(depot_tables.ages.stocks)
    )


def lower_for_outcomes(tables: ScenarioTables) -> ScenarioTables:
    """Return the tables of a scenario, reduced for the outcomes of a sweep.

    Columns become running totals of the `TOTALLED_KINDS`.
    """
    depot_tables, sizes = tables.depots, tables.sizes.copy()
    by_quantity = not depot_tables.damage_is_share.all()
    needs = depot_tables.needs.copy()
    needs[UNSERVICEABLE] = len(depot_tables.workshops) > 0 or by_quantity
    needs[BOOKS] = 0
    sizes[PLACES] = int(_has_parts(depot_tables))
    sizes[COLUMNS] += 1
    sizes[REFURBISHED_PLACE] = 0
    depots = depot_tables._replace(
        column=_total_columns(depot_tables, int(tables.sizes[COLUMNS])),
        cleared=np.zeros(0, dtype=np.int64),
        place=np.zeros_like(depot_tables.place),
        needs=needs,
    )
    return tables._replace(depots=depots, sizes=sizes)


def _total_columns(depot_tables: DepotTables, dummy: int) -> Ints:
    """Return the column of each entry: its own if it is totalled, else a dummy column."""
    column = np.full((KINDS, *depot_tables.column.shape[1:]), dummy, dtype=np.int64)
    for kind in TOTALLED_KINDS.values():
        for pair in range(depot_tables.column.shape[1]):
            columns = depot_tables.column[kind, pair]
            own = columns[columns >= 0]
            column[kind, pair] = np.where(columns >= 0, columns, own[0] if len(own) else dummy)
    return column
