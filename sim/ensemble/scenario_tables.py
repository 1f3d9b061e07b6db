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
Runs = NDArray[np.uint64]
Records = NDArray[np.void]
Record = Any


def int_constants(first: int, last: int) -> list[int]:
    """Return numpy integers from `first` to `last`, exclusive.

    A plain constant would make numba specialise every function that takes it.
    """
    found: list[Any] = list(np.arange(first, last))
    return found


#: Shapes of a course; the dates of the last two differ by run.
CONSTANT, STEP, LINEAR, DATED_STEP, DATED_LINEAR = range(5)
#: Kinds of entry, in the order of `sim.account.Kind` where they have a column of their own.
KINDS = 17
LANDED, REJECTED, RECEIVED, PRODUCED, TAKEN, REFURBISHED, SCRAPPED = int_constants(0, 7)
LOST, DISPATCHED, FIRED, REQUIRED, UNMET, HELD, SCRAPPED_IN_WORKSHOP = int_constants(7, 14)
DELIVERED, EXPIRED, EXPIRED_INTO_STOCK = int_constants(14, KINDS)
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
#: An event or outage: `every` and `last` are quantities; a window is [begin, end) in seconds, which count
#: from the days `first` and `until` where these are quantities.
EVENT = _record_type("every last strength begin end first until", "")
DEPOT = _record_type("capacity gated damage_first damage_count")
#: Opening stock.
OPENING = _record_type("stock mass in_days unserviceable unserviceable_mass")
LINE = _record_type("depot origin lead first count")
#: Output of one munition by a production line; `due` is a row of daily output if lead times are drawn.
OUTPUT = _record_type("line munition series due")
WORKSHOP = _record_type("depot series")
SUPPLIER = _record_type(
    "depot origin first first_is_date until until_is_date reserve growing offers offers_mass delivery_first"
    " delivery_count running lead leg_first leg_count containers bounded mixed lands under_way under_way_mass"
    " way_first way_count"
)
#: `lead` is the lead time of a delivery that left before the start, -1 for any other; `date` is the quantity
#: of its day, -1 where all runs have the same `day`.
DELIVERY = _record_type("day quantity mass lead date")
#: A duration of the way of what is under way at the start.
WAY = _record_type("lasts is_travel")
LEG = _record_type(
    "supplier capacity vehicles berths unloading_berths load travel unload back full"
    " closed_first closed_count"
)
#: `leads` is a row of daily lead times if they are drawn.
TRANSFER = _record_type("source target capacity running lead leads keeps")
#: Level aimed at, of a pair that has an objective.
OBJECTIVE = _record_type("pair quantity mass in_days")
#: Cost of holding the stock of a pair; `price` is a series, for a share of the unit cost.
HOLDING_COST = _record_type("pair quantity is_share price")
#: Cost of what a claim lacks.
SHORTAGE_COST = _record_type("claim pair quantity has_backlog")
#: `leads` is a row of lead times by order if they are drawn, `queue` one of a queue at the supplier.
ORDER = _record_type(
    "depot munition pair origin first first_is_date until until_is_date review lead leads capacity queue"
    " running"
)
#: `gun_series` is the series of guns where they change over time; `guns` is then its first value.
CONSUMER = _record_type(
    "depot variation guns rounds barrels barrel_series life gun_series first count", "", "stream"
)
#: Claim of one consumer on one munition.
#: `rank` is the place of its priority among those of its pair, from 0 on; `lump` is the row of what its
#: activities require, -1 for none.
CLAIM = _record_type("consumer munition pair series rule cover rank has_backlog lump")
#: Activity of one claim: on days of a list, or `every` so long from `first` on; `happens` is the uniform of
#: its chance.
ACTIVITY = _record_type("lump quantity mass chance happens every first on_first on_count")


class DayRow(NamedTuple):
    """A quantity that is a date, and what its value counts from (rule 35).

    Attributes
    ----------
    row : int
    base : int
        Quantity of the event's day, resolved before; -1 for a fixed day.
    shift : float
        The fixed day in days from the start; 0 for a date by itself.
    is_day : bool
        Whether the date is rounded to the nearest day.
    """

    row: int
    base: int
    shift: float
    is_day: bool


class LawTables(NamedTuple):
    """Quantities, and the values and cumulative weights of choices."""

    quantities: Records
    choices: Floats
    weights: Floats


class SeriesTables(NamedTuple):
    """Daily numbers, and the points (day, quantity) that they interpolate.

    `point_date` is the quantity of the day of a point, -1 where all runs have the same.
    """

    series: Records
    point_day: Ints
    point_date: Ints
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
    suppliers, deliveries, ways, legs : record array
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
    ways: Records
    legs: Records
    closed: Ints
    mix: Ints
    loads: Ints
    serviceable: Ints
    masses: Ints
    landing: Ints


class ActivityTables(NamedTuple):
    """Activities of consumers.

    Attributes
    ----------
    activities : record array
    on_day, on_date : array
        Days on which they take place, or quantities of these, -1 where all runs have the same.
    stop : array, shape (lumps,)
        Factor of the events that stop the consumer; -1 for none.
    """

    activities: Records
    on_day: Ints
    on_date: Ints
    stop: Ints


#: Stock that is kept by age: `issue` is one of `FIFO`, `LIFO`, `MIXED`; `joins` is 1 where expired shells
#: join the unserviceable stock.
AGEING_STOCK = _record_type("pair munition life issue joins")
FIFO, LIFO, MIXED = range(3)


class AgeTables(NamedTuple):
    """Ages: stocks that are kept by cohort of manufacture; no rows for a scenario without shelf lives.

    Attributes
    ----------
    stocks : record array
        By pair.
    of_pair : array, shape (pairs,)
        The stock of each pair; -1 for a munition that does not age.
    first_day : array, shape (munitions,)
        See `sim.scenario.cohort_calendar.CohortCalendar`.
    cohort_of : array, shape (munitions, days)
        Cohort by day from `first_day` on.
    made : array, shape (munitions, cohorts)
    shares : array, shape (stocks, cohorts)
        Share of each cohort in the opening stock.
    brought : array, shape (origins,)
        Quantity of the age of what an origin brings, in days; -1 for new.
    """

    stocks: Records
    of_pair: Ints
    first_day: Ints
    cohort_of: Ints
    made: Ints
    shares: Floats
    brought: Ints


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
    ages : AgeTables
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
    ages: AgeTables


class MoneyTables(NamedTuple):
    """Prices, costs and the budget.

    Attributes
    ----------
    prices : array, shape (lines, 2)
        Series of the unit cost, and quantity of the cost of an order; -1 for none.
    holding, shortage : record array
    budget : array, shape (2,)
        Series of the rate, -1 without a budget; and 1 if what is left carries over, else 0.
    years, shares : array, shape (years,)
        First day of each year of account, and the share of it from this day on.
    month : array, shape (days,)
        Calendar month of each day; empty without a currency.
    """

    prices: Ints
    holding: Records
    shortage: Records
    budget: Ints
    years: Ints
    shares: Floats
    month: Ints


class OrderTables(NamedTuple):
    """Order lines, and the levels aimed at.

    Attributes
    ----------
    lines : record array
    marks : array, shape (lines, 3)
        Series: reorder point, order-up-to level, order quantity; -1 for none.
    in_days : array, shape (lines, 3)
        1 for marks in days of supply, else 0.
    objectives : record array
        By pair.
    money : MoneyTables
    """

    lines: Records
    marks: Ints
    in_days: Ints
    objectives: Records
    money: MoneyTables


class ScenarioTables(NamedTuple):
    """All tables of a scenario; `sizes` holds counts, at the places listed below."""

    sizes: Ints
    laws: LawTables
    courses: SeriesTables
    events: EventTables
    supply: SupplyTables
    depots: DepotTables
    orders: OrderTables


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
    dates : tuple of DayRow
        Dates that are drawn or count from an event, each after those from which it counts.
    activities : ActivityTables
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
    joint: tuple[tuple[tuple[int, ...], Floats], ...]
    dates: tuple[DayRow, ...]
    activities: ActivityTables

    @cached_property
    def month(self) -> Ints:
        """Calendar month of each day, counted from the first."""
        return np.array(self.axes.months(), dtype=np.int64)

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
