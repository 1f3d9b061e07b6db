"""Charts that can be published as they come, made from the saved tables alone.

What happens here, in order:

1. ``data`` holds the tables of a result; ``months`` sums them to calendar months.
2. ``findings`` says in words what a chart shows: that is its title. ``words`` writes numbers and dates.
3. ``style`` gives sizes, colours and type, ``text`` breaks lines, ``scale`` finds the marks of an axis.
4. ``grid`` divides a figure among its plots, ``frame`` lays out what is around them: title, key, sources and
   provenance, nothing cut, nothing overlapping. ``panel`` opens one plot with its scale and calendar.
5. ``drawdown`` and ``supply`` draw into that frame.
6. ``contrast`` holds what a comparison found, ``telling`` has the words for it; ``dots`` lays out and draws
   rows of dots with their intervals; ``compare`` puts them into the frame.
7. ``scan`` holds the table of a sweep and ``drivers`` that of a sensitivity study; ``measures`` names
   outcomes, ``human`` tells numbers in the units of people, ``saying`` has the titles.
8. ``rulers`` are the scales of what was varied and ``plane`` the plots over them: ``heatmap``, ``line`` and
   ``sustainable`` draw there; ``beside`` names a line. ``bars`` has a row for each input: ``tornado`` and
   ``sobol``.
9. ``save`` knows the kinds of charts by name, and turns a figure into bytes, the same every time.

Matplotlib and pandas are imported when a chart is drawn, not before; pyplot never is.
"""

from sim.charts.compare import compare
from sim.charts.contrast import Contrast
from sim.charts.data import ChartData
from sim.charts.drawdown import drawdown
from sim.charts.drivers import Drivers
from sim.charts.heatmap import heatmap
from sim.charts.line import line
from sim.charts.save import draw, kinds_of, to_bytes
from sim.charts.scan import Scan
from sim.charts.sobol import sobol
from sim.charts.supply import supply
from sim.charts.sustainable import sustainable
from sim.charts.tornado import tornado

__all__ = [
    "ChartData",
    "Contrast",
    "Drivers",
    "Scan",
    "compare",
    "draw",
    "drawdown",
    "heatmap",
    "kinds_of",
    "line",
    "sobol",
    "supply",
    "sustainable",
    "to_bytes",
    "tornado",
]
