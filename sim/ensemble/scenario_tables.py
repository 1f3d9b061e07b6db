"""A scenario as plain arrays, which is all that compiled code sees.

A record array for each noun; what refers to another noun refers to its row, -1 where there is none. The
types do not depend on the scenario, so that a new scenario needs no new machine code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import INFLOW_KINDS, Axes

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Records = NDArray[np.void]
Record = Any


def int_constants(first: int, last: int) -> list[int]:
    """Return whole numbers of numpy's, the last exclusive.

    For a plain constant numba makes a version of every function that it is handed to.
    """
    found: list[Any] = list(np.arange(first, last))
    return found


#: Shapes of a course.
CONSTANT, STEP, LINEAR = range(3)
#: Rationing rules.
NONE, PROPORTIONAL, CONTROLLED = range(3)
#: Kinds of entry, in the order of `sim.account.Kind` as far as they have a column of their own.
KINDS = 14
LANDED, REJECTED, RECEIVED, PRODUCED, TAKEN, REFURBISHED, SCRAPPED = int_constants(0, 7)
LOST, DISPATCHED, FIRED, REQUIRED, UNMET, HELD, SCRAPPED_IN_WORKSHOP = int_constants(7, KINDS)
#: Of what is not entered.
(NO_COLUMN,) = int_constants(-1, 0)


def _record_type(ints: str, floats: str = "", words: str = "") -> np.dtype[np.void]:
    fields = [(name, np.int64) for name in ints.split()]
    fields += [(name, np.float64) for name in floats.split()]  # type: ignore[misc]
    fields += [(name, np.uint64) for name in words.split()]  # type: ignore[misc]
    return np.dtype(fields)


#: A number: its law, the law's parameters a to g or its choices, the stream of its draws, and what is
#: taken off once drawn (a date counts from the start). A fixed number is `a`.
QUANTITY = _record_type("law first count", "a b c d e f g less", "stream")
#: A number a day: points of a course, then times shells a kilogram of a quantity, growth a month, factor.
SERIES = _record_type("shape first count mass growth factor own")
#: What recurs or has a window: `every` and `last` are quantities; a fixed window is [begin, end) in seconds.
EVENT = _record_type("every last strength begin end", "")
DEPOT = _record_type("capacity gated damage_first damage_count")
#: What is there at the start.
OPENING = _record_type("stock mass in_days unserviceable unserviceable_mass")
LINE = _record_type("depot origin lead first count")
#: What a line makes of one munition; `due` is a row of what comes in day by day, where lead times are drawn.
OUTPUT = _record_type("line munition series due")
WORKSHOP = _record_type("depot series")
SUPPLIER = _record_type(
    "depot origin first first_is_date until until_is_date reserve growing offers offers_mass delivery_first"
    " delivery_count running lead leg_first leg_count containers bounded mixed lands"
)
#: `lead` is the lead time of a delivery that left before the start, -1 of any other.
DELIVERY = _record_type("day quantity mass lead")
LEG = _record_type(
    "supplier capacity vehicles berths unloading_berths load travel unload back full"
    " closed_first closed_count"
)
#: `leads` is a row of lead times day by day, where they are drawn.
TRANSFER = _record_type("source target capacity running lead leads keeps")
CONSUMER = _record_type("depot variation guns rounds barrels barrel_series life first count", "", "stream")
#: One consumer's claim on one munition.
CLAIM = _record_type("consumer munition pair series rule cover")


class LawTables(NamedTuple):
    """Quantities, and the values and cumulated weights of those that are choices."""

    quantities: Records
    choices: Floats
    weights: Floats


class SeriesTables(NamedTuple):
    """Numbers a day, and the points (day, quantity) between which they run."""

    series: Records
    point_day: Ints
    point_quantity: Ints


class EventTables(NamedTuple):
    """What happens, and what it acts on.

    Attributes
    ----------
    happenings : record array
    factor_first, acting, acting_stops : array
        The happenings of factor f stand in `acting` from ``factor_first[f]``: whether they stop or multiply.
    """

    happenings: Records
    factor_first: Ints
    acting: Ints
    acting_stops: Ints


class SupplyTables(NamedTuple):
    """Suppliers and their legs.

    Attributes
    ----------
    suppliers, deliveries, legs : record array
    closed : array
        Happenings that close the legs.
    mix, loads, serviceable : array, shape (suppliers, munitions)
        Quantities; -1 where a munition is not named.
    masses : array, shape (munitions,)
        Quantities: kilograms of a shell, where something is offered in tonnes.
    landing : array, shape (suppliers, munitions)
        The row of what fleets land day by day at depots that keep no lots apart; -1 elsewhere.
    """

    suppliers: Records
    deliveries: Records
    legs: Records
    closed: Ints
    mix: Ints
    loads: Ints
    serviceable: Ints
    masses: Ints
    landing: Ints


class DepotTables(NamedTuple):
    """Depots and what happens there day by day.

    Attributes
    ----------
    depots, openings, lines, outputs, workshops, transfers, consumers, claims : record array
        Openings by pair (by depot, then munition), claims by consumer.
    damage, damage_is_share : array
        Happenings that destroy, by depot.
    yields, keep : array, shape (components, munitions)
        Quantities; -1 where a munition is not named.
    in_pair_first, in_pair : array
        The claims on pair p stand in `in_pair` from ``in_pair_first[p]``, in order of consumer.
    column : array, shape (kinds, pairs, origins)
        The column of an entry, -1 where the scenario cannot have it.
    cleared : array
        Columns to which a day's entries are added one by one; the others are written once a day.
    place : array, shape (origins,)
        Where each origin lies in a stock: each by itself where books are kept, else all together or nowhere.
    asked : array, shape (4,)
        What anyone asks for; see `INFLOW` and those after it.
    """

    depots: Records
    openings: Records
    lines: Records
    outputs: Records
    workshops: Records
    transfers: Records
    consumers: Records
    claims: Records
    damage: Ints
    damage_is_share: Ints
    yields: Ints
    keep: Ints
    in_pair_first: Ints
    in_pair: Ints
    column: Ints
    cleared: Ints
    place: Ints
    asked: Ints


class ScenarioTables(NamedTuple):
    """A scenario as compiled code reads it; `sizes` says how many there are of what (see below)."""

    sizes: Ints
    laws: LawTables
    courses: SeriesTables
    events: EventTables
    supply: SupplyTables
    depots: DepotTables


#: Places in `ScenarioTables.sizes`; `PLACES` is how many there are in a stock.
DAYS, MUNITIONS, PLACES, PAIRS, COLUMNS, FACTORS, LANDINGS, DUES, LEADS, REFURBISHED_PLACE = range(10)
#: Places in `DepotTables.asked`: what came in on the days before; what is unserviceable; every entry of every day,
#: where else the columns are running totals; lots, which have to be kept apart.
INFLOW, UNSERVICEABLE, BOOKS, LOTS = range(4)


@dataclass(frozen=True)
class Plan:
    """A lowered scenario, and what only Python asks of it.

    Attributes
    ----------
    axes : Axes
    low : Lowered
    drawn : mapping of str to int
        Rows of the quantities that are drawn once a run, by path.
    rows : mapping of str to list of int
        Rows of each number that the file writes, by path: what a study may vary.
    columns : tuple of (pair, origin, kind)
        What stands in each column.
    suppliers : tuple of str
        Names, by row.
    gaps : frozenset of int
        Rows of gaps between happenings, of which a fixed one is the mean of an exponential.
    divisors : frozenset of int
        Rows of numbers that others are divided by.
    durations : frozenset of int
        Rows of durations that are drawn once a run.
    series_paths : tuple of str
        The path of each series.
    happening_paths : tuple of str
        The path of each happening.
    joint : tuple of (rows, samples)
        Rows whose numbers come from joint samples, and a sample for each run in turn.
    """

    axes: Axes
    tables: ScenarioTables
    drawn: Mapping[str, int]
    rows: Mapping[str, tuple[int, ...]]
    columns: tuple[tuple[int, int, str], ...]
    suppliers: tuple[str, ...]
    gaps: frozenset[int]
    divisors: frozenset[int]
    durations: frozenset[int]
    series_paths: tuple[str, ...]
    happening_paths: tuple[str, ...]
    joint: tuple[tuple[tuple[int, ...], Floats], ...] = ()

    @cached_property
    def month(self) -> Ints:
        """The calendar month of each day, counted from the first."""
        first = self.axes.start.year * 12 + self.axes.start.month
        dates = (self.axes.date(day) for day in range(self.axes.days))
        return np.array([date.year * 12 + date.month - first for date in dates], dtype=np.int64)

    @cached_property
    def holders(self) -> Ints:
        """Pair and origin of each stock by origin that can be other than empty, shape (holders, 2)."""
        came = {(pair, origin) for pair, origin, kind in self.columns if kind in INFLOW_KINDS}
        return np.array(sorted(came | self.openings), dtype=np.int64).reshape(-1, 2)

    @property
    def openings(self) -> set[tuple[int, int]]:
        """Pair and origin of what may be in stock at the start."""
        return {(pair, 0) for pair in range(len(self.axes.pairs))}

    @cached_property
    def outcome_tables(self) -> ScenarioTables:
        """The same where nobody asks but for the outcomes: origins are not told apart; see `outcomes_only.py`."""
        from sim.ensemble.outcomes_only import lower_for_outcomes

        return lower_for_outcomes(self)

    @cached_property
    def column_of(self) -> Mapping[tuple[int, int, str], int]:
        """The column of an entry, by what stands there."""
        return {key: column for column, key in enumerate(self.columns)}
