"""Account chart: a waterfall from the opening to the closing stock that closes to the last digit shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.account_data import make_account
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows, count_fitting_rows, draw_rows
from sim.charts.frame import FrameText, provenance_notes
from sim.charts.monthly_supply import OTHER_ORIGINS
from sim.charts.origin_styles import origin_styles
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.supply_bars import origin_label, others_note
from sim.errors import format_count
from sim.findings.account_headline import account_headline, write_account
from sim.findings.stock_figures import OUTSIDE_INFLOW, overall_figures
from sim.formatting import NumberFormat

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.charts.result_data import ResultLike

_STOCK_STYLE: dict[str, Any] = {"facecolor": style.STOCKPILE, "edgecolor": style.LOST, "linewidth": 0.6}
#: Part of the turnover below which a flow is rounding.
_NOTHING = 1e-9


_MEANS_NOTE = " They are means, since medians do not add up; those of the verdict are medians."


@chart
def account(result: ResultLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw the whole account: opening stock, inflow by origin, outflow, closing stock.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        All stocks together, means over runs, serviceable shells. The figures add up as written.

    Raises
    ------
    ArgumentError
        The size is unknown.
    """
    data, form = make_chart_data(result), style.pick_size(size)
    books = make_account(data)
    flows = _flows(data)
    written = write_account(
        books.opening, {name: value for name, (value, _) in flows.items()}, float(books.level[-1])
    )
    rows, at = (
        [_row("opening stock", 0.0, books.opening, _STOCK_STYLE, written.text(written.opening))],
        books.opening,
    )
    top = at
    for name, (value, look) in flows.items():
        rows.append(_row(name, at, at + value, look, written.text(written.changes[name], signed=True)))
        at += value
        top = max(top, at)
    closing = float(books.level[-1])
    rows.append(_row("closing stock", 0.0, closing, _STOCK_STYLE, written.text(written.closing)))
    mean = "one run" if data.runs == 1 else f"means of {format_count(data.runs, 'run')}"
    noun = data.names.noun(list(data.stock["munition"].unique())).many
    frame_text = FrameText(
        account_headline(overall_figures(data), written).sentence,
        str(data.manifest["scenario"]["title"]),
        f"Serviceable {noun} in all depots; {mean}",
        [],
        [
            f"Figures are rounded so that they add up as written.{_MEANS_NOTE if data.runs > 1 else ''}"
            f"{f' {others}' if (others := others_note(data.names, _other_origins(data))) else ''}",
            *provenance_notes(data.manifest, data.runs, form),
        ],
    )
    table = BarRows(rows, NumberAxis(0.0, 1.04 * max(top, 1.0), "", NumberFormat(noun)))
    canvas = draw_rows(table.first(count_fitting_rows(table, frame_text, form)), frame_text, form)
    return canvas.figure


def _flows(data: ChartData) -> dict[str, tuple[float, dict[str, Any]]]:
    """Return each flow with its style: inflow by origin, then outflow, negative."""
    books, looks, sums = make_account(data), origin_styles(data), _inflow(data)
    flows = {
        origin_label(data.names, name): (sums[name], looks[name])
        for name in looks
        if sums.get(name, 0.0) > 0.0
    }
    others = sum(sums[name] for name in _other_origins(data))
    if others > 0.0:
        flows[OTHER_ORIGINS] = (others, looks[OTHER_ORIGINS])
    past = data.names.verb(data.names.verbs).past
    plain: dict[str, Any] = {"edgecolor": "none"}
    out = {
        past: (float(books.fired[-1]), {"facecolor": style.FIRED, **plain}),
        "lost": (float(books.lost[-1]), {"facecolor": style.LOST, **plain}),
        "expired": (float(books.expired[-1]), {"facecolor": style.LOST, "hatch": "//", **plain}),
        "between depots": (books.under_way, style.BETWEEN_DEPOTS),
    }
    least = _NOTHING * (books.opening + float(books.supplied[-1]))
    return flows | {name: (-value, look) for name, (value, look) in out.items() if value > least}


def _inflow(data: ChartData) -> dict[str, float]:
    """Return what comes in from outside, by origin."""
    inside = data.origins[data.origins["kind"].isin(OUTSIDE_INFLOW)]
    return {
        str(name): float(total) for name, total in inside.groupby("origin", sort=False)["mean"].sum().items()
    }


def _other_origins(data: ChartData) -> list[str]:
    """Return the origins that share one row, the largest first."""
    sums, looks = _inflow(data), origin_styles(data)
    return sorted(
        (name for name in sums if name not in looks and sums[name] > 0.0), key=lambda name: -sums[name]
    )


def _row(name: str, start: float, end: float, look: dict[str, Any], text: str) -> BarRow:
    low, high = sorted((start, end))
    return BarRow(name, [Bar(low, high, look)], [text])
