"""Excel workbook of a result folder, one table per sheet."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StorageError
from sim.reporting.input_tables import read_inputs
from sim.reporting.method_table import method_table
from sim.reporting.result_tables import read_tables

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: Limits of the file format.
MAX_ROWS, MAX_COLUMNS, MAX_TEXT, MAX_LINK = 1_048_576, 16_384, 32_767, 2_079
_CUT = " … (cut here: a cell has room for 32,767 characters)"
_MIN_WIDTH, _MAX_WIDTH = 8, 60
#: Rows that decide the width and the number format of a column.
_SAMPLE_ROWS = 1_000
#: The same tables give the same bytes, so the file has no date of its own.
_CREATED = dt.datetime(2000, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "yyyy-mm-dd",
}
_FORMATS: Mapping[str, Mapping[str, Any]] = {
    "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.00"},
    "small": {"num_format": "0.0000"},
    "date": {"num_format": "yyyy-mm-dd"},
    "month": {"num_format": "yyyy-mm"},
    "time": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "text": {"text_wrap": True, "valign": "top"},
}
LINK_COLUMN = "link"
_WRAPPED_SHEETS = frozenset({"inputs", "sources", "method"})


def sheets_of(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the sheets of a result folder by name: summary, tables, inputs, sources, method.

    Raises
    ------
    StorageError
        If the folder is not a finished result, or a file is missing or modified.
    """
    tables = read_tables(folder)
    inputs, sources = read_inputs(folder)
    return {**tables, "inputs": inputs, "sources": sources, "method": method_table(folder, tables)}


def workbook_bytes(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """Return an Excel file with a sheet for each table; tables with too many rows continue in another sheet.

    Numbers and dates are cells of their type. Text is never read as a formula or a number.

    Raises
    ------
    StorageError
        If a table has more columns than a sheet, or there is no folder for temporary files.
    """
    from xlsxwriter import Workbook

    data = BytesIO()
    try:
        with Workbook(data, _OPTIONS) as book:
            book.set_properties({"created": _CREATED})
            formats = {name: book.add_format(dict(settings)) for name, settings in _FORMATS.items()}
            for name, table in sheets.items():
                _add_table(book, formats, name, table)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise StorageError(f"the workbook needs a folder for temporary files: {reason}") from error
    return data.getvalue()


def _add_table(book: Workbook, formats: Mapping[str, Format], name: str, table: pd.DataFrame) -> None:
    if len(table.columns) > MAX_COLUMNS:
        raise StorageError(f"{name} has {len(table.columns):,} columns, and a sheet at most {MAX_COLUMNS:,}")
    room = MAX_ROWS - 1
    for part, first in enumerate(range(0, max(1, len(table)), room)):
        sheet = book.add_worksheet(name if part == 0 else f"{name} ({part + 1})")
        _write_table(sheet, formats, table.iloc[first : first + room], is_wrapped=name in _WRAPPED_SHEETS)


def _write_table(
    sheet: Worksheet, formats: Mapping[str, Format], table: pd.DataFrame, *, is_wrapped: bool
) -> None:
    columns = [table.iloc[:, place].tolist() for place in range(len(table.columns))]
    names = [str(name) for name in table.columns]
    styles = [
        formats[_column_format(name, cells, is_wrapped=is_wrapped)]
        for name, cells in zip(names, columns, strict=True)
    ]
    for place, (name, cells) in enumerate(zip(names, columns, strict=True)):
        sheet.set_column(place, place, _width(name, cells))
        sheet.write_string(0, place, _short(name), formats["header"])
    for row, record in enumerate(zip(*columns, strict=True), 1):
        for place, cell in enumerate(record):
            _write_cell(sheet, row, place, cell, styles[place], formats, is_link=names[place] == LINK_COLUMN)
    sheet.freeze_panes(1, 0)
    if len(table):
        sheet.autofilter(0, 0, len(table), len(names) - 1)


def _write_cell(
    sheet: Worksheet,
    row: int,
    place: int,
    cell: object,
    style: Format,
    formats: Mapping[str, Format],
    *,
    is_link: bool,
) -> None:
    if isinstance(cell, str) and is_link and _is_link(cell):
        sheet.write_url(row, place, cell, string=cell)
    elif isinstance(cell, str):
        sheet.write_string(row, place, _short(cell), style)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell, style)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, place, cell, style)
    elif isinstance(cell, dt.datetime):
        sheet.write_datetime(row, place, cell, formats["time"])
    elif isinstance(cell, dt.date):
        day = dt.datetime(cell.year, cell.month, cell.day)
        sheet.write_datetime(row, place, day, style if style is formats["month"] else formats["date"])


def _is_link(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text) <= MAX_LINK


def _column_format(name: str, cells: Sequence[object], *, is_wrapped: bool) -> str:
    """Return the format of the numbers and texts of a column; dates have theirs by type."""
    if name == "month":
        return "month"
    numbers = [
        cell for cell in _sample(cells) if isinstance(cell, int | float) and not isinstance(cell, bool)
    ]
    if not numbers:
        return "text" if is_wrapped else "whole"
    if all(number == round(number) for number in numbers if math.isfinite(number)):
        return "whole"
    largest = max((abs(number) for number in numbers if math.isfinite(number)), default=0.0)
    return "small" if largest <= 1.0 else "number"


def _width(name: str, cells: Sequence[object]) -> int:
    longest = max((len(_shown(cell)) for cell in _sample(cells)), default=0)
    return min(_MAX_WIDTH, max(_MIN_WIDTH, len(name) + 2, longest + 1))


def _shown(cell: object) -> str:
    return f"{cell:,.2f}" if isinstance(cell, float) else "" if cell is None else str(cell)


def _sample(cells: Sequence[object]) -> Iterator[object]:
    yield from cells[:_SAMPLE_ROWS]


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT
