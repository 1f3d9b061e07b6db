"""Drawdown chart of several scenarios: a line and a band for each, and below them what each fires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.charts import monthly_supply, style
from sim.charts.claimants import left_out_note
from sim.charts.drawn_series import record_dates
from sim.charts.frame import (
    Canvas,
    FrameText,
    LegendEntry,
    is_roomy,
    is_whole_title,
    open_frame,
    sources_note,
)
from sim.charts.line_labels import clear_frame
from sim.charts.monthly_supply import MonthlySupply
from sim.charts.panel import open_plot, open_strip
from sim.charts.plot_grid import PlotBox, PlotGrid
from sim.charts.result_data import ChartData, PairKey
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.sweep_axes import PlacedPlot
from sim.charts.text_layout import make_text_width, wrap_clauses
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.drawdown_headline import event_meanings
from sim.findings.overlay_headline import NamedRun, earliest_stock, overlay_headline, run_out_clause
from sim.findings.stock_figures import StockFigures, stock_figures, stock_heading
from sim.formatting import long_date, short_date
from sim.names import merge_names
from sim.names.unique_names import shorten_names, unique_names

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

#: Colour and dashes of each scenario; dashes differ too, for grey print.
SCENARIO_STYLES: tuple[tuple[str, Any], ...] = (
    (style.LINE_BLUE, "-"),
    (style.MARK_ORANGE, (0, (5, 1.5))),
    (style.ORIGINS[2], (0, (1.5, 1))),
    (style.ORIGINS[3], (0, (6, 1.5, 1.5, 1.5))),
)
_BAND_OPACITY = 0.16
#: Most letters of a scenario's name in the key, where it may take several lines.
_FULL_NAME_LENGTH = 120
#: Most letters of a scenario's name elsewhere, in order of preference.
_NAME_LENGTHS = (44, 30, 20, 14)
#: Heights in the strip, in units of the type size: the bar of a scenario with and without a label, and a gap.
_BAR_ROW, _TIGHT_BAR_ROW, _ROW_GAP = 1.1, 0.75, 0.25


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario of the chart.

    Attributes
    ----------
    run : NamedRun
        Name and tables.
    full_name : str
        Name in the key.
    data : ChartData
    stocks : mapping of PairKey to StockFigures
        The stocks with a consumer.
    fire : MonthlySupply
        Fire from all of them.
    colour, dashes
        Style of its lines.
    """

    run: NamedRun
    full_name: str
    data: ChartData
    stocks: Mapping[PairKey, StockFigures]
    fire: MonthlySupply
    colour: str
    dashes: Any

    @property
    def line(self) -> dict[str, Any]:
        """Properties of its lines."""
        return {"color": self.colour, "linestyle": self.dashes}


@dataclass(frozen=True, slots=True)
class RunOutLabel:
    """Run-out date of a stock in one scenario, and the lines of its label; no lines where it has no room."""

    scenario: Scenario
    stock: StockFigures
    lines: Sequence[str]

    @property
    def bar_row(self) -> float:
        """Height of the bar, in units of the type size: none for a stock that never runs out."""
        if self.stock.runs_out.share == 0.0:
            return 0.0
        return _BAR_ROW if self.lines else _TIGHT_BAR_ROW

    @property
    def height(self) -> float:
        """Height of bar and label, in units of the type size."""
        return self.bar_row + (len(self.lines) * LINE_HEIGHT + _ROW_GAP if self.lines else 0.0)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The stocks that have a plot, the plots with that of the fire last, and the labels of each stock."""

    shown: Sequence[PairKey]
    grid: PlotGrid
    labels: Sequence[Sequence[RunOutLabel]]


def draw_overlay(every: Sequence[ChartData], size: Size, begin: dt.date, end: dt.date) -> Figure:
    """Draw the stocks of several scenarios on one calendar, and below them what each fires.

    Parameters
    ----------
    every : sequence of ChartData
    size : Size
    begin, end : datetime.date
        First day shown, and the day after the last.

    Raises
    ------
    ArgumentError
        There are more scenarios than styles, or they count unlike things.
    """
    if len(every) > len(SCENARIO_STYLES):
        problem = f"{format_count(len(every), 'scenario')} are too many for one drawdown chart"
        raise ArgumentError([Fault(problem, allowed=f"at most {len(SCENARIO_STYLES)}")])
    _check_units(every)
    scenarios, headline = _fitting_names(every, size)
    # The headline is about the first stock of a scenario to run out, so its plot is never left out.
    firsts = [first for each in scenarios if (first := earliest_stock(each.data)) is not None]
    named = [(str(each.scope.depot), str(each.scope.munition)) for each in firsts]
    every_pair = (pair for each in scenarios for pair in each.stocks or each.data.pairs)
    pairs = list(dict.fromkeys([*named, *every_pair]))
    layout, frame_text = _fitting_plots(scenarios, headline, pairs, size, (begin, end))
    grid = layout.grid
    canvas, boxes = open_frame(frame_text, grid)
    for pair, labels, box, top in zip(layout.shown, layout.labels, boxes, grid.tops, strict=False):
        axes = open_plot(canvas, box, grid, top, _heading(scenarios, pairs, pair))
        _draw_stocks(canvas, axes, box, grid, scenarios, pair)
        _draw_strip(canvas, box, grid, labels)
    axes = open_plot(canvas, boxes[-1], grid, grid.tops[-1], _fire_heading(scenarios))
    _draw_fire(axes, scenarios, size)
    return canvas.figure


def _check_units(every: Sequence[ChartData]) -> None:
    """Raise `ArgumentError` if one scenario counts other things than another: they share no axis."""
    counted = [
        sorted({data.names.noun([munition]).many for munition in monthly_supply.fired_munitions(data)})
        for data in every
    ]
    unlike = list(dict.fromkeys(" and ".join(nouns) for nouns in counted if nouns))
    if len(unlike) > 1:
        problem = f"{unlike[0]} in one scenario and {unlike[1]} in another have no axis in common"
        raise ArgumentError([Fault(problem, allowed="scenarios that count the same things")])


def scenario_names(every: Sequence[ChartData], width: int) -> list[str]:
    """Return a name of each scenario in at most `width` letters, from its title, no two alike."""
    manifests = {str(place): data.manifest for place, data in enumerate(every)}

    def title(key: str) -> str:
        return str(manifests[key]["scenario"]["title"])

    def with_digest(key: str) -> str:
        return f"{str(manifests[key]['scenario']['digest']).rsplit(':', 1)[-1][:8]}, {title(key)}"

    def with_seed(key: str) -> str:
        return f"Seed {manifests[key]['seed']}, {with_digest(key)}"

    names = unique_names(manifests, (title, with_digest, with_seed))
    short = shorten_names(names.values(), width)
    return [short[name] for name in names.values()]


def _scenarios(every: Sequence[ChartData], width: int) -> list[Scenario]:
    found = []
    names, full_names = scenario_names(every, width), scenario_names(every, _FULL_NAME_LENGTH)
    looks = zip(every, names, full_names, SCENARIO_STYLES, strict=False)
    for data, name, full_name, (colour, dashes) in looks:
        stocks = {(str(each.scope.depot), str(each.scope.munition)): each for each in stock_figures(data)}
        found.append(
            Scenario(
                NamedRun(name, data),
                full_name,
                data,
                stocks,
                monthly_supply.sum_supply(data, ()),
                colour,
                dashes,
            )
        )
    return found


def _heading(scenarios: Sequence[Scenario], pairs: list[PairKey], pair: PairKey) -> str:
    names = merge_names([each.data.names for each in scenarios])
    return stock_heading(names, pairs, *pair)


def _fire_heading(scenarios: Sequence[Scenario]) -> str:
    names = merge_names([each.data.names for each in scenarios])
    munitions = [name for each in scenarios for name in monthly_supply.fired_munitions(each.data)]
    together = ", all stocks" if max(len(each.stocks) for each in scenarios) > 1 else ""
    past = names.verb(names.verbs).past
    return f"{names.noun(list(dict.fromkeys(munitions))).many.capitalize()} {past} a day{together}"


def _fitting_names(every: Sequence[ChartData], size: Size) -> tuple[list[Scenario], str]:
    """Return the scenarios and the headline, with the longest names with which the headline is not cut."""
    for width in _NAME_LENGTHS:
        scenarios = _scenarios(every, width)
        for brief in (False, True):
            headline = overlay_headline([each.run for each in scenarios], brief=brief).sentence
            if is_whole_title(headline, size):
                return scenarios, headline
    return scenarios, headline


def _fitting_plots(
    scenarios: Sequence[Scenario],
    headline: str,
    pairs: Sequence[PairKey],
    size: Size,
    period: tuple[dt.date, dt.date],
) -> tuple[_Layout, FrameText]:
    """Return the first layout that leaves its plots room: with fewer stocks, side by side, without labels.

    The key has the whole names where there is room for them.
    """
    most = min(max(1, size.panels - 1), len(pairs))
    # With those that no consumer draws on, which have no plot.
    every = {pair for each in scenarios for pair in each.data.pairs}
    layouts = [
        *((count, 1 if count == 1 else size.columns, True) for count in range(most, 0, -1)),
        (1, size.columns, True),
        (1, 1, False),
        (1, size.columns, False),
    ]
    for count, columns, labelled in layouts:
        layout = _layout(scenarios, pairs[:count], replace(size, columns=columns), period, labelled=labelled)
        for is_whole in (True, False):
            key = _legend(scenarios, size, is_whole=is_whole)
            frame_text = _frame_text(scenarios, headline, len(every) - count, (size, layout.grid), key)
            if is_roomy(frame_text, layout.grid):
                return layout, frame_text
    return layout, frame_text


def _layout(
    scenarios: Sequence[Scenario],
    shown: Sequence[PairKey],
    size: Size,
    period: tuple[dt.date, dt.date],
    *,
    labelled: bool,
) -> _Layout:
    tops = [
        max(float(table[name].max()) for table in _tables(scenarios, pair) for name in ("p95", "p50"))
        for pair in shown
    ]
    fire = [float(max(_fired(each))) for each in scenarios]
    tops.append(max([*fire, *(float(each.fire.required.max()) for each in scenarios)]))
    bare = PlotGrid(size, *period, tops=tops, has_headings=True, strips=[0.0] * len(tops))
    labels = [_labels(scenarios, pair, bare, labelled=labelled) for pair in shown]
    strips = [_strip_height(each, size) for each in labels]
    return _Layout(shown, replace(bare, strips=[*strips, 0.0]), labels)


def _tables(scenarios: Sequence[Scenario], pair: PairKey) -> list[pd.DataFrame]:
    tables = [each.data.stock_of(pair) for each in scenarios]
    return [table for table in tables if len(table)]


def _labels(
    scenarios: Sequence[Scenario], pair: PairKey, grid: PlotGrid, *, labelled: bool
) -> list[RunOutLabel]:
    """Return the label of the run-out date of each scenario with a consumer of the stock."""
    wide = make_text_width(grid.size.text)
    found = []
    for each in scenarios:
        if pair in each.stocks:
            stock = each.stocks[pair]
            text = f"{each.run.name}: {run_out_clause(stock, short_date)}"
            lines = wrap_clauses(text, grid.width + grid.right, wide) if labelled else []
            found.append(RunOutLabel(each, stock, lines))
    return found


def _strip_height(labels: Sequence[RunOutLabel], size: Size) -> float:
    return size.text * (0.2 + sum(label.height for label in labels)) if labels else 0.0


def _frame_text(
    scenarios: Sequence[Scenario],
    headline: str,
    rest: int,
    space: tuple[Size, PlotGrid],
    key: Sequence[LegendEntry],
) -> FrameText:
    size, grid = space
    varied = any(not each.data.is_constant for each in scenarios)
    last = max(each.data.end for each in scenarios)
    notes = [
        left_out_note({"more stock": rest}, "stock.csv"),
        "Lines of stock are medians, bands hold nine runs in ten." if varied else "",
        "Marks below a plot: the run-out date, and nine runs in ten." if varied else "",
        event_meanings(stock for each in scenarios for stock in each.stocks.values()),
        f"The runs go on to {long_date(last)}." if grid.end < last else "",
    ]
    subtitle = f"{format_count(len(scenarios), 'scenario')} on one calendar"
    return FrameText(
        headline,
        subtitle,
        "",
        key,
        [" ".join(filter(None, notes)), _sources(scenarios, size), _provenance(scenarios)],
    )


def _sources(scenarios: Sequence[Scenario], size: Size) -> str:
    found = {str(one["id"]): one for each in scenarios for one in each.data.manifest["sources"]}
    return sources_note({"sources": list(found.values())}, size)


def _provenance(scenarios: Sequence[Scenario]) -> str:
    manifests = [each.data.manifest for each in scenarios]
    digests = ", ".join(str(one["scenario"]["digest"]).rsplit(":", 1)[-1][:8] for one in manifests)
    runs = " and ".join(dict.fromkeys(format_count(each.data.runs, "run") for each in scenarios))
    seeds = " and ".join(dict.fromkeys(f"seed {one['seed']}" for one in manifests))
    versions = ", ".join(dict.fromkeys(f"munitions-sim\u00a0{one['version']}" for one in manifests))
    return f"Model output, {runs} of each scenario, {seeds}, scenarios {digests}, {versions}."


def _legend(scenarios: Sequence[Scenario], size: Size, *, is_whole: bool) -> list[LegendEntry]:
    key = [
        LegendEntry(
            each.full_name if is_whole else each.run.name,
            line=each.line | {"linewidth": size.line},
            patch={} if each.data.is_constant else _band(each),
        )
        for each in scenarios
    ]
    return [
        *key,
        LegendEntry("required (thin line)", line={"color": style.INK, "linewidth": size.line * 0.5}),
    ]


def _band(each: Scenario) -> dict[str, Any]:
    return {"facecolor": each.colour, "alpha": _BAND_OPACITY, "linewidth": 0.0}


def _draw_stocks(
    canvas: Canvas,
    axes: Axes,
    box: PlotBox,
    grid: PlotGrid,
    scenarios: Sequence[Scenario],
    pair: PairKey,
) -> None:
    medians = {}
    for each in scenarios:
        table = each.data.stock_of(pair)
        if not len(table):
            continue
        if not each.data.is_constant:
            low, high = (table[name].to_numpy(dtype=float) for name in ("p05", "p95"))
            axes.fill_between(table["x"], low, high, zorder=1, **_band(each))
            record_dates(axes, f"{each.run.name}: 5th to 95th percentile", table["x"], low, y_end=high)
        axes.plot(table["x"], table["p50"], linewidth=grid.size.line, zorder=3, **each.line)
        record_dates(axes, f"{each.run.name}: median", table["x"], table["p50"])
        inside = table[(table["x"] >= grid.start.toordinal()) & (table["x"] <= grid.end.toordinal())]
        medians[each.run.name] = (each, inside[["x", "p50"]].to_numpy(dtype=float))
    placed = _placed(axes, box, grid)
    taken: list[Bbox] = []
    for name, (each, points) in medians.items():
        others = [other for key, (_, other) in medians.items() if key != name and len(other)]
        every = max(1, len(points) // 60)
        frame = clear_frame(
            placed, [points[::every]] if len(points) > 1 else [], name, grid.size, others=others, taken=taken
        )
        if frame is not None:
            taken.append(frame)
            x, y = frame.x0 + grid.size.text * 0.4, frame.y0 + grid.size.text * 0.42
            canvas.write(x, y, name, grid.size.text, each.colour)


def _placed(axes: Axes, box: PlotBox, grid: PlotGrid) -> PlacedPlot:
    height = box.height - grid.heading - box.strip
    return PlacedPlot(axes, box.left + grid.left, box.bottom + box.strip, grid.width, height)


def _draw_strip(
    canvas: Canvas,
    box: PlotBox,
    grid: PlotGrid,
    labels: Sequence[RunOutLabel],
) -> None:
    """Draw the run-out date of each scenario, its range and its label below the plot."""
    if not labels:
        return
    size = grid.size
    strip = open_strip(canvas, box, grid)
    down = box.strip - size.text * 0.2
    for label in labels:
        _draw_range(strip, label, down - size.text * label.bar_row / 2, grid)
        down -= size.text * label.bar_row
        for line in label.lines:
            base = box.bottom + down - size.text * 0.95
            canvas.write(box.left + grid.left, base, line, size.text, label.scenario.colour)
            down -= size.text * LINE_HEIGHT
        down -= size.text * _ROW_GAP if label.lines else 0.0


def _draw_range(strip: Axes, label: RunOutLabel, y: float, grid: PlotGrid) -> None:
    first, last = grid.start.toordinal(), grid.end.toordinal()
    early, median, late = (day.toordinal() if day else None for day in label.stock.runs_out[1:])
    if early is None or early > last:
        return
    right = last if late is None else min(late, last)
    look: dict[str, Any] = {"color": label.scenario.colour, "linewidth": grid.size.line * 0.8}
    strip.plot([max(early, first), max(right, first)], [y, y], solid_capstyle="butt", **look)
    marker: dict[str, Any] = {"color": label.scenario.colour, "linestyle": "none", "clip_on": False}
    if late is None or late > last:
        strip.plot([right], [y], marker=">", markersize=grid.size.text * 0.5, **marker)
    if median is not None and first <= median <= last:
        strip.plot([median], [y], marker="o", markersize=grid.size.text * 0.55, **marker)


def _fired(each: Scenario) -> Any:
    """Return the fire of a scenario a day, month by month."""
    return sum(each.fire.fired.values(), start=0.0 * each.fire.days)


def _draw_fire(axes: Axes, scenarios: Sequence[Scenario], size: Size) -> None:
    """Draw the daily fire of each scenario by month, and the requirement: once if it is the same for all."""
    import numpy as np

    first = scenarios[0].fire
    same = all(
        len(each.fire.edges) == len(first.edges)
        and np.array_equal(each.fire.edges, first.edges)
        and np.allclose(each.fire.required, first.required)
        for each in scenarios
    )
    for each in scenarios:
        axes.stairs(_fired(each), each.fire.edges, baseline=None, zorder=3, linewidth=size.line, **each.line)
        edges, required = each.fire.edges, each.fire.required
        record_dates(axes, each.run.name, edges[:-1], _fired(each), x_end=edges[1:])
        record_dates(axes, f"{each.run.name}: required", edges[:-1], required, x_end=edges[1:])
    for each in scenarios[:1] if same else scenarios:
        colour = style.INK if same else each.colour
        axes.stairs(
            each.fire.required,
            each.fire.edges,
            baseline=None,
            zorder=2.5,
            linewidth=size.line * 0.5,
            color=colour,
        )
