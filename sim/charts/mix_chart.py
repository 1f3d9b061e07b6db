"""Mix chart: the share of each origin in the shells used, by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, open_frame, provenance_notes
from sim.charts.monthly_supply import OTHER_ORIGINS, named_origins, other_origins, sum_supply
from sim.charts.origin_styles import origin_styles
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.charts.supply_bars import origin_label, others_note
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

    Floats = NDArray[np.float64]


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
    others, fire = other_origins(data), sum_supply(data, named_origins(data))
    total = sum(fire.fired.values(), start=0.0 * fire.days)
    used = np.flatnonzero(total > 0.0)
    if not used.size:
        past = data.names.verb(data.names.verbs).past
        raise ArgumentError(
            [Fault(f"the result has no mix: nothing is {past}", allowed="a result with fire")]
        )
    looks = {name: look for name, look in origin_styles(data).items() if name in fire.fired}
    shares = {name: fire.fired[name][used] / total[used] for name in looks}
    labels = {name: _label(data, name, others) for name in shares}
    texts = {name: f"{labels[name]}: {percent(float(share[-1]))}" for name, share in shares.items()}
    months = [dt.date.fromordinal(int(day)) for day in fire.edges[:-1][used]]
    space = label_space(list(texts.values()), form)
    grid = PlotGrid(
        form, data.start, data.end, [100.0], has_headings=False, strips=[0.0], unit=" %", beside=space
    )
    mixes = _month_mixes(data, months, {labels[name]: share for name, share in shares.items()}, others)
    canvas, (box,) = open_frame(_frame_text(data, mixes, others, form), grid)
    axes = open_plot(canvas, box, grid, 100.0, "")
    base, ends = 0.0 * total[used], []
    for name, look in looks.items():
        height = 100.0 * shares[name]
        plain: dict[str, Any] = {**look, "linewidth": 0.0}
        axes.bar(
            fire.edges[:-1][used], height, fire.days[used], bottom=base, align="edge", label=name, **plain
        )
        record_dates(axes, labels[name], fire.edges[:-1][used], height, x_end=fire.edges[1:][used])
        ends.append(EndLabel(float(base[-1] + height[-1] / 2), texts[name], look))
        base = base + height
    draw_end_labels(canvas, box, grid, axes, ends)
    return canvas.figure


def _label(data: ChartData, origin: str, others: Sequence[str]) -> str:
    label = origin_label(data.names, origin)
    return f"{len(others)} {label}" if origin == OTHER_ORIGINS else label


def _month_mixes(
    data: ChartData, months: Sequence[dt.date], shares: Mapping[str, Floats], others: Sequence[str]
) -> list[MonthMix]:
    """Return the mix of each month with fire, by label, with the shares of each of the other origins."""
    every = sum_supply(data, [*named_origins(data), *others])
    total = sum(every.fired.values(), start=0.0 * every.days)
    used, names = total > 0.0, data.names.origins(others)
    group = _label(data, OTHER_ORIGINS, others)
    parts = {names[name]: every.fired[name][used] / total[used] for name in others}
    return [
        MonthMix(
            month,
            {name: float(share[place]) for name, share in shares.items()},
            {group: {name: float(share[place]) for name, share in parts.items()}},
        )
        for place, month in enumerate(months)
    ]


def _frame_text(data: ChartData, mixes: Sequence[MonthMix], others: Sequence[str], size: Size) -> FrameText:
    overall = overall_figures(data)
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    notes = [ORIGINS_MEANING, "Labels give the last month shown.", others_note(data.names, others)]
    return FrameText(
        mix_headline(overall, mixes).sentence,
        str(data.manifest["scenario"]["title"]),
        f"Share of each origin in what is {overall.verb.past}, by month; {mean}",
        [],
        [" ".join(filter(None, notes)), *provenance_notes(data.manifest, data.runs, size)],
    )
