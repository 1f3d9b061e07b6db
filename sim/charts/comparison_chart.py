"""Comparison chart: differences of scenarios from the first, in days and shells, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.comparison_data import Contrast
from sim.charts.comparison_headline import comparison_headline, shorten_title
from sim.charts.dot_rows import MARKER_STYLES, DotGroup, DotPanel, PanelSpacing, draw_stack, fit_spacing
from sim.charts.frame import FrameText, LegendEntry, open_canvas, plot_height, sources_note
from sim.charts.style import Size
from sim.errors import format_count
from sim.formatting import short_date
from sim.outcomes import CLOSING_STOCK, EXHAUSTED, FIRED, outcome_named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.comparison_result import Comparison, SavedComparison

_AXIS_LABEL = "Mean difference between runs with the same draws, and its 90 % interval"
_INTERVAL_NOTE = "The interval is that of the mean; single pairs of runs differ by more."
_HEADINGS = {
    "days": "Days earlier (\u2212) or later (+)",
    "shells": "Shells fewer (\u2212) or more (+)",
    "shells a day": "Shells a day, in the last {days}",
    "share": "Share lower (\u2212) or higher (+)",
}
#: Space between columns of panels, and above the panels, in units of the type size.
_COLUMN_GAP, _SPACE_ABOVE = 2.2, 0.6


@chart
def compare(
    comparison: Contrast | Comparison | SavedComparison,
    size: str = "page",
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the differences of scenarios from the first, one dot with an interval per outcome.

    Parameters
    ----------
    comparison : Comparison, SavedComparison or Contrast
        A comparison, finished or read back from its folder, or its chart data.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    title, subtitle, style : optional
        See `sim.charts.Appearance`.

    Returns
    -------
    matplotlib.figure.Figure
        Panels in days, shells and shells a day, with one row per scenario and outcome. A date that no run
        of either scenario reaches has no dot; an open dot with an arrow is a bound.

    Raises
    ------
    InputError
        The size is unknown.
    """
    data, form = Contrast.of(comparison), style.pick_size(size)
    names = data.other_names[: len(MARKER_STYLES)]
    wanted = _changed_outcomes(data, names)
    with style.chart_style():
        kept = _fitting_outcomes(data, names, wanted, form)
        frame_text = _frame_text(data, names, kept, form)
        columns = _panel_columns(data, names, kept, form)
        left = plot_height(frame_text, form)
        above = form.text * _SPACE_ABOVE
        spacing = PanelSpacing.of(form) if left is None else fit_spacing(columns, form, left - above)
        canvas, top = open_canvas(frame_text, form, above + max(map(spacing.stack, columns)))
        gutter = form.text * _COLUMN_GAP
        width = (form.width - 2 * form.margin - (len(columns) - 1) * gutter) / len(columns)
        for position, panels in enumerate(columns):
            x = form.margin + position * (width + gutter)
            draw_stack(canvas, panels, spacing, form, (x, top - above, width))
    return canvas.figure


def _changed_outcomes(data: Contrast, names: Sequence[str]) -> list[str]:
    """Return the outcomes that differ, in order of priority."""
    changed = [name for name in data.outcomes() if not _is_unchanged(data, names, name)]
    return sorted(changed or data.outcomes()[:1], key=lambda name: outcome_named(name).priority)


def _is_unchanged(data: Contrast, names: Sequence[str], outcome: str) -> bool:
    changes = [change for change in data.differences(outcome) if change.scenario in names]
    return outcome not in (EXHAUSTED, FIRED) and all(change.nothing for change in changes)


def _fitting_outcomes(data: Contrast, names: Sequence[str], wanted: Sequence[str], size: Size) -> list[str]:
    """Return the outcomes that fit, at least one."""
    kept = list(wanted[:1])
    for outcome in wanted[1:]:
        more = [*kept, outcome]
        left = plot_height(_frame_text(data, names, more, size), size)
        columns = _panel_columns(data, names, more, size)
        if left is None or max(map(PanelSpacing.of(size).stack, columns)) <= left - size.text * _SPACE_ABOVE:
            kept = more
    return kept


def _panel_columns(
    data: Contrast, names: Sequence[str], kept: Sequence[str], size: Size
) -> list[list[DotPanel]]:
    """Return columns of panels: one column, or on a slide one of days and one of shells."""
    units: dict[str, list[DotGroup]] = {unit: [] for unit in _HEADINGS}
    for outcome in sorted(filter(kept.__contains__, data.outcomes()), key=CLOSING_STOCK.__eq__):
        changes = [change for change in data.differences(outcome) if change.scenario in names]
        units[changes[0].unit].append(DotGroup(_outcome_label(data, outcome), changes))
    days = format_count(data.last_days, "day")
    panels = {
        unit: DotPanel(_HEADINGS[unit].format(days="day" if data.last_days == 1 else days), groups)
        for unit, groups in units.items()
        if groups
    }
    beside = size.columns > 2 and len(panels) > 1
    if not beside or "days" not in panels:
        return [list(panels.values())]
    return [[panels.pop("days")], list(panels.values())]


def _outcome_label(data: Contrast, outcome: str) -> str:
    if outcome == EXHAUSTED and data.stocks > 1:
        return "First stock gone"
    return outcome_named(outcome).label


def _frame_text(data: Contrast, names: Sequence[str], kept: Sequence[str], size: Size) -> FrameText:
    return FrameText(
        comparison_headline(data),
        f"Compared with: {data.reference_label}",
        _AXIS_LABEL if data.runs > 1 else "Difference between runs with the same draws",
        _legend_entries(data, names, kept),
        [" ".join(_notes(data, names, kept)), sources_note(data.manifest, size), _provenance_note(data)],
    )


def _legend_entries(data: Contrast, names: Sequence[str], kept: Sequence[str]) -> list[LegendEntry]:
    key = [
        LegendEntry(
            shorten_title(data.label_of(name)),
            line={"color": colour, "marker": marker, "markersize": 4.5, "linewidth": 1.1},
        )
        for name, (colour, marker) in zip(names, MARKER_STYLES, strict=False)
    ]
    if any(change.bound and not change.never for name in kept for change in data.differences(name)):
        open_dot: dict[str, Any] = {"color": style.INK, "marker": "o", "markersize": 4.5, "linewidth": 0.0}
        key.append(LegendEntry("a bound: not reached", line=open_dot | {"markerfacecolor": "white"}))
    return key


def _notes(data: Contrast, names: Sequence[str], kept: Sequence[str]) -> list[str]:
    shown = [change for name in kept for change in data.differences(name)]
    notes = [_INTERVAL_NOTE] if any(change.low != change.high for change in shown) else []
    for name in (str(data.summary["first"]), *names):
        notes += [f"Changed in {name}: {data.changes_of(name)}."] if data.changes_of(name) else []
    if any(change.bound and not change.never for change in shown):
        notes.append(f"A date that is not reached before {short_date(data.end)} counts as that day.")
    same = [
        _outcome_label(data, name)
        for name in data.outcomes()
        if name not in kept and _is_unchanged(data, names, name)
    ]
    notes += [f"No difference: {', '.join(same)}."] if same else []
    rest = len(data.outcomes()) - len(kept) - len(same)
    others = len(data.other_names) - len(names)
    left_out = ((others, "more scenario"), (rest, "more outcome"))
    more = " and ".join(format_count(amount, noun) for amount, noun in left_out if amount)
    return [*notes, f"{more} in compare.csv."] if more else notes


def _provenance_note(data: Contrast) -> str:
    digests = ", ".join(str(one["digest"])[:8] for one in data.summary["scenarios"].values())
    text = f"Model output, {format_count(data.runs, 'run')} of each scenario, seed {data.summary['seed']}"
    return f"{text}, scenarios {digests}, munitions-sim\u00a0{data.manifest['version']}."
