"""Estimates as plain text: all columns of each, a block per estimate."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable

from sim.evidence.estimate import ID_SEPARATOR, Estimate

_LINE_WIDTH = 100
_LABEL_WIDTH = 14


def render(estimates: Iterable[Estimate]) -> str:
    """Return estimates as plain text, 100 columns wide, separated by blank lines.

    Links are not wrapped, so a long one may exceed the width. No estimates return an empty string.
    """
    return "\n\n".join(_render_row(estimate) for estimate in estimates)


def period_text(row: Estimate) -> str:
    """Return the period of an estimate, such as ``2023-09-01 to 2023-10-13``; empty if it has none."""
    if row.period_start == row.period_end:
        return _format_date(row.period_start)
    if row.period_start is None:
        return f"until {_format_date(row.period_end)}"
    if row.period_end is None:
        return f"from {_format_date(row.period_start)}"
    return f"{_format_date(row.period_start)} to {_format_date(row.period_end)}"


def _render_row(row: Estimate) -> str:
    lines = [
        ("figure", row.figure()),
        ("quantity", row.quantity),
        ("munition", row.munition),
        ("period", period_text(row)),
        ("claimant", row.claimant),
        ("publisher", row.publisher),
        ("published", _format_date(row.published)),
        ("link", row.url),
        ("confidence", row.confidence),
        ("family", row.family),
        ("counts", row.counts),
        ("derived", ID_SEPARATOR.join(row.derived_from)),
        ("note", row.note),
    ]
    return "\n".join([row.id, *(_labelled_line(label, text) for label, text in lines if text)])


def _labelled_line(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        width=_LINE_WIDTH,
        initial_indent=f"  {label}".ljust(_LABEL_WIDTH),
        subsequent_indent=" " * _LABEL_WIDTH,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _format_date(date: dt.date | None) -> str:
    return date.isoformat() if date is not None else ""
