"""Supply chart: monthly fire by origin, unmet requirement and inflow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from sim.charts import monthly_supply, style, supply_bars
from sim.charts.appearance import Appearance, chart
from sim.charts.claimants import left_out_note
from sim.charts.frame import FrameText, open_frame, provenance_notes
from sim.charts.monthly_supply import MonthlySupply
from sim.charts.origin_styles import OriginStyles, origin_styles
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.shown_period import Until, period_note, shown_period
from sim.charts.style import Size
from sim.errors import format_count
from sim.findings.stock_figures import overall_figures
from sim.findings.supply_headline import supply_headline
from sim.findings.wording import ORIGINS_MEANING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.charts.result_data import ResultLike

_TRANSFER_NOTE = "Transfers between depots do not count as coming in."


@chart
def supply(
    result: ResultLike,
    size: str = "page",
    *,
    since: dt.date | None = None,
    until: Until = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw monthly fire by origin against the requirement, and monthly inflow.

    Parameters
    ----------
    result : ChartData, Result or Tables
        A result, finished or read back from its folder, or its tables alone.
    since, until : datetime.date, optional
        First day shown, and the day after the last (default, or ``until="end"``: the whole period).

    Returns
    -------
    matplotlib.figure.Figure
        One plot per munition that is required, over all depots; means over runs, in shells a day.

    Raises
    ------
    InputError
        The size is unknown.
    """
    data, form = make_chart_data(result), style.pick_size(size)
    origins = monthly_supply.named_origins(data)
    parts = [
        monthly_supply.monthly_supply(data, munition, origins)
        for munition in monthly_supply.fired_munitions(data)
    ]
    shown = parts[: form.panels]
    looks = origin_styles(data)
    begin, end = shown_period((data.start, data.end), since, until, data.end)
    tops = [supply_bars.max_height(part, inflow=True) for part in shown]
    grid = PlotGrid(form, begin, end, tops, len(parts) > 1, [0.0] * len(shown))
    canvas, boxes = open_frame(
        _frame_text(data, parts, shown, looks, form, period_note(data, begin, end)), grid
    )
    for part, box, top in zip(shown, boxes, grid.tops, strict=True):
        heading = data.names.munition(part.munition) if len(parts) > 1 else ""
        axes = open_plot(canvas, box, grid, top, heading)
        supply_bars.draw_bars(axes, part, looks, grid, data.names, inflow=True)
    return canvas.figure


def _frame_text(
    data: ChartData,
    parts: Sequence[MonthlySupply],
    shown: Sequence[MonthlySupply],
    looks: OriginStyles,
    size: Size,
    cut_note: str,
) -> FrameText:
    past = data.names.verb(data.names.verbs).past
    noun = data.names.noun([part.munition for part in parts]).many
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    scales = "; each plot has its own scale" if len(shown) > 1 else ""
    several = len({depot for depot, _ in data.pairs}) > 1
    rest = len(parts) - len(shown)
    left_out = left_out_note({"more munition": rest}, "origins.csv")
    others = supply_bars.others_note(data.names, monthly_supply.other_origins(data))
    notes = [ORIGINS_MEANING, _TRANSFER_NOTE if several else "", left_out, others, cut_note]
    note = " ".join(filter(None, notes))
    return FrameText(
        supply_headline(data, overall_figures(data)).sentence,
        str(data.manifest["scenario"]["title"]),
        f"{noun.capitalize()} {past} a day by month and origin; {mean}{scales}",
        supply_bars.legend_entries(shown, looks, data.names, past, inflow=True),
        [note, *provenance_notes(data.manifest, data.runs, size)],
    )
