"""Titles of the charts of a sweep. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from sim.charts.sweep_data import Scan, SweepVariable
from sim.formatting import NumberFormat, long_date, percent, short_date
from sim.outcomes import BELOW, EXHAUSTED, Outcome, supply_left

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

NO_POINT_TEXT = "No point of this sweep could be run"
HALF_SHARE = 0.5


def level_crossings(
    values: Sequence[float] | Floats, shares: Sequence[float] | Floats, level: float
) -> list[float]:
    """Return the values at which shares cross a level, by linear interpolation; nan breaks the line."""
    crossings = []
    for (x, a), (y, b) in pairwise(zip(map(float, values), map(float, shares), strict=True)):
        if (a - level) * (b - level) < 0 or (b == level and a != level):
            crossings.append(x + (level - a) / (b - a) * (y - x))
    return crossings


def share_of_runs(level: float) -> str:
    """Return ``half of the runs``, ``95 % of the runs``."""
    return "half of the runs" if level == HALF_SHARE else f"{percent(level)} of the runs"


def lasting_phrase(scan: Scan, measure: Outcome) -> str:
    """Return the clause for a date that is not reached: ``The stock lasts to 1 September 2025``."""
    if measure.name == EXHAUSTED:
        return f"The stock lasts to {scan.end_phrase}"
    plain = "Fire meets the requirement" if measure.name == "rationed_from" else f"Not {measure.event}"
    if measure.name.startswith(BELOW):
        plain = f"At least {supply_left(measure.name)}"
    return f"{plain} until {scan.end_phrase}"


def threshold_headline(
    scan: Scan, measure: Outcome, variable: SweepVariable, at: tuple[Sequence[float], Floats], level: float
) -> str:
    """Return the value above or below which a date is not reached in a share of the runs.

    Empty unless the share crosses the level exactly once.

    Parameters
    ----------
    scan : Scan
    measure : Outcome
        A date.
    variable : SweepVariable
        A numeric variable.
    at : (sequence of float, array)
        Values of the variable in order, and the share of runs that reach the date at each.
    level : float
        Share of the runs in which the date must not be reached.
    """
    known = [(x, 1.0 - y) for x, y in zip(*at, strict=True) if y == y]
    crossings = level_crossings([x for x, _ in known], [y for _, y in known], level)
    if len(crossings) != 1:
        return ""
    side = "above" if known[-1][1] > known[0][1] else "below"
    lead = f"{lasting_phrase(scan, measure)} in {share_of_runs(level)} only with"
    return f"{lead} {variable.noun} {side} {variable.number_format.text(crossings[0])}"


def constant_headline(scan: Scan, measure: Outcome, shares: Floats, level: float) -> str:
    """Return a title without threshold: the result common to all points, or the number that hold."""
    known = [1.0 - float(share) for share in shares if share == share]
    if not known:
        return NO_POINT_TEXT
    inside = sum(share >= level for share in known)
    part = share_of_runs(level)
    if inside == len(known):
        every = "every run" if min(known) == 1.0 else f"at least {part}"
        return f"{lasting_phrase(scan, measure)} in {every}, whatever the values in this range"
    if inside == 0:
        least = "no run" if max(known) == 0.0 else f"less than {part}"
        return f"{lasting_phrase(scan, measure)} in {least}, whatever the values in this range"
    return f"{lasting_phrase(scan, measure)} in {part} at {inside:,} of {len(known):,} points"


def range_headline(scan: Scan, measure: Outcome, medians: Floats, ends: tuple[str, str] | None = None) -> str:
    """Return the range of the median of an outcome.

    Parameters
    ----------
    medians : array
        nan beyond the end, or if runs failed.
    ends : (str, str), optional
        Labels of the first and the last value; without labels, the range is from smallest to largest.
    """
    known = [float(value) for value in medians if value == value]
    if not known:
        return NO_POINT_TEXT if scan.failed.all() else f"{lasting_phrase(scan, measure)} at every point"
    first, last = (known[0], known[-1]) if ends else (min(known), max(known))
    low, high = (format_outcome(scan, measure, value) for value in (first, last))
    median = f"Median {measure.noun}" if not measure.is_date else f"{measure.heading}, median"
    if low == high:
        return f"{median}: {low}"
    if ends is None:
        return f"{median}: from {low} to {high}"
    return f"{median}: {low} with {ends[0]}, {high} with {ends[1]}"


def format_outcome(scan: Scan, measure: Outcome, value: float) -> str:
    """Return one value of an outcome: a date, or a number with its unit."""
    return format_day(scan.start, value) if measure.is_date else format_shells(measure.number_format, value)


def format_shells(number_format: NumberFormat, value: float) -> str:
    """Return a number of shells with its unit."""
    text = number_format.text(value)
    return text if number_format.suffix else f"{text} {number_format.noun}"


def format_day(start: dt.date | None, days: float, *, brief: bool = False) -> str:
    """Return a day from the start as a date, or as a day number if the start is unknown."""
    if start is None:
        return f"day {days:,.0f}"
    day = start + dt.timedelta(days=round(days))
    return short_date(day) if brief else long_date(day)
