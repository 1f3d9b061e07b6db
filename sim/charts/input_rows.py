"""Charts with one row per input: figure, notes, and the check of the indices that a chart needs."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.charts.bar_rows import BarRows, count_fitting_rows, draw_rows
from sim.charts.claimants import left_out_note
from sim.charts.frame import FrameText
from sim.charts.sensitivity_data import SensitivityData
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault
from sim.findings.sensitivity_figures import METHODS, UNKNOWN, SensitivityFigures

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_figure(rows: BarRows, data: SensitivityData, size: Size, frame_text: FrameText) -> Figure:
    """Return a figure with as many rows as fit, and a note with the number of the others."""
    frame_text = replace(frame_text, names=[row.name for row in rows.rows])
    kept = count_fitting_rows(rows, with_notes(frame_text, data, size, 1), size)
    left_out = len(rows.rows) - kept
    return draw_rows(rows.first(kept), with_notes(frame_text, data, size, left_out), size).figure


def with_notes(frame_text: FrameText, data: SensitivityData, size: Size, left_out: int) -> FrameText:
    """Return the text with the last notes: definitions, omitted inputs, sources and provenance."""
    more = left_out_note({"more input": left_out}, "sensitivity.csv")
    return replace(frame_text, notes=data.provenance_notes(size, *frame_text.notes, more))


def check_method(figures: SensitivityFigures, outcome: str, kind: str) -> None:
    """Raise `ArgumentError` unless an outcome has an index of the method of the same name as the chart."""
    rows = figures.indices[outcome].values()
    present = dict.fromkeys(index for indices in rows for index in indices)
    if METHODS[kind] & present.keys():
        return
    other = next((method for method, own in METHODS.items() if own & present.keys()), "")
    fault = Fault(
        f"a {kind} chart is not made from {', '.join(present)}",
        allowed=" and ".join(sorted(METHODS[kind])) + (f"; for these use {other}" if other else ""),
    )
    raise ArgumentError([fault])


def end_values(figures: SensitivityFigures, outcome: str, names: Iterable[str]) -> list[float]:
    """Return the known values of indices, and the ends of their intervals."""
    rows = figures.indices[outcome].values()
    found = [indices.get(name, UNKNOWN) for indices in rows for name in names]
    every = (value for index in found for value in (index.value, index.low, index.high))
    return [value for value in every if not math.isnan(value)]
