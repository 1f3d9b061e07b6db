"""Charts that can be published as they come, made from the saved tables alone.

What happens here, in order:

1. ``data`` holds the tables of a result; ``months`` sums them to calendar months.
2. ``findings`` says in words what a chart shows: that is its title.
3. ``style`` gives sizes, colours and type, ``text`` breaks lines, ``scale`` finds the marks of an axis.
4. ``grid`` divides a figure among its plots, ``frame`` lays out what is around them: title, key, sources and
   provenance, nothing cut, nothing overlapping. ``panel`` opens one plot with its scale and calendar.
5. ``drawdown_chart`` and ``supply_chart`` draw into that frame.
6. ``contrast`` holds what a comparison found, ``telling`` has the words for it; ``dots`` lays out and draws
   rows of dots with their intervals; ``comparison_chart`` puts them into the frame.
7. ``scan`` holds the table of a sweep and ``drivers`` that of a sensitivity study; ``saying`` has the titles.
8. ``rulers`` are the scales of what was varied and ``plane`` the plots over them: ``heatmap_chart``,
   ``line_chart`` and ``sustainable_chart`` draw there; ``beside`` names a line. ``bars`` has a row for each
   input: ``tornado_chart`` and ``sobol_chart``.
9. ``kinds`` lists every kind of chart by name, and ``rendering`` turns a figure into bytes.

Matplotlib and pandas are imported when a chart is drawn, not before; pyplot never is.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.charts.comparison_chart import compare
    from sim.charts.contrast import Contrast
    from sim.charts.data import ChartData
    from sim.charts.drawdown_chart import drawdown
    from sim.charts.drivers import Drivers
    from sim.charts.heatmap_chart import heatmap
    from sim.charts.kinds import draw, kinds_of
    from sim.charts.line_chart import line
    from sim.charts.rendering import to_bytes
    from sim.charts.scan import Scan
    from sim.charts.sobol_chart import sobol
    from sim.charts.supply_chart import supply
    from sim.charts.sustainable_chart import sustainable
    from sim.charts.tornado_chart import tornado

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

_HOMES = {
    "ChartData": "data",
    "Contrast": "contrast",
    "Drivers": "drivers",
    "Scan": "scan",
    "draw": "kinds",
    "kinds_of": "kinds",
    "to_bytes": "rendering",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"sim.charts.{_HOMES[name]}"), name)
    if name in __all__:
        from sim.charts.kinds import BY_NAME

        return BY_NAME[name].function
    raise AttributeError(f"module 'sim.charts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
