"""Charts that can be published as they come, made from the saved tables alone.

What happens here, in order:

1. ``result_data`` holds the tables of a result; ``monthly_supply`` sums them to calendar months.
2. ``result_headline`` says in words what a chart shows: that is its title.
3. ``style`` gives sizes, colours and type, ``text_layout`` breaks lines, ``ticks`` finds the marks of an axis.
4. ``plot_grid`` divides a figure among its plots, ``frame`` lays out what is around them: title, key, sources and
   provenance, nothing cut, nothing overlapping. ``panel`` opens one plot with its scale and calendar.
5. ``drawdown_chart`` and ``supply_chart`` draw into that frame.
6. ``comparison_data`` holds what a comparison found, ``comparison_headline`` has the words for it; ``dot_rows`` lays out and draws
   rows of dots with their intervals; ``comparison_chart`` puts them into the frame.
7. ``sweep_data`` holds the table of a sweep and ``sensitivity_data`` that of a sensitivity study; ``sweep_headline`` has the titles.
8. ``axes`` are the scales of what was varied and ``sweep_axes`` the plots over them: ``heatmap_chart``,
   ``line_chart`` and ``sustainable_chart`` draw there; ``line_labels`` names a line. ``bar_rows`` has a row for each
   input: ``tornado_chart`` and ``sobol_chart``.
9. ``kinds`` lists every kind of chart by name, and ``rendering`` turns a figure into bytes.

Matplotlib and pandas are imported when a chart is drawn, not before; pyplot never is.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.charts.comparison_chart import compare
    from sim.charts.comparison_data import Contrast
    from sim.charts.drawdown_chart import drawdown
    from sim.charts.heatmap_chart import heatmap
    from sim.charts.kinds import draw, kinds_of
    from sim.charts.line_chart import line
    from sim.charts.rendering import to_bytes
    from sim.charts.result_data import ChartData
    from sim.charts.sensitivity_data import Drivers
    from sim.charts.sobol_chart import sobol
    from sim.charts.supply_chart import supply
    from sim.charts.sustainable_chart import sustainable
    from sim.charts.sweep_data import Scan
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
    "ChartData": "result_data",
    "Contrast": "comparison_data",
    "Drivers": "sensitivity_data",
    "Scan": "sweep_data",
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
