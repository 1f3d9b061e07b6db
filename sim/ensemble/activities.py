"""Lumpy requirement of activities, all runs of a block at a time. Twin of `sim.model.activities`."""

from __future__ import annotations

import numpy as np

from sim.ensemble.inverse_cdf import draw_quantities, to_seconds_array
from sim.ensemble.scenario_tables import ActivityTables, Floats, Ints, LawTables, Record
from sim.scenario.limits import MOST
from sim.units import SECONDS_PER_DAY


def draw_activities(
    laws: LawTables,
    tables: ActivityTables,
    days: int,
    seed: np.uint64,
    runs: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
    values: Floats,
    factors: Floats,
) -> Floats:
    """Draw what activities require, shape (lumps, days, runs), a row for each claim with activities."""
    lumps = np.zeros((len(tables.stop), days, len(runs)))
    for activity in tables.activities:
        day = _days_of(tables, activity, values, days)
        count = day.shape[1]
        if not count:
            continue
        rows = np.array([activity["quantity"], activity["happens"]], dtype=np.int64)
        shells, happens = draw_quantities(laws, rows, seed, runs, count)[:, :, :count]
        shells = np.minimum(shells, MOST)
        if activity["mass"] >= 0:
            shells = shells * (1.0 / values[activity["mass"]])[:, np.newaxis]
        counts = (happens < values[activity["chance"]][:, np.newaxis]) & (day >= 0) & (day < days)
        for number in np.flatnonzero(counts.any(axis=0)).tolist():
            (run,) = np.nonzero(counts[:, number])
            lumps[activity["lump"], day[run, number], run] += shells[run, number]
    for lump, stop in enumerate(tables.stop.tolist()):
        if stop >= 0:
            lumps[lump] *= factors[stop]
    return lumps


def _days_of(tables: ActivityTables, activity: Record, values: Floats, days: int) -> Ints:
    """Return the day of each occurrence of an activity in each run, shape (runs, occurrences)."""
    first, count = int(activity["on_first"]), int(activity["on_count"])
    if activity["every"] < 0:
        columns = [
            np.full(values.shape[1], day, dtype=np.int64) if row < 0 else values[row].astype(np.int64)
            for day, row in zip(
                tables.on_day[first : first + count].tolist(),
                tables.on_date[first : first + count].tolist(),
                strict=True,
            )
        ]
        return np.stack(columns, axis=1)
    opens = np.zeros(values.shape[1], dtype=np.int64)
    if activity["first"] >= 0:
        opens = to_seconds_array(values[activity["first"]])
    step: Ints = np.maximum(SECONDS_PER_DAY, to_seconds_array(values[activity["every"]]))
    most = max(0, int((-(-(days * SECONDS_PER_DAY - opens) // step)).max()))
    seconds: Ints = opens[:, np.newaxis] + step[:, np.newaxis] * np.arange(most)
    return seconds // SECONDS_PER_DAY
