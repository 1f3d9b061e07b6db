"""Money chart: what orders, holding and shortage cost by month, and added up beside the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.drawn_series import record_dates
from sim.charts.frame import FrameText, LegendEntry, open_frame, provenance_notes
from sim.charts.monthly_supply import month_edges
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.money_headline import MoneyTotals, money_headline
from sim.findings.stock_figures import overall_figures

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.results.reader import Tables
    from sim.results.result import Result

    Floats = NDArray[np.float64]

#: Kinds of ``money.csv`` that are costs, with their names and looks in bars.
_PARTS: dict[str, tuple[str, dict[str, Any]]] = {
    "spent": ("spent on orders", {"facecolor": style.BLUE, "edgecolor": "none", "linewidth": 0.0}),
    "holding": ("holding", {"facecolor": style.BAND_50, "edgecolor": "none", "linewidth": 0.0}),
    "shortage": ("shortage", style.UNMET),
}
_COST: dict[str, Any] = {"color": style.INK}
_SPENT: dict[str, Any] = {"color": style.LINE_BLUE, "linestyle": (0, (6, 1.2))}
_BUDGET: dict[str, Any] = {"color": style.MARK_ORANGE, "linestyle": (0, (2, 1.4))}
_LINE_WIDTH = 1.3


class _Money(NamedTuple):
    """Means over runs by month; `edges` are the first days of the months, and the end."""

    edges: Floats
    spent: Floats
    holding: Floats
    shortage: Floats
    granted: Floats | None

    @property
    def cost(self) -> Floats:
        return self.spent + self.holding + self.shortage


@chart
def money(result: Result | Tables, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw what orders, holding and shortage cost by month, and the same added up from the start.

    Parameters
    ----------
    result : Result or Tables
        A result of a scenario with a currency, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        Means over runs. The budget has a line where it is the same in every run.

    Raises
    ------
    ArgumentError
        The size is unknown, or the scenario names no money.
    """
    form, data = style.pick_size(size), make_chart_data(result)
    if not data.names.currency:
        problem = "the result has no money: its scenario names no currency"
        raise ArgumentError([Fault(problem, allowed="a scenario with a currency and a cost")])
    found = _read_money(result, data)
    tops = [float(found.cost.max()) or 1.0, max(float(line[-1]) for _, line in _sums(found)) or 1.0]
    grid = PlotGrid(form, data.start, data.end, tops, has_headings=True, strips=[0.0, 0.0])
    canvas, boxes = open_frame(_frame_text(data, found, form), grid)
    headings = ("By month", "Added up from the start")
    upper, lower = (
        open_plot(canvas, box, grid, top, heading)
        for box, top, heading in zip(boxes, tops, headings, strict=True)
    )
    _draw_bars(upper, found)
    _draw_sums(lower, found, form.line)
    return canvas.figure


def _read_money(result: Result | Tables, data: ChartData) -> _Money:
    table = result.money
    assert table is not None  # noqa: S101 - a scenario with a currency has it
    kinds = {str(kind): rows["mean"].to_numpy(float) for kind, rows in table.groupby("kind", sort=False)}
    spent, holding, shortage = (kinds[part] for part in _PARTS)
    return _Money(month_edges(data.start, data.end), spent, holding, shortage, kinds.get("granted"))


def _sums(found: _Money) -> list[tuple[str, Floats]]:
    """Return the lines of what has added up by each edge of a month; those of the budget are steps."""
    import numpy as np

    def added(by_month: Floats) -> Floats:
        return np.concatenate([[0.0], np.cumsum(by_month)])

    lines = [("total cost", added(found.cost)), ("spent on orders", added(found.spent))]
    if found.granted is not None:
        lines.append(("budget", np.cumsum(found.granted)))
    return lines


def _draw_bars(axes: Axes, found: _Money) -> None:
    import numpy as np

    base, width = 0.0 * found.spent, np.diff(found.edges)
    for part, (name, look) in _PARTS.items():
        heights = getattr(found, part)
        record_dates(axes, name, found.edges[:-1], heights, x_end=found.edges[1:])
        axes.bar(found.edges[:-1], heights, width, bottom=base, align="edge", **look)
        base = base + heights


def _draw_sums(axes: Axes, found: _Money, thickness: float) -> None:
    for (name, values), look in zip(_sums(found), (_COST, _SPENT, _BUDGET), strict=False):
        if name == "budget":
            record_dates(axes, name, found.edges[:-1], values, x_end=found.edges[1:])
            axes.stairs(values, found.edges, baseline=None, zorder=2, linewidth=thickness, **look)
        else:
            record_dates(axes, name, found.edges, values)
            axes.plot(found.edges, values, zorder=3, linewidth=thickness, **look)


def _frame_text(data: ChartData, found: _Money, size: Size) -> FrameText:
    granted = None if found.granted is None else float(found.granted.sum())
    spent, holding, shortage = (float(each.sum()) for each in (found.spent, found.holding, found.shortage))
    totals = MoneyTotals(spent, holding, shortage, granted)
    currency = data.names.currency
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    key = [
        LegendEntry(name, patch=look) for part, (name, look) in _PARTS.items() if getattr(found, part).any()
    ]
    lines = zip((name for name, _ in _sums(found)), (_COST, _SPENT, _BUDGET), strict=False)
    names = {"spent on orders": "spent on orders, added up"}
    key += [
        LegendEntry(names.get(name, name), line={**look, "linewidth": _LINE_WIDTH}) for name, look in lines
    ]
    note = "An order is spent when it leaves the supplier, and is taken from the budget when it is placed."
    return FrameText(
        money_headline(overall_figures(data).scope, totals, currency).sentence,
        str(data.manifest["scenario"]["title"]),
        f"Costs in {currency}; {mean}; each plot has its own scale",
        key,
        [note, *provenance_notes(data.manifest, data.runs, size)],
    )
