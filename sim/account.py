"""The vocabulary of the account: what an entry may say, and what is asked of a finished run.

The definitions of outcomes are plain functions of (level, planned, required, fired), one number a day,
so that the readable model, the compiled engine and a reader with a pencil use the same ones. Rule
numbers refer to ``docs/model.md``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

SUSTAINED_DAYS = 90
#: Quantities that differ by less than this share are equal but for rounding (rules 12, 13, 15, 24, 30).
ROUNDING = 1e-9
#: A quantity is less than another where it is less than this share of it.
ENOUGH = 1.0 - ROUNDING
INITIAL = "initial"
REFURBISHED = "refurbished"


class Kind(StrEnum):
    """What an entry of the ledger says (rule 9)."""

    LANDED = "landed"
    REJECTED = "rejected"
    RECEIVED = "received"
    PRODUCED = "produced"
    TAKEN = "taken"
    REFURBISHED = "refurbished"
    SCRAPPED = "scrapped"
    LOST = "lost"
    DISPATCHED = "dispatched"
    FIRED = "fired"
    REQUIRED = "required"
    UNMET = "unmet"


#: Kinds that carry an origin: shells that came in or went out, or that lay there.
INFLOW_KINDS = (Kind.LANDED, Kind.RECEIVED, Kind.PRODUCED, Kind.REFURBISHED)
OUTFLOW_KINDS = (Kind.LOST, Kind.DISPATCHED, Kind.FIRED)
#: What workshops scrap is among what is `scrapped`, and was `taken` before: this column says how much.
SCRAPPED_AT_WORK = "scrapped at work"
#: The column of ``origins.csv`` for what a depot holds at the end of a month.
HELD = "held"


class Pair(NamedTuple):
    """A depot and a munition: the unit for which a level is kept."""

    depot: str
    munition: str


@dataclass(frozen=True, slots=True)
class Axes:
    """What the figures of a run are indexed by.

    Attributes
    ----------
    start : datetime.date
        The date of day 0.
    days : int
        Number of days in the run.
    pairs : tuple of Pair
        Every depot with every munition, depots by name, munitions in file order.
    origins : tuple of str
        ``initial``, production lines, ``refurbished`` where there is refurbishment, suppliers: in order of
        (section, name).
    consuming : tuple of bool
        Whether the pair of the same position has a consumer.
    thresholds : tuple of float
        The N of "below N days of supply", as the file lists them.
    """

    start: dt.date
    days: int
    pairs: tuple[Pair, ...]
    origins: tuple[str, ...]
    consuming: tuple[bool, ...]
    thresholds: tuple[float, ...]

    def date(self, day: int) -> dt.date:
        """Return the date that day `day` bears (rule 1)."""
        return self.start + dt.timedelta(days=day)


class Voyage(NamedTuple):
    """One voyage of a leg or one lot of a run: a row of ``shipments.csv``.

    Attributes
    ----------
    supplier : str
    leg, vehicle : int or None
        Counted from 0; leg is None for a lot, vehicle None where it is hired.
    departed : int
        Second from the start at which loading ended.
    arrived : int or None
        Second at which unloading ended; None while under way.
    containers : float or None
        None for cargo that is counted in shells.
    shells : float
    """

    supplier: str
    leg: int | None
    vehicle: int | None
    departed: int
    arrived: int | None
    containers: float | None
    shells: float


def first_below(level: Sequence[float], planned: Sequence[float], cover: float) -> int | None:
    """Return the first day whose closing level is less than `cover` days of planned requirement (rule 30).

    A level that lacks less than a billionth of them is not less.

    Parameters
    ----------
    level, planned : sequence of float, shape (days,)
        Closing level in shells, planned requirement in shells a day.
    cover : float
        Days of supply. 1 asks for the day of exhaustion.

    Returns
    -------
    int or None
        Day counted from 0; None where the run never gets there (censored).
    """
    least = cover * ENOUGH
    for day in range(len(level)):
        if level[day] < least * planned[day]:
            return day
    return None


def first_rationed(required: Sequence[float], fired: Sequence[float]) -> int | None:
    """Return the first day on which less than the requirement is fired (rule 30), or None.

    Fire that lacks less than a billionth of the requirement is not less.
    """
    for day in range(len(fired)):
        if fired[day] < required[day] * ENOUGH:
            return day
    return None


def earliest_day(days: Sequence[int | None]) -> int | None:
    """Return the earliest of some days, None where all are censored."""
    reached = [day for day in days if day is not None]
    return min(reached) if reached else None


def sustained_fire(required: Sequence[float], fired: Sequence[float]) -> tuple[float, float | None]:
    """Return mean fire of the last 90 days, and its share of the requirement (rule 31).

    Returns
    -------
    fire : float
        Shells a day over the last min(90, days) days.
    met : float or None
        Share of what was required in those days; None where nothing was required.
    """
    days = min(SUSTAINED_DAYS, len(fired))
    shot = 0.0
    wanted = 0.0
    for day in range(len(fired) - days, len(fired)):
        shot += fired[day]
        wanted += required[day]
    return shot / days, (shot / wanted if wanted > 0.0 else None)
