"""Drawdown chart: the stock over time with its uncertainty, and below it the fire by origin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import monthly_supply, style, supply_bars
from sim.charts.appearance import Appearance, chart
from sim.charts.claimants import left_out_note
from sim.charts.drawdown_overlay import draw_overlay
from sim.charts.frame import (
    Canvas,
    FrameText,
    fitting_title,
    is_roomy,
    open_frame,
    provenance_notes,
)
from sim.charts.monthly_supply import MonthlySupply
from sim.charts.origin_styles import OriginStyles, origin_styles
from sim.charts.panel import open_plot, open_strip
from sim.charts.plot_grid import PlotBox, PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.shown_period import Until, period_note, shown_period
from sim.charts.stock_bands import draw_bands, stock_legend
from sim.charts.stock_claims import StockClaims, claims_legend, comparable_claims, draw_claims
from sim.charts.story_period import story_end
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import make_text_width, wrap_clauses
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.drawdown_headline import drawdown_headline, event_meanings, run_out_label
from sim.findings.first_stock import first_to_run_out
from sim.findings.stock_figures import FirstDay, StockFigures, overall_figures, stock_figures, stock_heading
from sim.findings.wording import ORIGINS_MEANING
from sim.formatting import long_date, month_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.charts.result_data import ResultLike


@dataclass(frozen=True, slots=True)
class StockPlot:
    """Data of the plot of one stock.

    Attributes
    ----------
    heading : str
    stock : pandas.DataFrame
        Rows of the table for this depot and munition, in order of date.
    runs_out : FirstDay or None
        None without a consumer.
    label : str
        Label of the run-out date; empty without a consumer.
    """

    heading: str
    stock: pd.DataFrame
    runs_out: FirstDay | None
    label: str


@chart
def drawdown(
    result: ResultLike | Sequence[ResultLike],
    size: str = "page",
    *,
    since: dt.date | None = None,
    until: Until = None,
    claims: pd.DataFrame | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the stock over time, and below it the fire by origin against the requirement.

    Parameters
    ----------
    result : ChartData, Result or Tables, or a sequence of them
        A result, finished or read back from its folder, or its tables alone. Several share one calendar,
        each with a line and a band; their fire is not divided by origin.
    since, until : datetime.date, optional
        First day shown, and the day after the last; ``until="end"`` shows all of the period. By default the
        chart ends a little after the stock and the fire stop changing.
    claims : pandas.DataFrame, optional
        Published estimates with the columns of the evidence file, as from `sim.evidence.look_up`. Those on
        the stock of the munition within the run are drawn over it: see `sim.charts.stock_claims`.

    Returns
    -------
    matplotlib.figure.Figure
        One plot per depot and munition, those with a consumer first, and one of the fire of all of them.

    Raises
    ------
    ArgumentError
        The size is unknown, nothing is left to show, or no claim is comparable with the one stock.
    """
    form = style.pick_size(size)
    every = [make_chart_data(each) for each in (result if isinstance(result, Sequence) else [result])]
    if len(every) > 1:
        if claims is not None:
            raise ArgumentError([Fault("claims are drawn over one result", allowed="one result")])
        return draw_overlay(every, form, *shared_period(every, since, until))
    (data,) = every
    stocks = stock_figures(data)
    shown = _stock_plots(data, stocks, form)
    fire = _fire(data)
    looks = origin_styles(data)
    published = StockClaims() if claims is None else comparable_claims(data, claims, form)
    settled = max(story_end(data, stocks, fire), _after(published, data))
    begin, end = shown_period((data.start, data.end), since, until, settled)
    published = published.within(begin, end)
    is_own = since is not None or until is not None
    cut = period_note(data, begin, end) if is_own else _cut_note(data, end)
    for most in range(len(shown), 0, -1):
        # Fewer plots are wider, so that their labels take fewer lines.
        shown = shown[:most]
        grid = _plot_grid(shown, fire, form, begin, end, published.top)
        frame_text = _frame_text(data, stocks, shown, fire, looks, grid, cut)
        frame_text = _with_claims(frame_text, published, form)
        if data.caveat:
            frame_text = replace(frame_text, notes=[data.caveat, *frame_text.notes])
        if is_roomy(frame_text, grid):
            break
    canvas, boxes = open_frame(frame_text, grid)
    for plot, box, top in zip(shown, boxes, grid.tops, strict=False):
        axes = open_plot(canvas, box, grid, top, plot.heading)
        draw_bands(axes, plot.stock, data, form)
        draw_claims(axes, published, form)
        _draw_mark(canvas, box, grid, plot, axes)
    axes = open_plot(canvas, boxes[-1], grid, grid.tops[-1], _fire_heading(data, stocks))
    supply_bars.draw_bars(axes, fire, looks, grid, data.names, inflow=False)
    return canvas.figure


def _after(published: StockClaims, data: ChartData) -> dt.date:
    """Return the first of the month after the last claim, or the end of the run."""
    if published.last is None:
        return data.start
    after = (published.last.replace(day=1) + dt.timedelta(days=40)).replace(day=1)
    return min(after, data.end)


def _with_claims(text: FrameText, published: StockClaims, size: Size) -> FrameText:
    """Return the text of the frame with the claimants and a note on their claims."""
    if not published.claims:
        return text
    key = [*text.key, *claims_legend(published)]
    if size.height is None:
        return replace(text, key=key, notes=[published.note(), *text.notes])
    note, *rest = text.notes
    return replace(text, key=key, notes=[f"Markers: published claims. {note}", *rest])


def shared_period(every: Sequence[ChartData], since: dt.date | None, until: Until) -> tuple[dt.date, dt.date]:
    """Return the period that a chart of several results shows; see `shown_period`."""
    start, end = min(data.start for data in every), max(data.end for data in every)
    stories = [story_end(data, stock_figures(data), _fire(data)) for data in every]
    return shown_period((start, end), since, until, max(stories))


def _stock_plots(data: ChartData, stocks: Sequence[StockFigures], size: Size) -> list[StockPlot]:
    """Return the plots of stocks: all, or if too many those with a consumer, the first to run out first."""
    pairs = list(data.pairs)
    by_pair = {(each.scope.depot, each.scope.munition): each for each in stocks}
    if len(pairs) >= size.panels:
        pairs = list(data.consuming_pairs or pairs)
        if stocks:
            # The headline is about it.
            first = first_to_run_out(stocks).figures
            pairs.sort(key=lambda pair: by_pair.get(pair) is not first)
        pairs = pairs[: max(1, size.panels - 1)]
    return [_stock_plot(data, pair, by_pair.get(pair)) for pair in pairs]


def _stock_plot(data: ChartData, pair: tuple[str, str], figures: StockFigures | None) -> StockPlot:
    depot, munition = pair
    heading = stock_heading(data.names, list(data.pairs), depot, munition)
    label = "" if figures is None else run_out_label(figures)
    return StockPlot(heading, data.stock_of(pair), None if figures is None else figures.runs_out, label)


def _fire(data: ChartData) -> MonthlySupply:
    return monthly_supply.sum_supply(data, monthly_supply.named_origins(data))


def _fire_heading(data: ChartData, stocks: Sequence[StockFigures]) -> str:
    noun = data.names.noun(monthly_supply.fired_munitions(data)).many
    scope = "all stocks" if len(stocks) > 1 else "by origin"
    return f"{noun.capitalize()} {data.names.verb(data.names.verbs).past} a day, {scope}"


def _plot_grid(
    shown: Sequence[StockPlot],
    fire: MonthlySupply,
    size: Size,
    begin: dt.date,
    end: dt.date,
    least: float,
) -> PlotGrid:
    # A fixed height has no room for two plots of readable height below each other.
    columns = 1 if len(shown) == 1 and size.height is None else min(size.columns, len(shown) + 1)
    tops = [max(least, *(float(plot.stock[name].max()) for name in ("p95", "p50"))) for plot in shown]
    tops.append(supply_bars.max_height(fire, inflow=False))
    bare = PlotGrid(
        size=replace(size, columns=columns),
        start=begin,
        end=end,
        tops=tops,
        has_headings=True,
        strips=[0.0] * len(tops),
    )
    lines = [len(_mark_label(plot, bare)) for plot in shown]
    strips = [size.text * (1.5 + rows * LINE_HEIGHT) if rows else 0.0 for rows in lines]
    return replace(bare, strips=[*strips, 0.0])


def _mark_label(plot: StockPlot, grid: PlotGrid) -> list[str]:
    wide = make_text_width(grid.size.text)
    return wrap_clauses(plot.label, grid.width + grid.right, wide) if plot.label else []


def _frame_text(
    data: ChartData,
    stocks: Sequence[StockFigures],
    shown: Sequence[StockPlot],
    fire: MonthlySupply,
    looks: OriginStyles,
    grid: PlotGrid,
    cut_note: str,
) -> FrameText:
    rest = len(data.pairs) - len(shown)
    notes = [
        left_out_note({"more stock": rest}, "stock.csv"),
        event_meanings(stocks),
        ORIGINS_MEANING if sum(float(each.sum()) > 0.0 for each in fire.fired.values()) > 1 else "",
        f"Bars are means of the {format_count(data.runs, 'run')}." if data.runs > 1 else "",
        supply_bars.others_note(data.names, monthly_supply.other_origins(data)),
        cut_note,
    ]
    past = data.names.verb(data.names.verbs).past
    bars = supply_bars.legend_entries([fire], looks, data.names, past, inflow=False)
    return FrameText(
        fitting_title(data.headline or drawdown_headline(overall_figures(data), stocks).sentence, grid.size),
        str(data.manifest["scenario"]["title"]),
        "",
        [*stock_legend(data, "stock"), *bars],
        [" ".join(filter(None, notes)), *provenance_notes(data.manifest, data.runs, grid.size)],
    )


def _cut_note(data: ChartData, end: dt.date) -> str:
    """Return the note on the part of the period that is left out by default; empty if none is."""
    if end == data.end:
        return ""
    last = month_name(end - dt.timedelta(days=1))
    return f"The runs go on to {long_date(data.end)}; stock and fire change little after {last}."


def _draw_mark(canvas: Canvas, box: PlotBox, grid: PlotGrid, plot: StockPlot, axes: Axes) -> None:
    """Draw the run-out date, its range and its label in the strip below the plot."""
    lines = _mark_label(plot, grid)
    if not lines or plot.runs_out is None:
        return
    size, first, last = grid.size, grid.start.toordinal(), grid.end.toordinal()
    early, median, late = (day.toordinal() if day else None for day in plot.runs_out[1:])
    at = first
    if early is not None and early <= last:
        _draw_range(open_strip(canvas, box, grid), axes, (early, median, late), grid)
        at = early
    wide = max(map(make_text_width(size.text), lines))
    x = box.left + grid.left + (at - first) * grid.width / (last - first)
    x = max(box.left + grid.left, min(x, box.left + grid.left + grid.width + grid.right - wide))
    for down, line in enumerate(lines):
        base = box.bottom + box.strip - size.text * (2.35 + down * LINE_HEIGHT)
        canvas.write(x, base, line, size.text, style.MARK_ORANGE)


def _draw_range(strip: Axes, axes: Axes, days: tuple[int, int | None, int | None], grid: PlotGrid) -> None:
    early, median, late = days
    size, y = grid.size, strip.get_ylim()[1] - grid.size.text * 0.8
    cap = size.text * 0.28
    last = grid.end.toordinal()
    right = last if late is None else min(late, last)
    look: dict[str, Any] = {"color": style.MARK_ORANGE, "linewidth": size.line * 0.8}
    strip.plot([early, right], [y, y], solid_capstyle="butt", **look)
    for end in (early, late):
        if end is not None and end <= last:
            strip.plot([end, end], [y - cap, y + cap], **look)
    marker: dict[str, Any] = {"color": style.MARK_ORANGE, "linestyle": "none", "clip_on": False}
    if late is None or late > last:
        strip.plot([right], [y], marker=">", markersize=size.text * 0.5, **marker)
    if median is not None and median <= last:
        strip.plot([median], [y], marker="o", markersize=size.text * 0.55, **marker)
        thin: dict[str, Any] = {"linewidth": size.line * 0.45, "linestyle": (0, (4, 3)), "zorder": 2.5}
        axes.axvline(median, color=style.MARK_ORANGE, **thin)
