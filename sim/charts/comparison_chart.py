"""Comparison chart: differences of scenarios from the first, in days and shells, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.claimants import left_out_note
from sim.charts.comparison_data import ComparisonData
from sim.charts.dot_rows import (
    MARKER_STYLES,
    DotGroup,
    DotPanel,
    PanelSpacing,
    draw_stack,
    fit_spacing,
    shows_intervals,
)
from sim.charts.frame import FrameText, LegendEntry, open_canvas, plot_height, sources_note
from sim.charts.style import Size
from sim.errors import format_count
from sim.findings.comparison_findings import comparison_headline
from sim.findings.comparison_words import shorten_title
from sim.findings.sweep_figures import outcome_in_words
from sim.findings.wording import RUNS_OUT
from sim.formatting import short_date
from sim.outcomes import CLOSING_STOCK, EXHAUSTED, FIRED, SUSTAINED_FIRE, outcome_named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.study.answer_io import SavedAnswer
    from sim.study.comparison_result import Comparison
    from sim.study.paired_difference import Difference

_AXIS_LABEL = "Mean difference between runs with the same draws"
_SHARE_NOTE = "Where many runs never reach a date, the shares of runs that do are compared."
_REACHED_NOTE = "Where a run never reaches a date, whether the other does is compared."
_REACHED_HEADING = "Never reached (\u2212100) or reached (+100), unlike in the first"
_INTERVAL_LABEL = "and its 90 % interval"
_INTERVAL_NOTE = "The interval is that of the mean; single pairs of runs differ by more."
_HEADINGS = {
    "days": "Days earlier (\u2212) or later (+)",
    "share": "% of runs fewer (\u2212) or more (+)",
    "shells": "{noun} fewer (\u2212) or more (+)",
    "shells a day": "{noun} a day, in the last {days}",
    "share of the requirement": "Percentage points less (\u2212) or more (+)",
    "money": "{currency} less (\u2212) or more (+)",
    "count": "Orders fewer (\u2212) or more (+)",
}
#: Space between columns of panels, and above the panels, in units of the type size.
_COLUMN_GAP, _SPACE_ABOVE = 2.2, 0.6


@chart
def compare(
    comparison: ComparisonData | Comparison | SavedAnswer,
    size: str = "page",
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the differences of scenarios from the first, one dot with an interval per outcome.

    Parameters
    ----------
    comparison : Comparison, SavedAnswer or ComparisonData
        A comparison, finished or read back from its folder, or its chart data.

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
    data, form = ComparisonData.of(comparison), style.pick_size(size)
    names = data.other_names[: len(MARKER_STYLES)]
    wanted = _changed_outcomes(data, names)
    kept = _fitting_outcomes(data, names, wanted, form)
    columns = _panel_columns(data, names, kept, form)
    gutter = form.text * _COLUMN_GAP
    width = (form.width - 2 * form.margin - (len(columns) - 1) * gutter) / len(columns)
    has_intervals = any(shows_intervals(panels, form, width) for panels in columns)
    frame_text = _frame_text(data, names, kept, form, has_intervals=has_intervals)
    left = plot_height(frame_text, form)
    above = form.text * _SPACE_ABOVE
    spacing = PanelSpacing.of(form) if left is None else fit_spacing(columns, form, left - above)
    canvas, top = open_canvas(frame_text, form, above + max(map(spacing.stack, columns)))
    for position, panels in enumerate(columns):
        x = form.margin + position * (width + gutter)
        draw_stack(canvas, panels, spacing, form, (x, top - above, width))
    return canvas.figure


def _changed_outcomes(data: ComparisonData, names: Sequence[str]) -> list[str]:
    """Return the outcomes that differ, in order of priority."""
    changed = [name for name in data.outcomes() if not _is_unchanged(data, names, name)]
    return sorted(changed or data.outcomes()[:1], key=lambda name: outcome_named(name).priority)


def _is_unchanged(data: ComparisonData, names: Sequence[str], outcome: str) -> bool:
    changes = [change for change in data.differences(outcome) if change.scenario in names]
    return outcome not in (EXHAUSTED, FIRED) and all(change.nothing for change in changes)


def _fitting_outcomes(
    data: ComparisonData, names: Sequence[str], wanted: Sequence[str], size: Size
) -> list[str]:
    """Return the outcomes that fit, at least one."""
    kept = list(wanted[:1])
    for outcome in wanted[1:]:
        more = [*kept, outcome]
        left = plot_height(_frame_text(data, names, more, size, has_intervals=True), size)
        columns = _panel_columns(data, names, more, size)
        if left is None or max(map(PanelSpacing.of(size).stack, columns)) <= left - size.text * _SPACE_ABOVE:
            kept = more
    return kept


def _panel_columns(
    data: ComparisonData, names: Sequence[str], kept: Sequence[str], size: Size
) -> list[list[DotPanel]]:
    """Return columns of panels: one column, or on a slide one of days and one of shells."""
    units: dict[str, list[DotGroup]] = {unit: [] for unit in _HEADINGS}
    for outcome in sorted(filter(kept.__contains__, data.outcomes()), key=CLOSING_STOCK.__eq__):
        for changes in _by_unit(data, names, outcome):
            places = [names.index(change.scenario) for change in changes]
            units[changes[0].unit].append(DotGroup(_outcome_label(data, outcome), changes, places))
    days = format_count(data.last_days, "day")
    words = {
        "days": "day" if data.last_days == 1 else days,
        "noun": data.noun.many.capitalize(),
        "currency": data.names.currency or "Money",
    }
    headings = _HEADINGS if data.runs > 1 else {**_HEADINGS, "share": _REACHED_HEADING}
    panels = {
        unit: DotPanel(headings[unit].format(**words), groups) for unit, groups in units.items() if groups
    }
    dates = [panels.pop(unit) for unit in ("days", "share") if unit in panels]
    beside = size.columns > 2 and dates and panels
    return [dates, list(panels.values())] if beside else [[*dates, *panels.values()]]


def _by_unit(data: ComparisonData, names: Sequence[str], outcome: str) -> list[list[Difference]]:
    """Return the differences in an outcome, those in days and those in shares of runs apart.

    If a mean of days would mislead in any scenario, the shares of all are shown, and days of the others.
    """
    changes = [change for change in data.differences(outcome) if change.scenario in names]
    is_misleading = any(change.is_misleading for change in changes)
    if not is_misleading or any(change.share_difference is None for change in changes):
        return [changes]
    in_days = [change for change in changes if not change.is_misleading and not change.never]
    return [group for group in (in_days, [change.as_shares for change in changes]) if group]


def _shown_changes(data: ComparisonData, names: Sequence[str], kept: Sequence[str]) -> list[Difference]:
    return [change for name in kept for group in _by_unit(data, names, name) for change in group]


def _outcome_label(data: ComparisonData, outcome: str) -> str:
    if outcome == EXHAUSTED:
        if data.event.is_weak:
            return "First below 1 day" if data.stocks > 1 else data.event.label
        return f"First stock {data.event.verb}" if data.stocks > 1 else f"Stock {data.event.verb}"
    label = outcome_in_words(outcome, data.names).label
    return data.action.past.capitalize() if outcome in (FIRED, SUSTAINED_FIRE) else label


def _frame_text(
    data: ComparisonData, names: Sequence[str], kept: Sequence[str], size: Size, *, has_intervals: bool
) -> FrameText:
    notes = " ".join(_notes(data, names, kept, has_intervals=has_intervals))
    meaning = [] if data.event == RUNS_OUT else [data.event.meaning]
    return FrameText(
        comparison_headline(data).sentence,
        f"Compared with: {data.reference_label}",
        _axis_label(data, has_intervals=has_intervals),
        _legend_entries(data, names, kept),
        [notes, *meaning, sources_note(data.manifest, size), _provenance_note(data)],
    )


def _axis_label(data: ComparisonData, *, has_intervals: bool) -> str:
    if data.runs == 1:
        return "Difference between runs with the same draws"
    return f"{_AXIS_LABEL}, {_INTERVAL_LABEL}" if has_intervals else _AXIS_LABEL


def _legend_entries(data: ComparisonData, names: Sequence[str], kept: Sequence[str]) -> list[LegendEntry]:
    key = [
        LegendEntry(
            shorten_title(data.label_of(name)),
            line={"color": colour, "marker": marker, "markersize": 4.5, "linewidth": 1.1},
        )
        for name, (colour, marker) in zip(names, MARKER_STYLES, strict=False)
    ]
    shown = _shown_changes(data, names, kept)
    if any(change.bound and not change.never for change in shown):
        open_dot: dict[str, Any] = {"color": style.INK, "marker": "o", "markersize": 4.5, "linewidth": 0.0}
        key.append(LegendEntry("a bound: not reached", line=open_dot | {"markerfacecolor": "white"}))
    return key


def _notes(
    data: ComparisonData, names: Sequence[str], kept: Sequence[str], *, has_intervals: bool
) -> list[str]:
    shown = _shown_changes(data, names, kept)
    notes = [_INTERVAL_NOTE] if has_intervals else []
    if any(change.unit == "share" and change.censored for change in shown):
        notes.append(_SHARE_NOTE if data.runs > 1 else _REACHED_NOTE)
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
    more = left_out_note({"more scenario": others, "more outcome": rest}, "compare.csv")
    return [*notes, more] if more else notes


def _provenance_note(data: ComparisonData) -> str:
    digests = ", ".join(str(one["digest"])[:8] for one in data.summary["scenarios"].values())
    text = f"Model output, {format_count(data.runs, 'run')} of each scenario, seed {data.summary['seed']}"
    return f"{text}, scenarios {digests}, munitions-sim\u00a0{data.manifest['version']}."
