"""Events and outages: their windows in time and the daily factors that result."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.device_formulas import first_day_from
from sim.ensemble.inverse_cdf import draw_quantities, to_seconds_array
from sim.ensemble.native.kernels import kernel
from sim.ensemble.scenario_tables import EventTables, Floats, Ints, LawTables, Record, Runs
from sim.formulas import MIN_GAP_SECONDS
from sim.scenario.limits import MOST_OCCURRENCES
from sim.units import SECONDS_PER_DAY

#: Starts, ends and strengths, shape (runs, occurrences), and the number of occurrences in each run.
Windows = tuple[Ints, Ints, Floats, Ints]

#: Occurrences of a recurring event drawn at first; doubled until every run has enough.
MIN_WINDOWS = 16
#: A multiple of 4 above the most occurrences allowed in a run.
MOST_DRAWN = MOST_OCCURRENCES + 16


class EventWindows(NamedTuple):
    """Windows of events and outages in each run, and their daily factors.

    Attributes
    ----------
    first : array, shape (events * runs + 1,)
        Offsets of windows: those of event h in run r start at ``first[h * runs + r]``.
    begin, end : array
        Seconds; the end is exclusive.
    strength : array
        A factor, a share, or a number of shells.
    factors : array, shape (factors, days, runs)
    """

    first: Ints
    begin: Ints
    end: Ints
    strength: Floats
    factors: Floats


def draw_events(
    laws: LawTables, tables: EventTables, days: int, seed: np.uint64, runs: Runs, values: Floats
) -> tuple[EventWindows, dict[int, NDArray[np.bool_]]]:
    """Draw the windows of all events and outages in a block, and compute their daily factors.

    Returns
    -------
    windows : EventWindows
    too_often : dict of int to array, shape (runs,)
        For each event with more than `MOST_OCCURRENCES` occurrences, whether it has so many in each run.
    """
    horizon = days * SECONDS_PER_DAY
    begin, end, strength = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    counts = [np.zeros(1, np.int64)]
    too_often: dict[int, NDArray[np.bool_]] = {}
    for row, event in enumerate(tables.events):
        if event["every"] < 0:
            starts, ends, strengths, count = _fixed_window(event, values)
        else:
            starts, ends, strengths, count = _recurring_windows(laws, event, horizon, seed, runs)
        if (count > MOST_OCCURRENCES).any():
            too_often[row] = count > MOST_OCCURRENCES
            count = np.minimum(count, MOST_OCCURRENCES)
        held = np.arange(starts.shape[1]) < count[:, np.newaxis]
        begin.append(starts[held])
        end.append(ends[held])
        strength.append(strengths[held])
        counts.append(count)
    first = np.cumsum(np.concatenate(counts))
    windows = first, np.concatenate(begin), np.concatenate(end), np.concatenate(strength)
    factors = np.ones((len(tables.factor_first) - 1, days, len(runs)))
    multiply_factors(tables.factor_first, tables.acting, tables.acting_stops, *windows, factors)
    return EventWindows(*windows, factors), too_often


def _fixed_window(event: Record, values: Floats) -> Windows:
    """Return the single window of an event with dates."""
    strength = np.ascontiguousarray(values[event["strength"], :, np.newaxis])
    begin, end = (np.full(strength.shape, event[name], dtype=np.int64) for name in ("begin", "end"))
    for seconds, row in ((begin, event["first"]), (end, event["until"])):
        if row >= 0:
            seconds += values[row, :, np.newaxis].astype(np.int64) * SECONDS_PER_DAY
    return begin, end, strength, np.ones(len(strength), dtype=np.int64)


def _recurring_windows(laws: LawTables, event: Record, horizon: int, seed: np.uint64, runs: Runs) -> Windows:
    """Draw the windows of a recurring event: a gap starts at the end of the last window (rule 28)."""
    lasting = event["last"] >= 0
    rows = [event[name] for name in ("every", "strength", "last")[: 3 if lasting else 2]]
    number = MIN_WINDOWS
    while True:
        x = draw_quantities(laws, np.array(rows, dtype=np.int64), seed, runs, number)
        # Clip durations to the length of the run, so that sums stay within 64 bits.
        gap = np.clip(to_seconds_array(x[0]), MIN_GAP_SECONDS, horizon)
        lasts = np.minimum(to_seconds_array(x[2]), horizon) if lasting else np.zeros_like(gap)
        end = np.cumsum(gap + lasts, axis=1)
        begin = end - lasts
        if number == MOST_DRAWN or (begin[:, -1] >= horizon).all():
            return begin, end, x[1], (begin < horizon).sum(axis=1)
        number = min(2 * number, MOST_DRAWN)


@kernel
def multiply_factors(
    factor_first: Ints,
    acting: Ints,
    acting_stops: Ints,
    first: Ints,
    begin: Ints,
    end: Ints,
    strength: Floats,
    product: Floats,
) -> None:
    """Multiply `product`, shape (factors, days, runs), by event strengths, or by 1 - strength for stops."""
    _, days, count = product.shape
    for f in range(len(product)):
        for a in range(factor_first[f], factor_first[f + 1]):
            for r in range(count):
                at = acting[a] * count + r
                for w in range(first[at], first[at + 1]):
                    kept = 1.0 - strength[w] if acting_stops[a] else strength[w]
                    opens = max(0, first_day_from(begin[w]))
                    for day in range(opens, min(days, first_day_from(end[w]))):
                        product[f, day, r] *= kept
