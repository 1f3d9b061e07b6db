"""Publication-ready charts, drawn from saved tables alone.

In the order of the work:

1. Data: ``result_data``, ``comparison_data``, ``sweep_data``, ``breakeven_data`` and ``sensitivity_data``
   give the tables of results and studies one form, finished or read back from a folder.
   ``monthly_supply`` sums the flows of a result to calendar months, ``account_data`` to the account of all
   stocks; ``calendar_bins`` are days, weeks or months that are wide enough to see; ``voyage_data`` and
   ``claims_data`` read voyages and claims, ``audit_data`` an audit, ``backtest_data`` a backtest,
   ``route_data`` the quantities at and between the stops of a route, ``places`` the coastline and known
   places; ``story_period`` finds the part of a period in which something changes, ``shown_period`` the part
   that a user chose.
2. Headlines: charts take theirs from `sim.findings`; ``claimants`` names those of a footer.
3. Style and text: ``appearance`` draws a chart with the user's title and house style, ``recolouring``
   replaces colours in the finished figure; ``style`` has sizes, colours and fonts; ``text_layout`` measures
   and wraps text; ``typefaces`` and ``font_chain`` choose fonts by letter; ``missing_letters`` warns of
   letters that no font has; ``origin_styles`` gives each origin its colour.
4. Layout: ``frame`` lays out title, key, notes and provenance around the plots, ``claimants`` writes the note
   of sources; ``plot_grid`` divides a figure into plots; ``panel`` opens one plot over time.
5. Axes: ``ticks`` finds round numbers and calendar dates; ``axes`` has axes of numbers, days and names;
   ``sweep_axes`` places plots over a swept parameter; ``line_labels`` labels a line, ``end_labels`` the right
   ends of lines and areas. ``map_layout`` projects places and keeps markers apart, ``map_drawing`` draws
   land, legs and markers.
6. Rows: ``dot_rows`` draws rows of dots with intervals, ``bar_rows`` rows of bars, ``supply_bars`` monthly
   bars of supply; ``stock_bands`` draws a stock with its uncertainty,
   ``stock_claims`` published claims over it; ``input_rows`` is a figure with
   one row per input.
7. Charts: ``drawdown_chart``, ``drawdown_overlay`` (several results), ``supply_chart``, ``service_chart``,
   ``money_chart``, ``comparison_chart``, ``heatmap_chart``, ``line_chart``, ``sustainable_chart``,
   ``frontier_chart``, ``breakeven_chart``, ``rank_chart``, ``tornado_chart``, ``morris_chart``,
   ``sobol_chart``, ``survival_chart``, ``cumulative_chart``, ``cover_chart``, ``mix_chart``,
   ``timeline_chart``, ``pipeline_chart``, ``map_chart``, ``account_chart``, ``claims_chart``,
   ``audit_chart``, ``audit_drawdown_chart`` and ``backtest_chart``.
8. ``kinds`` lists all kinds of chart by name; ``rendering`` converts a figure to bytes. ``drawn_series``
   records the numbers of a figure in its ``chart_figure``, ``figure_text`` makes a table and an alt text of
   them.

Matplotlib and pandas are imported when a chart is drawn; pyplot is never imported.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.charts.account_chart import account
    from sim.charts.appearance import Appearance, load_house_style
    from sim.charts.audit_chart import audit
    from sim.charts.audit_drawdown_chart import audit_drawdown
    from sim.charts.backtest_chart import backtest
    from sim.charts.breakeven_chart import breakeven
    from sim.charts.claimants import sources_listed
    from sim.charts.claims_chart import claims
    from sim.charts.comparison_chart import compare
    from sim.charts.cover_chart import days_of_supply
    from sim.charts.cumulative_chart import cumulative
    from sim.charts.drawdown_chart import drawdown
    from sim.charts.figure_text import alternative_text, figure_table
    from sim.charts.frontier_chart import frontier
    from sim.charts.heatmap_chart import heatmap
    from sim.charts.kinds import draw, kinds_of
    from sim.charts.line_chart import line
    from sim.charts.map_chart import map  # noqa: A004 - the name of the kind
    from sim.charts.mix_chart import mix
    from sim.charts.money_chart import money
    from sim.charts.morris_chart import morris
    from sim.charts.pipeline_chart import pipeline
    from sim.charts.rank_chart import rank
    from sim.charts.rendering import to_bytes
    from sim.charts.service_chart import service
    from sim.charts.sobol_chart import sobol
    from sim.charts.supply_chart import supply
    from sim.charts.survival_chart import survival
    from sim.charts.sustainable_chart import sustainable
    from sim.charts.timeline_chart import timeline
    from sim.charts.tornado_chart import tornado
    from sim.house_style.house_style import HouseStyle

__all__ = [
    "Appearance",
    "HouseStyle",
    "account",
    "alternative_text",
    "audit",
    "audit_drawdown",
    "backtest",
    "breakeven",
    "claims",
    "compare",
    "cumulative",
    "days_of_supply",
    "draw",
    "drawdown",
    "figure_table",
    "frontier",
    "heatmap",
    "kinds_of",
    "line",
    "load_house_style",
    "map",
    "mix",
    "money",
    "morris",
    "pipeline",
    "rank",
    "service",
    "sobol",
    "sources_listed",
    "supply",
    "survival",
    "sustainable",
    "timeline",
    "to_bytes",
    "tornado",
]

_MODULES = {
    "Appearance": "appearance",
    "HouseStyle": "appearance",
    "alternative_text": "figure_text",
    "draw": "kinds",
    "figure_table": "figure_text",
    "kinds_of": "kinds",
    "load_house_style": "appearance",
    "sources_listed": "claimants",
    "to_bytes": "rendering",
}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return getattr(importlib.import_module(f"sim.charts.{_MODULES[name]}"), name)
    if name in __all__:
        from sim.charts.kinds import BY_NAME

        return BY_NAME[name.replace("_", "-")].function
    raise AttributeError(f"module 'sim.charts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
