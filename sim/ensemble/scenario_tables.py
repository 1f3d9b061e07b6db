"""Tables of a lowered scenario: plain arrays, the only input of compiled code.

Each noun is a record array; references are row numbers, -1 for none. The types do not depend on the
scenario, so a new scenario needs no new machine code.
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
    """Return numpy integers from `first` to `last`, exclusive.

    A plain constant would make numba specialise every function that takes it.
    """
    found: list[Any] = list(np.arange(first, last))
    return found


#: Shapes of a course.
CONSTANT, STEP, LINEAR = range(3)
#: Kinds of entry, in the order of `sim.account.Kind` where they have a column of their own.
KINDS = 14
LANDED, REJECTED, RECEIVED, PRODUCED, TAKEN, REFURBISHED, SCRAPPED = int_constants(0, 7)
LOST, DISPATCHED, FIRED, REQUIRED, UNMET, HELD, SCRAPPED_IN_WORKSHOP = int_constants(7, KINDS)
#: Column of shells that are not entered.
(NO_COLUMN,) = int_constants(-1, 0)


def _record_type(ints: str, floats: str = "", words: str = "") -> np.dtype[np.void]:
    fields = [(name, np.int64) for name in ints.split()]
    fields += [(name, np.float64) for name in floats.split()]  # type: ignore[misc]
    fields += [(name, np.uint64) for name in words.split()]  # type: ignore[misc]
    return np.dtype(fields)


#: A number: its law, the parameters a to g or choices of the law, the stream of its draws, and `less`,
#: which is subtracted from the draw (dates count from the start). A fixed number is `a`.
QUANTITY = _record_type("law first count", "a b c d e f g less", "stream")
#: A daily number: points of a course, times shells per kilogram, monthly growth, and factors.
SERIES = _record_type("shape first count mass growth factor own")
#: An event or outage: `every` and `last` are quantities; a fixed window is [begin, end) in seconds.
EVENT = _record_type("every last strength begin end", "")
DEPOT = _record_type("capacity gated damage_first damage_count")
#: Opening stock.
OPENING = _record_type("stock mass in_days unserviceable unserviceable_mass")
LINE = _record_type("depot origin lead first count")
#: Output of one munition by a production line; `due` is a row of daily output if lead times are drawn.
OUTPUT = _record_type("line munition series due")
WORKSHOP = _record_type("depot series")
SUPPLIER = _record_type(
    "depot origin first first_is_date until until_is_date reserve growing offers offers_mass delivery_first"
    " delivery_count running lead leg_first leg_count containers bounded mixed lands"
)
#: `lead` is the lead time of a delivery that left before the start, -1 for any other.
DELIVERY = _record_type("day quantity mass lead")
LEG = _record_type(
    "supplier capacity vehicles berths unloading_berths load travel unload back full"
    " closed_first closed_count"
)
#: `leads` is a row of daily lead times if they are drawn.
TRANSFER = _record_type("source target capacity running lead leads keeps")
CONSUMER = _record_type("depot variation guns rounds barrels barrel_series life first count", "", "stream")
#: Claim of one consumer on one munition.
#: `rank` is the place of its priority among those of its pair, from 0 on.
CLAIM = _record_type("consumer munition pair series rule cover rank has_backlog")


class LawTables(NamedTuple):
    """Quantities, and the values and cumulative weights of choices."""

    quantities: Records
    choices: Floats
    weights: Floats


class SeriesTables(NamedTuple):
    """Daily numbers, and the points (day, quantity) that they interpolate."""

    series: Records
    point_day: Ints
    point_quantity: Ints


class EventTables(NamedTuple):
    """Events and outages, and the factors on which they act.

    Attributes
    ----------
    events : record array
    factor_first, acting, acting_stops : array
        The events of factor f are in `acting` from ``factor_first[f]`` on; `acting_stops` is 1 for events
        that stop, 0 for those that multiply.
    """

    events: Records
    factor_first: Ints
    acting: Ints
    acting_stops: Ints


class SupplyTables(NamedTuple):
    """Suppliers and their legs.

    Attributes
    ----------
    suppliers, deliveries, legs : record array
    closed : array
        Events that close the legs.
    mix, loads, serviceable : array, shape (suppliers, munitions)
        Quantities; -1 for munitions not named.
    masses : array, shape (munitions,)
        Quantities: kilograms of a shell; -1 if no supplier offers it in tonnes.
    landing : array, shape (suppliers, munitions)
        Rows of daily fleet landings at depots that need no separate lots; -1 elsewhere.
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
    """Depots, and the components that add to or take from their stock.

    Attributes
    ----------
    depots, openings, lines, outputs, workshops, transfers, consumers, claims : record array
        Openings are by pair (by depot, then munition), claims by consumer.
    damage, damage_is_share : array
        Events that destroy stock, by depot.
    yields, keep : array, shape (components, munitions)
        Quantities; -1 for munitions not named.
    in_pair_first, in_pair : array
        The claims on pair p are in `in_pair` from ``in_pair_first[p]`` on, in order of consumer.
    ranks : array, shape (pairs,)
        Number of different priorities of the claims on each pair.
    column : array, shape (kinds, pairs, origins)
        Column of an entry; -1 if the scenario cannot have it.
    cleared : array
        Columns to which several entries are added in a day; the others are written once a day.
    place : array, shape (origins,)
        Position of each origin in a stock: separate positions with full bookkeeping, else one for all.
    needs : array, shape (5,)
        1 for each kind of bookkeeping that is needed: `INFLOW`, `UNSERVICEABLE`, `BOOKS`, `LOTS`, `CLAIMS`.
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
    ranks: Ints
    column: Ints
    cleared: Ints
    place: Ints
    needs: Ints


class ScenarioTables(NamedTuple):
    """All tables of a scenario; `sizes` holds counts, at the places listed below."""

    sizes: Ints
    laws: LawTables
    courses: SeriesTables
    events: EventTables
    supply: SupplyTables
    depots: DepotTables


#: Places in `ScenarioTables.sizes`; `PLACES` is the number of positions in a stock.
DAYS, MUNITIONS, PLACES, PAIRS, COLUMNS, FACTORS, LANDINGS, DUES, LEADS, REFURBISHED_PLACE = range(10)
#: Places in `DepotTables.needs`: inflow of the days before; unserviceable stock; every entry of every day
#: (else columns are running totals); separate lots; an account of each claim.
INFLOW, UNSERVICEABLE, BOOKS, LOTS, CLAIMS = range(5)


@dataclass(frozen=True)
class Plan:
    """A lowered scenario, with the names and metadata that only Python code needs.

    Attributes
    ----------
    axes : Axes
    tables : ScenarioTables
    outcome_tables : ScenarioTables
        Tables for the outcomes of a sweep, without bookkeeping by origin; see `outcomes_only`.
    flow_tables : ScenarioTables
        Tables for daily levels and flows, without bookkeeping by origin where that changes no bit.
    drawn : mapping of str to int
        Rows of quantities drawn once a run, by path.
    rows : mapping of str to list of int
        Rows of each number in the scenario file, by path; a sweep may vary these.
    columns : tuple of (pair, origin, kind)
        Contents of each column.
    suppliers : tuple of str
        Names, by row.
    gaps : frozenset of int
        Rows of gaps between events; a fixed gap is the mean of an exponential.
    divisors : frozenset of int
        Rows of divisors.
    durations : frozenset of int
        Rows of durations drawn once a run.
    series_paths : tuple of str
        Path of each series.
    event_paths : tuple of str
        Path of each event or outage.
    joint : tuple of (rows, samples)
        Rows with values from joint samples, and the samples, which runs use in turn.
    """

    axes: Axes
    tables: ScenarioTables
    outcome_tables: ScenarioTables
    flow_tables: ScenarioTables
    drawn: Mapping[str, int]
    rows: Mapping[str, tuple[int, ...]]
    columns: tuple[tuple[int, int, str], ...]
    suppliers: tuple[str, ...]
    gaps: frozenset[int]
    divisors: frozenset[int]
    durations: frozenset[int]
    series_paths: tuple[str, ...]
    event_paths: tuple[str, ...]
    joint: tuple[tuple[tuple[int, ...], Floats], ...] = ()

    @cached_property
    def month(self) -> Ints:
        """Calendar month of each day, counted from the first."""
        first = self.axes.start.year * 12 + self.axes.start.month
        dates = (self.axes.date(day) for day in range(self.axes.days))
        return np.array([date.year * 12 + date.month - first for date in dates], dtype=np.int64)

    @cached_property
    def holders(self) -> Ints:
        """Pair and origin of each stock that can be non-empty, shape (holders, 2)."""
        came = {(pair, origin) for pair, origin, kind in self.columns if kind in INFLOW_KINDS}
        return np.array(sorted(came | self.openings), dtype=np.int64).reshape(-1, 2)

    @property
    def openings(self) -> set[tuple[int, int]]:
        """Pair and origin of possible opening stocks."""
        return {(pair, 0) for pair in range(len(self.axes.pairs))}

    @cached_property
    def column_of(self) -> Mapping[tuple[int, int, str], int]:
        """Column of each entry, by (pair, origin, kind)."""
        return {key: column for column, key in enumerate(self.columns)}
