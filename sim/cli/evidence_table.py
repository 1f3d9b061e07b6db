"""Estimates as a table that fits the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from io import StringIO

from sim import evidence

_HEADINGS = {"id": "estimate"}
#: Columns with the width of the terminal from which there is room for them; the rest wraps.
_LEAST_WIDTH = {"id": 0, "figure": 0, "period": 100, "quantity": 140, "claimant": 0, "link": 10_000}
#: Width from which ids stay in one piece, to be copied.
_WHOLE_IDS = 72
#: Width where the output is no terminal: a line per estimate, for other programs.
_UNLIMITED = 100_000
_GAP = (0, 2, 0, 0)


def table_text(rows: Sequence[evidence.Estimate]) -> str:
    """Return estimates as a table, as wide as the terminal; a line each if the output goes elsewhere."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = _width()
    table = Table(box=None, pad_edge=False, padding=_GAP, header_style="")
    for column in (name for name, least in _LEAST_WIDTH.items() if width >= least):
        is_whole = column == "id" and width >= _WHOLE_IDS
        table.add_column(_HEADINGS.get(column, column), no_wrap=is_whole, overflow="fold")
    for row in rows:
        cells = (Text(_CELLS[str(column.header)](row)) for column in table.columns)
        table.add_row(*cells)
    text = StringIO()
    Console(file=text, width=width, color_system=None, legacy_windows=False).print(table)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines())


def _width() -> int:
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return shutil.get_terminal_size().columns
    return _UNLIMITED


def _short_period(row: evidence.Estimate) -> str:
    """Return the period in months, or in years if it is of whole years."""
    start, end = row.period_start, row.period_end
    if start is None or end is None or start == end:
        return evidence.period_text(row)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        ends = f"{start:%Y}", f"{end:%Y}"
    else:
        ends = f"{start:%Y-%m}", f"{end:%Y-%m}"
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


_CELLS: Mapping[str, Callable[[evidence.Estimate], str]] = {
    "estimate": lambda row: row.id,
    "figure": lambda row: row.figure(),
    "period": _short_period,
    "quantity": lambda row: row.quantity,
    "claimant": lambda row: row.claimant,
    "link": lambda row: row.url,
}
