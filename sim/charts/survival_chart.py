"""Survival chart: the share of runs in which no stock has run out, by date, one line a result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.drawdown_overlay import scenario_names
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, open_frame, provenance_notes
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data, parse_date
from sim.charts.story_period import first_of_next_month
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.stock_figures import stock_figures
from sim.findings.survival_headline import RunOutDates, joint_dates, survival_headline
from sim.findings.wording import RUNS_OUT_MEANING, event_of_stocks
from sim.formatting import long_date, percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.charts.result_data import ResultLike

_NAME_LENGTH = 60
_DASHES = ("-", (0, (5, 1.6)), (0, (1.2, 1.2)), (0, (5, 1.5, 1.2, 1.5)), (0, (9, 2)))


@chart
def survival(
    result: ResultLike | Sequence[ResultLike], size: str = "page", **_look: Unpack[Appearance]
) -> Figure:
    """Draw the share of runs in which no stock has run out, by date.

    Parameters
    ----------
    result : Result or Tables, or a sequence of them
        A result, finished or read back from its folder. Of several, at most five, each has a line.

    Returns
    -------
    matplotlib.figure.Figure
        A run counts until the first day on which less than a day of supply is left at any consumer.

    Raises
    ------
    ArgumentError
        The size is unknown, or there are more than five results.
    """
    form = style.pick_size(size)
    every = result if isinstance(result, Sequence) else [result]
    if not 1 <= len(every) <= len(style.SCENARIOS):
        problem = f"a survival chart has at most {len(style.SCENARIOS)} lines, not {len(every)}"
        raise ArgumentError([Fault(problem, allowed=f"1 to {len(style.SCENARIOS)} results")])
    data = [make_chart_data(each) for each in every]
    lines = [
        _run_out_dates(each.outcomes, one, label)
        for each, one, label in zip(every, data, scenario_names(data, _NAME_LENGTH), strict=True)
    ]
    labels = [_end_text(line, is_alone=len(lines) == 1) for line in lines]
    start, end = min(line.start for line in lines), _shown_end(lines)
    space = label_space(labels, form)
    grid = PlotGrid(form, start, end, [100.0], has_headings=False, strips=[0.0], unit=" %", beside=space)
    canvas, (box,) = open_frame(_frame_text(data, lines, grid), grid)
    axes = open_plot(canvas, box, grid, 100.0, "")
    ends = []
    for place, line in enumerate(lines):
        look: dict[str, Any] = {"color": style.SCENARIOS[place], "linestyle": _DASHES[place]}
        _draw_steps(axes, line, end, look | {"linewidth": form.line})
        ends.append(EndLabel(100.0 * _share_on(line, end), labels[place], look))
    draw_end_labels(canvas, box, grid, axes, ends)
    return canvas.figure


def _run_out_dates(outcomes: Any, data: ChartData, label: str) -> RunOutDates:
    dates = [day for day in map(parse_date, outcomes["exhausted"]) if day is not None]
    is_consumed = bool(data.consuming_pairs)
    event = event_of_stocks(stock_figures(data))
    stock = data.names.the_stock if len(data.consuming_pairs) == 1 else ""
    return RunOutDates(label, sorted(dates), len(outcomes), data.start, data.end, is_consumed, event, stock)


def _shown_end(lines: Sequence[RunOutDates]) -> dt.date:
    """Return the day after the last shown: a little after the lines stop changing."""
    end = max(line.end for line in lines)
    dates = [line.dates[-1] for line in lines if line.dates]
    return first_of_next_month(min(line.start for line in lines), max(dates), end) if dates else end


def _share_on(line: RunOutDates, end: dt.date) -> float:
    return 1.0 - sum(day < end for day in line.dates) / line.runs


def _end_text(line: RunOutDates, *, is_alone: bool) -> str:
    share = percent(line.final_share)
    if is_alone:
        return f"{share} at the end" if line.runs > 1 else "one run"
    return f"{line.label}: {share}" if line.runs > 1 else line.label


def _draw_steps(axes: Any, line: RunOutDates, end: dt.date, look: dict[str, Any]) -> None:
    days = [line.start, *(day for day in line.dates if day < end), min(end, line.end)]
    shares = [100.0 * (1.0 - count / line.runs) for count in range(len(days) - 1)]
    x = [day.toordinal() for day in days]
    record_dates(axes, line.label, x, [*shares, shares[-1]])
    axes.plot(x, [*shares, shares[-1]], drawstyle="steps-post", clip_on=False, zorder=3, **look)
    if line.below_half is not None and line.runs > 1 and line.below_half < end:
        dot = {"marker": "o", "markersize": 2.4 * look["linewidth"], "color": look["color"]}
        axes.plot([line.below_half.toordinal()], [50.0], zorder=4, linestyle="none", **dot)


def _frame_text(data: Sequence[ChartData], lines: Sequence[RunOutDates], grid: PlotGrid) -> FrameText:
    first, size, joint = data[0], grid.size, joint_dates(lines)
    last = max(line.end for line in lines)
    notes = [f"{RUNS_OUT_MEANING.removesuffix('.')}, for the first time."]
    if joint.event.is_weak:
        notes = [joint.event.meaning, "A run counts until the first such day."]
    if grid.end < last:
        notes.append(f"The runs go on to {long_date(last)}; nothing changes after the period shown.")
    runs = format_count(lines[0].runs, "run")
    of = f"Share of the {runs}" if len(lines) == 1 else "Share of runs"
    what = f"{of} in which {joint.unbroken} yet"
    if all(line.runs == 1 for line in lines):
        what = f"100 % until {joint.happens}, 0 % after; one run" + (" each" if len(lines) > 1 else "")
    subtitle = lines[0].label if len(lines) == 1 else "; ".join(line.label for line in lines)
    return FrameText(
        survival_headline(lines).sentence,
        subtitle,
        what,
        [],
        [" ".join(notes), *_provenance(data, first, size)],
    )


def _provenance(data: Sequence[ChartData], first: ChartData, size: Size) -> list[str]:
    notes = provenance_notes(first.manifest, first.runs, size)
    others = [_short_provenance(each) for each in data[1:]]
    return [*notes, f"Other scenarios: {', '.join(others)}."] if others else notes


def _short_provenance(data: ChartData) -> str:
    digest = str(data.manifest["scenario"]["digest"]).rsplit(":", 1)[-1][:8]
    return f"{digest} ({format_count(data.runs, 'run')}, seed {data.manifest['seed']})"
