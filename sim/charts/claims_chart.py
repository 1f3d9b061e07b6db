"""Claims chart: published figures of one quantity, one row a claim, in order of time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows, count_fitting_rows, draw_rows
from sim.charts.claimants import NAMED_LETTERS
from sim.charts.claims_data import Claim, ClaimsData, read_claims
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.text_layout import make_text_width, wrap_text
from sim.errors import format_count
from sim.findings.claims_headline import ClaimFigure, claims_headline
from sim.formatting import NumberFormat, capitalised

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

#: Most rows, so that a page holds them.
_MOST_ROWS = 60
_NAMES_SHARE = 0.36
_FILLED: dict[str, Any] = {"marker": "o", "color": style.LINE_BLUE}
_HOLLOW: dict[str, Any] = {"marker": "o", "markerfacecolor": "white", "markeredgecolor": style.LINE_BLUE}


@chart
def claims(
    table: ClaimsData | pd.DataFrame, quantity: str = "", size: str = "page", **_look: Unpack[Appearance]
) -> Figure:
    """Draw the published claims on one quantity, in order of time.

    Parameters
    ----------
    table : pandas.DataFrame or ClaimsData
        Columns as in the evidence file, as from `sim.evidence.look_up`.
    quantity : str
        Such as ``production_rate``; not needed with `ClaimsData`.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each claim with its range; a hollow dot has the letter C or D. A fixed height shows the
        latest claims that fit.

    Raises
    ------
    ArgumentError
        The size or quantity is unknown, or no claim has a number.
    """
    if isinstance(table, ClaimsData):
        # `draw` passes the size second.
        size = quantity or size
        data = table
    else:
        data = read_claims(table, quantity)
    form = style.pick_size(size)
    rows = [_row(claim, form, is_one_of_several=len(data.munitions) > 1) for claim in data.claims]
    high = max(claim.high for claim in data.claims)
    scale = NumberAxis(0.0, 1.05 * high if high > 0.0 else 1.0, "", NumberFormat(data.unit))
    every = BarRows(rows, scale)
    text = _frame_text(data, len(rows))
    fit = min(_MOST_ROWS, len(rows)) if form.height is None else count_fitting_rows(every, text, form)
    shown = replace(every, rows=rows[len(rows) - fit :])
    canvas = draw_rows(shown, _frame_text(data, fit), form)
    _link(canvas.figure, data, shown)
    return canvas.figure


def _row(claim: Claim, form: style.Size, *, is_one_of_several: bool) -> BarRow:
    date = "" if claim.date is None else f", {claim.date:%Y-%m}"
    width = make_text_width(form.text)
    room = _NAMES_SHARE * form.width - width(date)
    name = f"{wrap_text(claim.claimant, room, width, lines=1)[0]}{date}"
    look = _FILLED if claim.confidence in NAMED_LETTERS else _HOLLOW
    whisker = (claim.low, claim.high) if claim.low < claim.high else None
    of = f"{claim.figure}, {claim.munition}" if is_one_of_several and claim.munition else claim.figure
    return BarRow(name, [Bar(0.0, claim.middle, look, whisker)], [of], [claim.figure])


def _frame_text(data: ClaimsData, shown: int) -> FrameText:
    figures = [
        ClaimFigure(
            each.claimant,
            "" if each.date is None else each.date.isoformat(),
            each.low,
            each.middle,
            each.high,
            each.munition,
        )
        for each in data.claims[len(data.claims) - shown :]
    ]
    letters = Counter(each.confidence for each in data.claims)
    counts = ", ".join(f"{letter}: {letters[letter]}" for letter in sorted(letters))
    notes = [
        f"Letters of confidence: {counts}.",
        "A line is a range." if any(each.low < each.high for each in data.claims) else "",
        "≥ and ≤ are claims of at least and at most." if any(each.bound for each in data.claims) else "",
        "A date is the end of the period of a claim, or its publication.",
    ]
    if shown < len(data.claims):
        notes.append(f"{format_count(len(data.claims) - shown, 'earlier claim')} not shown.")
    if data.others:
        notes.append(f"{format_count(data.others, 'more claim')} in other units or without a number.")
    key = [
        LegendEntry("letter A or B", line=_FILLED | {"linewidth": 0.0, "markersize": 4}),
        LegendEntry("letter C or D", line=_HOLLOW | {"linewidth": 0.0, "markersize": 4}),
    ]
    return FrameText(
        claims_headline(data.quantity, data.unit, figures, of=len(data.claims)).sentence,
        "Published claims, not model output; the latest at the bottom",
        capitalised(data.unit),
        key,
        [
            " ".join(filter(None, notes)),
            "Inputs: the evidence table of munitions-sim or of the user; links in `sim evidence --full`.",
        ],
    )


def _link(figure: Figure, data: ClaimsData, shown: BarRows) -> None:
    """Link each claimant to its page, in formats that have links."""
    first = len(data.claims) - len(shown.rows)
    urls = {row.name: claim.url for row, claim in zip(shown.rows, data.claims[first:], strict=True)}
    for text in figure.texts:
        url = urls.get(text.get_text(), "")
        if url.startswith(("http://", "https://")):
            text.set_url(url)
