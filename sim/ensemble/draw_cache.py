"""Draws of the blocks of one ensemble under changing inputs: what reads no changed number is kept.

A page draws the same runs again whenever an input moves. Each part of the draws (events, daily variation,
lead times, arrivals) names the rows of the quantities that it reads; it is drawn again if one of these has
another law or another value in any run, or if a part that it uses is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.ensemble.scenario_tables import Floats, Plan, Records, ScenarioTables
from sim.scenario.laws import CHOICE


class PartRows(NamedTuple):
    """Rows of quantities that each part of the draws reads; dates are those from which others count."""

    events: frozenset[int]
    variation: frozenset[int]
    leads: frozenset[int]
    suppliers: frozenset[int]
    dates: frozenset[int]
    activities: frozenset[int]


def rows_of_parts(plan: Plan) -> PartRows:
    """Return the rows that events, variation, lead times and suppliers read; the account reads all others."""
    low = plan.tables
    suppliers = _field_values(low.supply.suppliers, ("first", "until", "reserve", "lead", "under_way"))
    suppliers |= _field_values(low.supply.ways, ("lasts",))
    suppliers |= _field_values(low.supply.deliveries, ("quantity", "lead", "date"))
    suppliers |= _field_values(low.supply.legs, ("capacity", "load", "travel", "unload", "back"))
    for table in (low.supply.mix, low.supply.loads, low.supply.serviceable, low.supply.masses):
        suppliers.update(table.ravel().tolist())
    suppliers |= _rows_of_series(plan, _field_values(low.supply.suppliers, ("growing", "offers")))
    leads = _field_values(low.depots.lines, ("lead",)) | _field_values(low.depots.transfers, ("lead",))
    leads |= _field_values(low.orders.lines, ("lead",))
    leads |= _rows_of_series(plan, low.depots.outputs["series"][low.depots.outputs["due"] >= 0].tolist())
    return PartRows(
        frozenset(_field_values(low.events.events, ("every", "last", "strength", "first", "until")) - {-1}),
        frozenset(_field_values(low.depots.consumers, ("variation",)) - {-1}),
        frozenset(leads - {-1}),
        frozenset(suppliers - {-1}),
        frozenset(date.row for date in plan.dates),
        frozenset(_activity_rows(plan) - {-1}),
    )


def _activity_rows(plan: Plan) -> set[int]:
    fields = ("quantity", "mass", "chance", "happens", "every", "first")
    return _field_values(plan.activities.activities, fields) | set(plan.activities.on_date.tolist())


class UnchangedParts(NamedTuple):
    """Parts of the draws of some runs that are the same as under other laws."""

    events: bool = False
    variation: bool = False
    leads: bool = False
    arrivals: bool = False


def unchanged_parts(plan: Plan, values: Floats, before: Plan, values_before: Floats) -> UnchangedParts:
    """Return the parts of the draws that two plans have in common.

    Parameters
    ----------
    plan, before : Plan
    values, values_before : array, shape (quantities, runs)
        Drawn values of the same runs under each plan.
    """
    if not _is_same_shape(plan.tables, before.tables):
        return UnchangedParts()
    changed = _changed_rows(plan, values, before, values_before)
    rows = rows_of_parts(plan)
    events = changed.isdisjoint(rows.events)
    return UnchangedParts(
        events,
        changed.isdisjoint(rows.variation),
        events and changed.isdisjoint(rows.leads),
        events and changed.isdisjoint(rows.suppliers),
    )


def _changed_rows(plan: Plan, values: Floats, before: Plan, values_before: Floats) -> set[int]:
    """Return the rows whose law, or value in any run, differs."""
    laws, laws_before = plan.tables.laws, before.tables.laws
    same = (values == values_before) | (np.isnan(values) & np.isnan(values_before))
    differs = (laws.quantities != laws_before.quantities) | ~same.all(axis=1)
    lists = zip(laws[1:], laws_before[1:], strict=True)
    if not all(np.array_equal(one, other) for one, other in lists):
        # Every choice reads the lists of values and weights.
        differs |= (laws.quantities["law"] == CHOICE) | (laws_before.quantities["law"] == CHOICE)
    return set(np.flatnonzero(differs).tolist())


def _is_same_shape(tables: ScenarioTables, before: ScenarioTables) -> bool:
    """Return whether scenarios differ in nothing but the laws of their numbers."""
    if len(tables.laws.quantities) != len(before.laws.quantities):
        return False
    return all(
        np.array_equal(one, other) for one, other in zip(_arrays(tables), _arrays(before), strict=True)
    )


def _arrays(tables: ScenarioTables) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    """Yield all arrays but those of the laws."""
    yield tables.sizes
    orders, money = tables.orders[:-1], tables.orders.money
    depots, ages = tables.depots[:-1], tables.depots.ages
    for part in (tables.courses, tables.events, tables.supply, depots, ages, orders, money):
        yield from part


def _rows_of_series(plan: Plan, series: Iterable[int]) -> set[int]:
    """Return the rows that daily series read."""
    found: set[int] = set()
    courses = plan.tables.courses
    for row in set(series) - {-1}:
        first, count = int(courses.series["first"][row]), int(courses.series["count"][row])
        found.update(courses.point_quantity[first : first + count].tolist())
        found.update(courses.point_date[first : first + count].tolist())
        found |= {int(courses.series["mass"][row]), int(courses.series["growth"][row])}
    return found


def _field_values(table: Records, names: Sequence[str]) -> set[int]:
    return {int(row) for name in names for row in table[name]}
