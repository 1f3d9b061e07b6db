"""What is asked of each run, as one number a run: for a pair of depot and munition, or for all together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.account import SUSTAINED_DAYS, Axes, Kind
from sim.results.block import Block

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figures:
    """The outcomes of n runs.

    Attributes
    ----------
    exhausted, rationed : array, shape (n,)
        First day, counted from 0, infinite where censored (rule 30).
    below : array, shape (n, T)
        First day below each threshold, infinite where censored.
    fire, met : array, shape (n,)
        Sustained fire in shells a day, and its share of the requirement, nan where none was required
        (rule 31).
    closing : array, shape (n,)
        Shells in stock at the close of the last day.
    totals : mapping of Kind to array, shape (n,)
        Shells over all days; every kind.
    by_origin : array, shape (n, O)
        Shells fired from each origin over all days.
    """

    exhausted: Floats
    rationed: Floats
    below: Floats
    fire: Floats
    met: Floats
    closing: Floats
    totals: Mapping[Kind, Floats]
    by_origin: Floats


def whole(block: Block) -> Figures:
    """Return the figures over all pairs: first days are the earliest over pairs that have a consumer."""
    consuming = np.array(block.axes.consuming, dtype=bool)
    fired, required = (_last_days(flow(block, kind)) for kind in (Kind.FIRED, Kind.REQUIRED))
    return Figures(
        exhausted=_earliest(block.exhausted, consuming),
        rationed=_earliest(block.rationed, consuming),
        below=_earliest(block.below, consuming),
        fire=block.fire.sum(axis=1),
        met=np.divide(fired, required, out=np.full(len(fired), np.nan), where=required > 0.0),
        closing=block.level[:, :, -1].sum(axis=1),
        totals={kind: flow(block, kind).sum(axis=(1, 2)) for kind in Kind},
        by_origin=month(block, Kind.FIRED).sum(axis=(1, 3)),
    )


def of_pair(block: Block, position: int) -> Figures:
    """Return the figures of the pair at `position` in the axes."""
    return Figures(
        exhausted=block.exhausted[:, position],
        rationed=block.rationed[:, position],
        below=block.below[:, position],
        fire=block.fire[:, position],
        met=block.met[:, position],
        closing=block.level[:, position, -1],
        totals={kind: flow(block, kind)[:, position].sum(axis=1) for kind in Kind},
        by_origin=month(block, Kind.FIRED)[:, position].sum(axis=2),
    )


def flow(block: Block, kind: Kind) -> Floats:
    """Return the flow of a kind, shape (n, P, D); zeros where the scenario cannot have it."""
    found = block.flows.get(kind)
    return np.broadcast_to(np.float64(0.0), block.level.shape) if found is None else found


def month(block: Block, key: str) -> Floats:
    """Return the sums by origin and month, shape (n, P, O, M); zeros where the scenario has none."""
    found = block.months.get(key)
    if found is not None:
        return found
    runs, pairs, _ = block.level.shape
    shape = (runs, pairs, len(block.axes.origins), len(month_names(block.axes)))
    return np.broadcast_to(np.float64(0.0), shape)


def month_names(axes: Axes) -> list[str]:
    """Return the calendar months of a run as YYYY-MM, partial ones included."""
    last = axes.date(axes.days - 1)
    first, final = (12 * date.year + date.month - 1 for date in (axes.start, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, final + 1)]


def threshold_name(cover: float) -> str:
    """Return the N of "below N" as people write it: 30, 7.5."""
    number = float(cover)
    return str(int(number)) if number.is_integer() else repr(number)


def iso_date(axes: Axes, day: float) -> str | None:
    """Return the date of a day, or None where it is infinite: censored."""
    return axes.date(int(day)).isoformat() if np.isfinite(day) else None


def iso_time(axes: Axes, second: int | None) -> str | None:
    """Return the time of a second from the start, without a time zone, or None where there is none."""
    if second is None:
        return None
    midnight = dt.datetime.combine(axes.start, dt.time())
    return (midnight + dt.timedelta(seconds=int(second))).isoformat(timespec="seconds")


def _earliest(days: Floats, consuming: NDArray[np.bool_]) -> Floats:
    if not consuming.any():
        return np.full((len(days), *days.shape[2:]), np.inf)
    return np.asarray(days[:, consuming].min(axis=1), dtype=np.float64)


def _last_days(daily: Floats) -> Floats:
    over_pairs = daily[:, :, -SUSTAINED_DAYS:].sum(axis=1)
    # One day after the other, as `account.sustained` adds: with one pair the same figure to the last digit.
    return np.asarray(np.cumsum(over_pairs, axis=1)[:, -1], dtype=np.float64)
