"""Write and read tables as CSV: deterministic, at full precision, with formulas escaped."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

_FORMULA_START = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_NEEDS_QUOTES = re.compile(r'[,"\r\n]')


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Return a table as UTF-8 CSV: a header, ``\n`` at line ends, no index.

    Floats are written with the fewest digits that read back as the same number (``4000000.0``), whole
    numbers without a point, missing cells empty. Text that a spreadsheet would read as a formula gets a
    leading apostrophe (`escape_formula`).

    Raise `TypeError` if a cell is neither text, a number, a date nor missing.
    """
    return b"".join(csv_pieces([frame]))


def csv_pieces(frames: Iterable[pd.DataFrame]) -> Iterator[bytes]:
    """Yield the bytes of `csv_bytes` for the concatenation of tables with the same columns.

    Raise `TypeError` if a cell is neither text, a number, a date nor missing.
    """
    for place, frame in enumerate(frames):
        header = [_format_text(str(name)) for name in frame.columns]
        columns = [_format_column(frame.iloc[:, place]) for place in range(frame.shape[1])]
        lines = [*([",".join(header)] if place == 0 else []), *map(",".join, zip(*columns, strict=True))]
        if len(header) == 1:
            # Readers skip empty lines.
            lines = [line or '""' for line in lines]
        if lines:
            yield ("\n".join(lines) + "\n").encode("utf-8", "backslashreplace")


def csv_frame(data: bytes, kind_of: Callable[[str], str]) -> pd.DataFrame:
    """Return the table that `csv_bytes` wrote; `kind_of` maps a column name to its kind.

    Kinds are ``text``, ``date`` (text or None), ``whole`` (integers), ``whole or none`` and ``number``. Raise
    `ValueError` if the bytes are not such a table.
    """
    import pandas as pd

    try:
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True)
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if any(len(row) != len(header) for row in rows):
        raise ValueError("its rows are not all of one length")
    names = [unescape_formula(cell) for cell in header]
    cells = zip(*rows, strict=True) if rows else [()] * len(names)
    columns = {name: _parse_column(column, kind_of(name)) for name, column in zip(names, cells, strict=True)}
    return pd.DataFrame(columns)


def escape_formula(text: str) -> str:
    """Prefix text that a spreadsheet would read as a formula with an apostrophe.

    Text that already looks escaped gets another apostrophe, so that `unescape_formula` inverts it.
    """
    return "'" + text if _FORMULA_START.match(text) else text


def unescape_formula(text: str) -> str:
    """Invert `escape_formula`."""
    return text[1:] if _ESCAPED_FORMULA.match(text) else text


def _format_column(column: pd.Series[Any]) -> list[str]:
    values = column.tolist()
    kind = column.dtype.kind if isinstance(column.dtype, np.dtype) else ""
    if kind == "f":
        # Only a NaN, a missing cell, differs from itself.
        return ["" if value != value else repr(value) for value in values]
    if kind and kind in "iu":
        return list(map(repr, values))
    if set(map(type, values)) <= {str, type(None)}:
        # Few distinct texts in many rows: format each once.
        known = {text: "" if text is None else _format_text(text) for text in set(values)}
        return [known[text] for text in values]
    return [_format_cell(value) for value in values]


def _format_cell(value: object) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, str):
        return _format_text(value)
    if isinstance(value, (bool, int)):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"a cell of type {type(value).__name__} cannot be written to CSV")


def _format_text(text: str) -> str:
    guarded = escape_formula(text)
    return '"' + guarded.replace('"', '""') + '"' if _NEEDS_QUOTES.search(guarded) else guarded


def _parse_column(cells: Sequence[str], kind: str) -> pd.Series[Any]:
    import pandas as pd

    if kind == "text":
        return pd.Series([unescape_formula(cell) for cell in cells], dtype="str")
    if kind == "date":
        return pd.Series([unescape_formula(cell) if cell else None for cell in cells], dtype=object)
    if kind == "whole":
        return pd.Series([int(cell) for cell in cells], dtype="int64")
    if kind == "whole or none":
        return pd.Series([int(cell) if cell else None for cell in cells], dtype="Int64")
    return pd.Series([float(cell) if cell else math.nan for cell in cells], dtype="float64")
