"""Lower the ages of a scenario: cohorts of each munition, and the stocks that are kept by them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.account import Axes
from sim.ensemble import scenario_tables as to
from sim.ensemble.quantity_tables import QuantityTable
from sim.ensemble.scenario_tables import AgeTables, Ints
from sim.scenario.cohort_calendar import cohort_calendar
from sim.scenario.scenario import Scenario

_ORDERS = {"fifo": to.FIFO, "lifo": to.LIFO, "mixed": to.MIXED}


class AgeLowering(NamedTuple):
    """Builder of `AgeTables`."""

    scenario: Scenario
    axes: Axes
    numbers: QuantityTable

    def tables(self) -> AgeTables:
        """Return the tables; they have no rows for a scenario without shelf lives."""
        parts, munitions = self.scenario.munition_parts, self.scenario.munitions
        calendars = {
            name: cohort_calendar(self.scenario, name)
            for name in munitions
            if parts[name].shelf_life is not None
        }
        pairs = [(place, *pair) for place, pair in enumerate(self.axes.pairs) if pair.munition in calendars]
        of_pair = np.full(len(self.axes.pairs), -1, dtype=np.int64)
        of_pair[[place for place, _, _ in pairs]] = np.arange(len(pairs))
        cohorts = max((len(calendar.made) for calendar in calendars.values()), default=0)
        shares = np.zeros((len(pairs), cohorts))
        for row, (_, depot, munition) in enumerate(pairs):
            opening = calendars[munition].opening_shares(self.scenario.depots[depot], munition)
            shares[row, list(opening)] = list(opening.values())
        rows = [self._stock(place, depot, munition) for place, depot, munition in pairs]
        by_munition = [calendars.get(name) for name in munitions if calendars]
        return AgeTables(
            stocks=np.array(rows, dtype=to.AGEING_STOCK),
            of_pair=of_pair,
            first_day=np.array([each.first_day if each else 0 for each in by_munition], dtype=np.int64),
            cohort_of=_padded([each.cohort_of if each else () for each in by_munition]),
            made=_padded([each.made if each else () for each in by_munition], cohorts),
            shares=shares,
            brought=self._brought(),
        )

    def _stock(self, pair: int, depot: str, munition: str) -> tuple[int, ...]:
        part = self.scenario.munition_parts[munition]
        issue = _ORDERS[self.scenario.depots[depot].issue or "fifo"]
        life, joins = self.numbers.once_or_none(part.shelf_life), int(part.expired == "unserviceable")
        return pair, self.scenario.munitions.index(munition), life, issue, joins

    def _brought(self) -> Ints:
        """Return the quantity of the age of what each origin brings."""
        shipments = self.scenario.shipments
        ages = [shipments[name].age if name in shipments else None for name in self.axes.origins]
        rows = [-1 if age is None else self.numbers.once(age) for age in ages]
        return np.array(rows, dtype=np.int64)


def _padded(rows: list[tuple[int, ...]], width: int = 0) -> Ints:
    """Return rows of different lengths as one array; no cohort or day reads what fills them up."""
    table = np.zeros((len(rows), max([width, *map(len, rows)])), dtype=np.int64)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table
