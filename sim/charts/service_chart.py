"""Service chart: the share of the requirement of each consumer that is met, by month."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.claimants import left_out_note
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, open_frame, provenance_notes
from sim.charts.monthly_supply import month_edges
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.service_headline import MonthMet, service_headline
from sim.findings.stock_figures import overall_figures
from sim.formatting import percent
from sim.names import shorten_names

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results.reader import Tables
    from sim.results.result import Result

_DASHES: Sequence[Any] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.5, 1.5)), (0, (3, 1)))

#: Most letters of a name in the note.
_NOTE_NAME = 24


@dataclass(frozen=True, slots=True)
class _Service:
    """Shares of the requirement of a consumer met by month, nan without a requirement; over all months."""

    name: str
    months: Sequence[float]
    whole: float

    @property
    def last(self) -> float:
        """Share of the last month with a requirement."""
        return next(share for share in reversed(self.months) if not math.isnan(share))


@chart
def service(result: Result | Tables, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw the share of the requirement of each consumer that is met on its day, by month.

    Parameters
    ----------
    result : Result or Tables
        A result listed by consumer, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        A line for each consumer with a requirement, at most five, those that go short most first; means over
        runs. A month without a requirement has no line.

    Raises
    ------
    ArgumentError
        The size is unknown, or the result does not list its consumers.
    """
    form, data = style.pick_size(size), make_chart_data(result)
    edges = [int(day) for day in month_edges(data.start, data.end)]
    every = _services(result, data, edges)
    if not every:
        problem = "the result has no service by consumer: it lists none, or nothing is required"
        allowed = "a scenario in which a consumer has a priority, a backlog or a shortage_cost"
        raise ArgumentError([Fault(problem, allowed=allowed)])
    shown = every[: len(style.SCENARIOS)]
    texts = [f"{each.name}: {percent(each.last)}" for each in shown]
    space = label_space(texts, form)
    grid = PlotGrid(
        form, data.start, data.end, [100.0], has_headings=False, strips=[0.0], unit=" %", beside=space
    )
    canvas, (box,) = open_frame(_frame_text(data, every, shown, edges, form), grid)
    axes = open_plot(canvas, box, grid, 100.0, "")
    ends = []
    for each, text, colour, dashes in zip(shown, texts, style.SCENARIOS, _DASHES, strict=False):
        heights = [100.0 * share for share in each.months]
        look = {"color": colour, "linestyle": dashes}
        axes.stairs(heights, edges, baseline=None, zorder=3, linewidth=form.line, **look)
        record_dates(axes, each.name, edges[:-1], heights, x_end=edges[1:])
        ends.append(EndLabel(100.0 * each.last, text, look))
    draw_end_labels(canvas, box, grid, axes, ends)
    return canvas.figure


def _services(result: Result | Tables, data: ChartData, edges: Sequence[int]) -> list[_Service]:
    """Return the consumers that have a requirement, those that go short most first."""
    table = result.consumers
    names = data.names.consumers(dict.fromkeys(map(str, table["consumer"])))
    months = [dt.date.fromordinal(day).isoformat()[:7] for day in edges[:-1]]
    found = []
    for consumer, name in names.items():
        own = table[table["consumer"] == consumer]
        sums = {
            kind: rows["mean"].groupby(rows["date"].astype(str).str[:7]).sum()
            for kind, rows in own.groupby("kind")
            if kind in {"required", "unmet"}
        }
        required, unmet = sums["required"], sums["unmet"]
        if required.sum() > 0.0:
            shares = [_met(float(required[month]), float(unmet[month])) for month in months]
            found.append(_Service(name, shares, _met(float(required.sum()), float(unmet.sum()))))
    return sorted(found, key=lambda each: each.whole)


def _met(required: float, unmet: float) -> float:
    return 1.0 - unmet / required if required > 0.0 else math.nan


def _frame_text(
    data: ChartData, every: Sequence[_Service], shown: Sequence[_Service], edges: Sequence[int], size: Size
) -> FrameText:
    met = [
        MonthMet(each.name, dt.date.fromordinal(day), share)
        for each in every
        for day, share in zip(edges, each.months, strict=False)
        if not math.isnan(share)
    ]
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    rest = len(every) - len(shown)
    left_out = left_out_note({"more consumer": rest}, "consumers.csv")
    return FrameText(
        service_headline(overall_figures(data).scope, met).sentence,
        str(data.manifest["scenario"]["title"]),
        f"Share of the requirement of each consumer that is met on its day, by month; {mean}",
        [],
        [_label_note(shown, left_out), *provenance_notes(data.manifest, data.runs, size)],
        [each.name for each in every],
    )


def _label_note(shown: Sequence[_Service], left_out: str) -> str:
    """Return what the labels give, the note on other consumers, and the shares over all months."""
    month = "month with a requirement" if any(math.isnan(each.months[-1]) for each in shown) else "month"
    short = shorten_names([each.name for each in shown], _NOTE_NAME)
    wholes = ", ".join(f"{short[each.name]} {percent(each.whole)}" for each in shown)
    labels = f"Labels give the last {month}."
    return " ".join(filter(None, [labels, left_out, f"Over all months: {wholes}."]))
