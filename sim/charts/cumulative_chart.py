"""Cumulative chart: shells supplied, used and required from the start to each date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.account_data import Account, make_account
from sim.charts.appearance import Appearance, chart
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, LegendEntry, open_frame, provenance_notes
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.errors import format_count
from sim.findings.cumulative_headline import Totals, cumulative_headline
from sim.findings.stock_figures import overall_figures
from sim.formatting import count_text

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.charts.result_data import ResultLike

_STOCK_STYLE: dict[str, Any] = {"facecolor": style.BAND_90, "edgecolor": "none", "linewidth": 0.0}
#: Share of the supply from which losses have a line.
_LEAST_LOSS = 0.005


@chart
def cumulative(result: ResultLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw opening stock and inflow, use and requirement, summed from the start.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        Means over runs and all stocks together. The distance between supply and use is the stock.

    Raises
    ------
    ArgumentError
        The size is unknown.
    """
    data, form = make_chart_data(result), style.pick_size(size)
    account = make_account(data)
    lines = _lines(data, account)
    top = max(float(values[-1]) for _, values, _ in lines)
    space = label_space([text for text, _, _ in lines], form)
    grid = PlotGrid(form, data.start, data.end, [top], has_headings=False, strips=[0.0], beside=space)
    canvas, (box,) = open_frame(_frame_text(data, account, form), grid)
    axes = open_plot(canvas, box, grid, top, "")
    supplied, used = lines[0][1], account.fired + account.gone
    axes.fill_between(account.x, used, supplied, zorder=1, **_STOCK_STYLE)
    marker = "o" if len(account.x) == 1 else ""
    for text, values, look in lines:
        record_dates(axes, text.rpartition(": ")[0], account.x, values)
        axes.plot(account.x, values, linewidth=form.line, marker=marker, zorder=3, clip_on=not marker, **look)
    ends = [EndLabel(float(values[-1]), text, look) for text, values, look in lines]
    draw_end_labels(canvas, box, grid, axes, ends)
    return canvas.figure


def _lines(data: ChartData, account: Account) -> list[tuple[str, NDArray[np.float64], dict[str, Any]]]:
    past = data.names.verb(data.names.verbs).past
    lines: list[tuple[str, NDArray[np.float64], dict[str, Any]]] = [
        ("opening stock and what came in", account.opening + account.supplied, {"color": style.COMES_IN}),
        (past, account.fired, {"color": style.FIRED, "linestyle": (0, (6, 1.2))}),
    ]
    if account.required[-1] > 0.0:
        lines.append(("required", account.required, {"color": style.REQUIRED, "linestyle": (0, (2, 1.4))}))
    if ways := account.ways_out(_LEAST_LOSS * lines[0][1][-1]):
        look: dict[str, Any] = {"color": style.LOST, "linestyle": (0, (1, 1))}
        lines.append((f"{past}{ways}", account.fired + account.gone, look))
    return [(f"{text}: {count_text(float(values[-1]))}", values, look) for text, values, look in lines]


def _frame_text(data: ChartData, account: Account, size: Size) -> FrameText:
    overall = overall_figures(data)
    totals = Totals(
        account.opening + float(account.supplied[-1]),
        float(account.fired[-1]),
        float(account.gone[-1]),
        float(account.required[-1]),
    )
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    noun = data.names.noun(list(data.stock["munition"].unique())).many
    between = account.ways_out(_LEAST_LOSS * totals.supplied)
    note = f"The shaded distance is what was there or came in, less what is {overall.verb.past}{between}."
    return FrameText(
        cumulative_headline(overall, totals).sentence,
        str(data.manifest["scenario"]["title"]),
        f"{noun.capitalize()}, summed from the start; {mean}",
        [LegendEntry("in stock", patch=_STOCK_STYLE)],
        [note, *provenance_notes(data.manifest, data.runs, size)],
    )
