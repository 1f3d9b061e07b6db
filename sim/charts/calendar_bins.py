"""Bins of the calendar that are wide enough to see: days, weeks or months."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from sim.charts.monthly_supply import month_edges

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Least width of a bin, in points.
_LEAST_WIDTH = 0.75
_WEEK = 7
DAY, WEEK, MONTH = "day", "week", "month"


class CalendarBins(NamedTuple):
    """Bins from the first day on; the last may be shorter than the others.

    Attributes
    ----------
    name : str
        ``day``, ``week`` or ``month``; a week begins seven days after the one before it.
    edges : array, shape (bins + 1,)
        Ordinals of dates.
    """

    name: str
    edges: Floats

    def means(self, daily: Floats) -> Floats:
        """Return the mean of daily values in each bin."""
        import numpy as np

        if self.name == DAY:
            return daily
        starts = (self.edges[:-1] - self.edges[0]).astype(int)
        return np.asarray(np.add.reduceat(daily, starts) / np.diff(self.edges))


def calendar_bins(start: dt.date, end: dt.date, width: float) -> CalendarBins:
    """Return the narrowest bins that a plot of `width` points shows."""
    import numpy as np

    first, last = start.toordinal(), end.toordinal()
    for name, step in ((DAY, 1), (WEEK, _WEEK)):
        edges = np.append(np.arange(first, last, step), last).astype(float)
        if (len(edges) - 1) * _LEAST_WIDTH <= width:
            return CalendarBins(name, edges)
    return CalendarBins(MONTH, month_edges(start, end))
