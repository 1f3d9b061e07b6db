"""Backtest chart: each scored claim against the range that was foretold, and against the baselines."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import FactorAxis
from sim.charts.backtest_data import BacktestData, BacktestLike
from sim.charts.bar_rows import Bar, BarRow, BarRows, count_fitting_rows, draw_rows
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.style import Size
from sim.charts.sweep_data import source_notes, study_note
from sim.errors import format_count
from sim.findings.audit_findings import compact_observable
from sim.formatting import long_date, month_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Most rows, so that a page holds them.
_MOST_ROWS = 60
#: Space at both ends of the axis, as a share.
_ROOM = 0.05
#: Ends of the axis at most, as logarithms to base 10: a hundredth, and a hundred times.
_FARTHEST = 2.0
_HALF: dict[str, Any] = {"facecolor": style.BAND_50, "edgecolor": "none"}
_WITHIN: dict[str, Any] = {"color": style.LINE_BLUE, "marker": "o"}
_OUTSIDE: dict[str, Any] = {"color": style.MARK_ORANGE, "marker": "o"}
_HOLLOW: dict[str, Any] = {"markerfacecolor": "white", "markeredgecolor": style.INK, "color": style.INK}
_BASELINES: Mapping[str, dict[str, Any]] = {
    "persistence": _HOLLOW | {"marker": "D"},
    "trend": _HOLLOW | {"marker": "^"},
}
_BASELINE_NAMES = {"persistence": "persistence", "trend": "linear trend"}


@chart
def backtest(found: BacktestData | BacktestLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw each scored claim as a multiple of the median foretold, with its ranges and the baselines.

    Parameters
    ----------
    found : Backtest, SavedAnswer or BacktestData

    Returns
    -------
    matplotlib.figure.Figure
        A row for each claim, by quantity and date.

    Raises
    ------
    ArgumentError
        No claim is scored, or the size is unknown.
    """
    data, form = BacktestData.of(found), style.pick_size(size)
    rows = [_row(score) for score in data.scored().to_dict("records")]
    ends = [end for row in rows for bar in row.bars for end in (bar.end, bar.start, *(bar.whisker or ()))]
    low, high = max(-_FARTHEST, min(ends)), min(_FARTHEST, max(ends))
    room = _ROOM * max(0.1, high - low)
    every = BarRows(rows, FactorAxis(low - room, high + room, ""), base=0.0)
    fit = min(_MOST_ROWS, len(rows))
    if form.height is not None:
        fit = count_fitting_rows(every, _frame_text(data, every, form, 1), form)
    text = _frame_text(data, every, form, len(rows) - fit)
    return draw_rows(every.first(fit), text, form).figure


def _row(score: Mapping[Any, Any]) -> BarRow:
    """Return the row of a claim, on an axis of logarithms to base 10 from the median foretold."""

    def place(name: str) -> float:
        return math.log10(score[name] / score["p50"])

    range_of_nine = (place("p5"), place("p95"))
    is_within = score["p5"] <= score["figure"] <= score["p95"]
    known = {name: look for name, look in _BASELINES.items() if not math.isnan(score[name])}
    bars = [
        Bar(place("p25"), place("p75"), _HALF, range_of_nine, label="central half"),
        *(Bar(0.0, place(name), look, label=_BASELINE_NAMES[name]) for name, look in known.items()),
        Bar(0.0, place("figure"), _WITHIN if is_within else _OUTSIDE, label="figure"),
    ]
    figure = compact_observable(score["figure"], score["unit"])
    last = dt.date.fromisoformat(score["last"])
    return BarRow(score["claim"], bars, [f"{figure}, {month_name(last)}"], [figure])


def _frame_text(data: BacktestData, every: BarRows, form: Size, left_out: int) -> FrameText:
    notes = [
        "By quantity, and of each by the end of its period. On the right the figure.",
        "An arrow is beyond the axis." if _is_beyond(every) else "",
        f"{format_count(left_out, 'more claim')} in scores.csv." if left_out else "",
    ]
    dates = f"claims up to {long_date(data.as_of)}, foretold up to {long_date(data.until)}"
    return FrameText(
        data.headline,
        f"{data.title}; {dates}",
        "Figure as a multiple of the median foretold",
        list(_key(every.rows)),
        [
            " ".join(filter(None, notes)),
            *source_notes(data.manifest, form),
            study_note(data.manifest, "inference from claims", data.seed),
        ],
    )


def _is_beyond(every: BarRows) -> bool:
    """Return whether a dot is beyond the axis."""
    dots = [bar.end for row in every.rows for bar in row.bars if "marker" in bar.look]
    return not all(every.scale.low <= end <= every.scale.high for end in dots)


def _key(rows: Sequence[BarRow]) -> Iterator[LegendEntry]:
    """Yield the entries for what is drawn."""
    looks = [bar.look for row in rows for bar in row.bars]
    thin: dict[str, Any] = {"linewidth": 0.0, "markersize": 4.5}
    yield LegendEntry("foretold, 50 %", patch=_HALF)
    yield LegendEntry("90 %", line={"color": style.INK, "linewidth": 0.9})
    for label, look in (("figure within", _WITHIN), ("figure outside", _OUTSIDE)):
        if look in looks:
            yield LegendEntry(label, line=look | thin)
    for name, look in _BASELINES.items():
        if look in looks:
            yield LegendEntry(_BASELINE_NAMES[name], line=look | thin)
