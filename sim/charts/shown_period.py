"""Part of the period of a result that a chart over time shows, by dates of the user."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sim.charts.result_data import ChartData
from sim.errors import ArgumentError, Fault
from sim.formatting import long_date

#: The word for the end of the runs, in place of a date.
END = "end"
Until = dt.date | Literal["end"] | None


def shown_period(
    runs: tuple[dt.date, dt.date], since: dt.date | None, until: Until, default_end: dt.date
) -> tuple[dt.date, dt.date]:
    """Return the first day of a chart, and the day after its last.

    Parameters
    ----------
    runs : tuple of datetime.date
        First day of the runs, and the day after their last.
    since, until : datetime.date, optional
        Dates of the user; ``"end"`` is the end of the runs.
    default_end : datetime.date
        The day after the last, without `until`.

    Raises
    ------
    ArgumentError
        A date is not within the runs, or no day is left.
    """
    first, last = runs
    begin = first if since is None else since
    end = until if isinstance(until, dt.date) else last if until == END else default_end
    faults = [
        Fault(f"the chart cannot {verb} on {day}", allowed=f"{first} to {last}")
        for verb, day, outside in (
            ("start", begin, not first <= begin < last),
            ("end", end, not first < end <= last),
        )
        if outside
    ]
    if not faults and begin >= end:
        faults.append(Fault(f"no day is left between {begin} and {end}", allowed="a start before the end"))
    if faults:
        raise ArgumentError(faults)
    return begin, end


def period_note(data: ChartData, begin: dt.date, end: dt.date) -> str:
    """Return the note on a period that the user chose: the period of the title; empty if all is shown."""
    if (begin, end) == (data.start, data.end):
        return ""
    whole = f"{long_date(data.start)} to {long_date(data.end)}"
    return f"Shown in part; the runs, and the title, are about {whole}."
