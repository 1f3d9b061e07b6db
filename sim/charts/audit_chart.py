"""Audit chart: each claim with the range that the others imply, the most surprising first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.audit_data import AuditData, AuditLike
from sim.charts.axes import FactorAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows, count_fitting_rows, draw_rows
from sim.charts.claimants import left_out_note
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.style import Size
from sim.charts.sweep_data import source_notes, study_note
from sim.findings.audit_findings import SURPRISING, compact_observable, format_probability

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKERS = {"at least": ">", "at most": "<"}
_FITS: dict[str, Any] = {"color": style.LINE_BLUE}
_CONFLICTS: dict[str, Any] = {"color": style.MARK_ORANGE}
#: Space at both ends of the axis, as a share.
_ROOM = 0.06


@chart
def audit(found: AuditData | AuditLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw each claim as a multiple of the median that the other claims imply, the most surprising first.

    Parameters
    ----------
    found : Audit, SavedAudit or AuditData

    Returns
    -------
    matplotlib.figure.Figure
        A row for each claim: its figure, and the range of nine in ten that the others imply.

    Raises
    ------
    ArgumentError
        No claim was compared with the others, or the size is unknown.
    """
    data, form = AuditData.of(found), style.pick_size(size)
    rows = [_row(claim) for claim in data.tested().to_dict("records")]
    ends = [value for row in rows for bar in row.bars for value in (bar.end, *(bar.whisker or ()))]
    room = _ROOM * max(0.1, max(ends) - min(ends))
    every = BarRows(rows, FactorAxis(min(ends) - room, max(ends) + room, ""), base=0.0)
    kept = count_fitting_rows(every, _frame_text(data, form, 1), form)
    text = _frame_text(data, form, len(rows) - kept)
    return draw_rows(every.first(kept), text, form).figure


def _row(claim: Mapping[Any, Any]) -> BarRow:
    middle = claim["implied_p50"]
    at = [math.log10(claim[name] / middle) for name in ("figure", "implied_p05", "implied_p95")]
    look = _CONFLICTS if claim["adjusted"] < SURPRISING else _FITS
    look = look | {"marker": _MARKERS.get(claim["bound"], "o")}
    probability = f"p {format_probability(claim['p_value'])}"
    figure = compact_observable(claim["figure"], claim["unit"])
    return BarRow(
        claim["id"], [Bar(0.0, at[0], look, (at[1], at[2]))], [f"{figure}, {probability}"], [probability]
    )


def _frame_text(data: AuditData, form: Size, left_out: int) -> FrameText:
    notes = [
        "Lines: nine in ten of the figures that the claimant would publish if the others are right.",
        "p: probability of a figure so far out.",
        left_out_note({"more claim": left_out}, "claims.csv"),
    ]
    key = [
        LegendEntry("claim", line=_FITS | {"marker": "o", "linewidth": 0.0, "markersize": 4.5}),
        LegendEntry(
            "claim in conflict with the others",
            line=_CONFLICTS | {"marker": "o", "linewidth": 0.0, "markersize": 4.5},
        ),
        LegendEntry("at least", line=_FITS | {"marker": ">", "linewidth": 0.0, "markersize": 4.5}),
        LegendEntry("at most", line=_FITS | {"marker": "<", "linewidth": 0.0, "markersize": 4.5}),
    ]
    return FrameText(
        data.headline,
        data.title,
        "Claim, as a multiple of the median that the others imply",
        key,
        [
            " ".join(filter(None, notes)),
            *source_notes(data.manifest, form),
            study_note(data.manifest, "inference from claims", data.seed),
        ],
    )
