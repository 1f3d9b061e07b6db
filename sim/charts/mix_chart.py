"""Mix chart: the share of each origin in the shells used, by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import monthly_supply, style
from sim.charts.appearance import Appearance, chart
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, open_frame, provenance_notes
from sim.charts.origin_styles import origin_styles
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.charts.supply_bars import origin_label
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.mix_headline import MonthMix, mix_headline
from sim.findings.stock_figures import overall_figures
from sim.findings.wording import ORIGINS_MEANING
from sim.formatting import percent

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.charts.result_data import ResultLike


@chart
def mix(result: ResultLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw the share of each origin in the shells used, by month.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        All stocks together; means over runs. A month without fire has no bar.

    Raises
    ------
    ArgumentError
        The size is unknown, or nothing is used.
    """
    import numpy as np

    data, form = make_chart_data(result), style.pick_size(size)
    origins = monthly_supply.named_origins(data, most=len(style.ORIGINS))
    parts = [
        monthly_supply.monthly_supply(data, each, origins) for each in monthly_supply.fired_munitions(data)
    ]
    fire = monthly_supply.sum_supply(parts)
    total = sum(fire.fired.values(), start=0.0 * fire.days)
    used = np.flatnonzero(total > 0.0)
    if not used.size:
        past = data.names.verb(data.names.verbs).past
        raise ArgumentError(
            [Fault(f"the result has no mix: nothing is {past}", allowed="a result with fire")]
        )
    looks = {name: look for name, look in origin_styles(data).items() if name in fire.fired}
    shares = {name: fire.fired[name][used] / total[used] for name in looks}
    texts = {
        name: f"{origin_label(data.names, name)}: {percent(float(share[-1]))}"
        for name, share in shares.items()
    }
    months = [dt.date.fromordinal(int(day)) for day in fire.edges[:-1][used]]
    with style.chart_style():
        space = label_space(list(texts.values()), form)
        grid = PlotGrid(
            form, data.start, data.end, [100.0], has_headings=False, strips=[0.0], unit=" %", beside=space
        )
        canvas, (box,) = open_frame(_frame_text(data, months, shares, form), grid)
        axes = open_plot(canvas, box, grid, 100.0, "")
        base, ends = 0.0 * total[used], []
        for name, look in looks.items():
            height = 100.0 * shares[name]
            plain: dict[str, Any] = {**look, "linewidth": 0.0}
            axes.bar(
                fire.edges[:-1][used], height, fire.days[used], bottom=base, align="edge", label=name, **plain
            )
            label = origin_label(data.names, name)
            record_dates(axes, label, fire.edges[:-1][used], height, x_end=fire.edges[1:][used])
            ends.append(EndLabel(float(base[-1] + height[-1] / 2), texts[name], look))
            base = base + height
        draw_end_labels(canvas, box, grid, axes, ends)
    return canvas.figure


def _frame_text(
    data: ChartData, months: list[dt.date], shares: Mapping[str, NDArray[np.float64]], size: Size
) -> FrameText:
    overall = overall_figures(data)
    by_name = {origin_label(data.names, name): share for name, share in shares.items()}
    mixes = [
        MonthMix(month, {name: float(share[place]) for name, share in by_name.items()})
        for place, month in enumerate(months)
    ]
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    note = f"{ORIGINS_MEANING} Labels give the last month shown."
    return FrameText(
        mix_headline(overall, mixes).sentence,
        str(data.manifest["scenario"]["title"]),
        f"Share of each origin in what is {overall.verb.past}, by month; {mean}",
        [],
        [note, *provenance_notes(data.manifest, data.runs, size)],
    )
