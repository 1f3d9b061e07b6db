"""Definitions that both engines share: kinds of ledger entries, axes, streams, dates and sustained fire.

Outcomes are plain functions of daily values (level, planned, required, fired), shared by both engines.
Rule numbers refer to ``docs/model.md``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, reduce
from typing import NamedTuple

SUSTAINED_DAYS = 90
#: Sums over days are added within chunks of so many days, then over the chunks.
DAYS_PER_CHUNK = 32
#: Relative tolerance of comparisons (rules 12, 13, 15, 24, 30).
ROUNDING = 1e-9
#: a is less than b where a < b * ENOUGH.
ENOUGH = 1.0 - ROUNDING
INITIAL = "initial"
REFURBISHED = "refurbished"


class Kind(StrEnum):
    """Kind of a ledger entry (rule 9)."""

    LANDED = "landed"
    REJECTED = "rejected"
    RECEIVED = "received"
    PRODUCED = "produced"
    DELIVERED = "delivered"
    TAKEN = "taken"
    REFURBISHED = "refurbished"
    SCRAPPED = "scrapped"
    LOST = "lost"
    EXPIRED = "expired"
    DISPATCHED = "dispatched"
    FIRED = "fired"
    REQUIRED = "required"
    UNMET = "unmet"


#: Kinds with an origin: inflow and outflow of stock.
INFLOW_KINDS = (Kind.LANDED, Kind.RECEIVED, Kind.PRODUCED, Kind.REFURBISHED, Kind.DELIVERED)
OUTFLOW_KINDS = (Kind.LOST, Kind.DISPATCHED, Kind.FIRED, Kind.EXPIRED)
#: Ledger column of shells scrapped by workshops; they are also in `scrapped`, and were `taken` before.
SCRAPPED_AT_WORK = "scrapped at work"
#: Ledger column of expired shells that join the unserviceable stock; they are also in `expired`.
EXPIRED_INTO_STOCK = "expired into unserviceable"
#: Kinds of inflow and of outflow of the unserviceable stock.
UNSERVICEABLE_KINDS = (
    (Kind.REJECTED, SCRAPPED_AT_WORK, EXPIRED_INTO_STOCK),
    (Kind.TAKEN, Kind.SCRAPPED),
)
#: Origin of entries without one, and of totals that are exact where their parts by origin are rounded.
NO_ORIGIN = -1
#: Outcome of a scenario with an objective: the day on which it is reached (rule 40).
REACHES = "reaches"
#: Outcomes of a scenario with orders, by pair: shells ordered, and the number of orders (rule 37).
ORDER_OUTCOMES = ORDERED, ORDERS = ("ordered", "orders")
#: Kind of ``money.csv`` that is no cost: what the budget grants.
GRANTED = "granted"
#: Money by pair and month, in the currency of the scenario (rule 39); the outcome `COST` is their sum.
MONEY_KINDS = SPENT, HOLDING, SHORTAGE = ("spent", "holding", "shortage")
COST = "cost"
#: Outcome of a scenario with a budget: the largest cut of an order (rule 39).
UNFUNDED = "unfunded"
#: Kind in ``origins.csv`` of the stock of a depot at the end of a month.
HELD = "held"


class Pair(NamedTuple):
    """A depot and a munition, the unit of account."""

    depot: str
    munition: str


class ClaimKind(StrEnum):
    """Kind of a daily figure of a consumer (rules 36 and 40); ``backlog`` is a level, others are flows."""

    REQUIRED = "required"
    FIRED = "fired"
    UNMET = "unmet"
    WAITING = "waiting"
    SERVED = "served"
    BACKLOG = "backlog"


class Claim(NamedTuple):
    """Claim of one consumer on one munition at its depot.

    Attributes
    ----------
    consumer : str
    pair : int
        Position of the depot and munition in `Axes.pairs`.
    has_backlog : bool
        Whether what is unmet waits.
    priority : int
        1 is served first.
    """

    consumer: str
    pair: int
    has_backlog: bool
    priority: int = 1

    @property
    def kinds(self) -> tuple[ClaimKind, ...]:
        """Kinds of figures that the claim has."""
        kinds = tuple(ClaimKind)
        return kinds if self.has_backlog else kinds[:3]


@dataclass(frozen=True, slots=True)
class Axes:
    """Axes of the figures of a run.

    Attributes
    ----------
    start : datetime.date
        The date of day 0.
    days : int
        Number of days in the run.
    pairs : tuple of Pair
        Every depot with every munition, depots by name, munitions in file order.
    origins : tuple of str
        ``initial``, order lines, production lines, ``refurbished`` where there is refurbishment, suppliers:
        in order of (section, name).
    consuming : tuple of bool
        Whether the pair of the same position has a consumer.
    thresholds : tuple of float
        Each N of "below N days of supply", in file order.
    counted_from : int
        First day on which the first day of an event counts; 0 except for studies of a later period.
    orders : tuple of str
        Names of the order lines, which are origins as well.
    objectives : tuple of bool
        Whether the pair of the same position has an objective; empty if none has.
    currency : str
        Three letters; empty for a scenario without money.
    has_budget : bool
        Whether a budget limits the orders.
    grants : tuple of (int, float)
        Days on which the budget is granted, and the money; empty where it differs between runs.
    claims : tuple of Claim
        By consumer, then munition in file order; empty unless results are listed by consumer.
    has_ages : bool
        Whether the stock of a munition is kept by age.
    """

    start: dt.date
    days: int
    pairs: tuple[Pair, ...]
    origins: tuple[str, ...]
    consuming: tuple[bool, ...]
    thresholds: tuple[float, ...]
    counted_from: int = 0
    orders: tuple[str, ...] = ()
    objectives: tuple[bool, ...] = ()
    currency: str = ""
    has_budget: bool = False
    grants: tuple[tuple[int, float], ...] = ()
    claims: tuple[Claim, ...] = ()
    has_ages: bool = False

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Kinds of entries that tables list: all but those of features that the scenario does not use."""
        unused = {Kind.DELIVERED: not self.orders, Kind.EXPIRED: not self.has_ages}
        return tuple(kind for kind in Kind if not unused.get(kind, False))

    @property
    def added_outcomes(self) -> tuple[str, ...]:
        """Outcomes of features that the scenario uses, after those of every scenario."""
        ordering = (Kind.DELIVERED.value, *ORDER_OUTCOMES) if self.orders else ()
        money = (*MONEY_KINDS, COST) if self.currency else ()
        budget = (UNFUNDED,) if self.has_budget and self.orders else ()
        ages = (Kind.EXPIRED.value,) if self.has_ages else ()
        return (*((REACHES,) if self.objectives else ()), *ordering, *money, *budget, *ages)

    def months(self) -> list[int]:
        """Return the calendar month of each day, counted from the first."""
        first = 12 * self.start.year + self.start.month
        dates = map(self.date, range(self.days))
        return [12 * date.year + date.month - first for date in dates]

    @property
    def consumers(self) -> tuple[str, ...]:
        """Names of the consumers that results list."""
        return tuple(dict.fromkeys(claim.consumer for claim in self.claims))

    def date(self, day: int) -> dt.date:
        """Return the date of day `day` (rule 1)."""
        return self.start + dt.timedelta(days=day)


class PlacedOrder(NamedTuple):
    """One order: a row of ``orders.csv``.

    Attributes
    ----------
    line : str
        Name of the order line.
    number : int
        Counted from 0.
    placed : int
        In seconds from the start.
    made, arrived : int or None
        When it leaves the supplier and arrives, in seconds from the start; None if not before the end.
    shells : float
    cost : float
        Money that is spent when it leaves the supplier.
    """

    line: str
    number: int
    placed: int
    made: int | None
    arrived: int | None
    shells: float
    cost: float = 0.0


class Voyage(NamedTuple):
    """One voyage of a leg, or one lot: a row of ``shipments.csv``.

    Attributes
    ----------
    supplier : str
    leg, vehicle : int or None
        Counted from 0. Leg is None for a lot; vehicle is None if hired.
    departed : int
        End of loading, in seconds from the start.
    arrived : int or None
        End of unloading, in seconds from the start; None while under way.
    containers : float or None
        None for cargo counted in shells.
    shells : float
    """

    supplier: str
    leg: int | None
    vehicle: int | None
    departed: int
    arrived: int | None
    containers: float | None
    shells: float


@lru_cache(maxsize=4096)
def stream_key(name: str) -> int:
    """Return the key of a random stream: 64 bits of BLAKE2b of its name, little-endian (rule 4)."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def sum_in_order(numbers: Iterable[float]) -> float:
    """Return the sum of numbers, added one after the other as compiled code adds them.

    From Python 3.12 on, `sum` compensates rounding errors, so its last digits differ between versions.
    """
    return reduce(operator.add, numbers, 0.0)


def first_below(level: Sequence[float], planned: Sequence[float], cover: float) -> int | None:
    """Return the first day whose closing level is less than `cover` days of planned requirement (rule 30).

    Differences below the tolerance `ROUNDING` do not count.

    Parameters
    ----------
    level, planned : sequence of float, shape (days,)
        Closing level in shells, planned requirement in shells a day.
    cover : float
        Days of supply; 1 gives the day of exhaustion.

    Returns
    -------
    int or None
        Day counted from 0; None if there is none (censored).
    """
    least = cover * ENOUGH
    for day in range(len(level)):
        if level[day] < least * planned[day]:
            return day
    return None


def first_rationed(required: Sequence[float], fired: Sequence[float]) -> int | None:
    """Return the first day on which less than the requirement is fired (rule 30), or None.

    Differences below the tolerance `ROUNDING` do not count.
    """
    for day in range(len(fired)):
        if fired[day] < required[day] * ENOUGH:
            return day
    return None


def first_reached(level: Sequence[float], objective: Sequence[float]) -> int | None:
    """Return the first day whose closing level is at or above the objective (rule 40), or None.

    Differences below the tolerance `ROUNDING` do not count.
    """
    for day in range(len(level)):
        if level[day] >= objective[day] * ENOUGH:
            return day
    return None


def first_unmet(unmet: Sequence[float]) -> int | None:
    """Return the first day with unmet requirement (rule 30), or None."""
    return next((day for day, shells in enumerate(unmet) if shells > 0.0), None)


def sustained_fire(required: Sequence[float], fired: Sequence[float]) -> tuple[float, float | None]:
    """Return mean fire of the last 90 days, and its share of the requirement (rule 31).

    Returns
    -------
    fire : float
        Shells a day over the last min(90, days) days.
    met : float or None
        Share of the requirement of those days; None if nothing was required.
    """
    days = min(SUSTAINED_DAYS, len(fired))
    fired_total = 0.0
    required_total = 0.0
    for day in range(len(fired) - days, len(fired)):
        fired_total += fired[day]
        required_total += required[day]
    return fired_total / days, (fired_total / required_total if required_total > 0.0 else None)
