"""Tables of a page: cells as text for readers, with the plain value for sorting and copying."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.formatting import MINUS, integer, plain_number, short_date
from sim.names import Names, munition_of
from sim.web_links import is_web_link

if TYPE_CHECKING:
    import pandas as pd

_NO_DECIMALS = 1000.0
#: Rows of a table of a page; the files have all.
MAX_ROWS = 500
#: Rows of a table that a page shows without a click.
MAX_OPEN_ROWS = 20


@dataclass(frozen=True, slots=True)
class Link:
    """A text, and the address that it leads to; empty for none."""

    text: str
    address: str = ""

    @property
    def is_web(self) -> bool:
        """Whether the address is one of the web: no other is written as a link."""
        return is_web_link(self.address)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    text : str
    value : str
        Plain value for sorting and copying; empty where it is the text.
    links : tuple of Link
        Links, in place of the text.
    is_stamp : bool
        Whether the text is a stamp, such as "assumed, no source".
    is_number : bool
    is_code : bool
        Whether the text is a name or path of a file.
    """

    text: str = ""
    value: str = ""
    links: tuple[Link, ...] = ()
    is_stamp: bool = False
    is_number: bool = False
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """A table of a page; the first cell of a row is its header."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    #: Whether the page shows the caption alone until a reader opens the table; long tables always are.
    must_fold: bool = False

    @property
    def is_folded(self) -> bool:
        """Whether the page shows the caption alone until a reader opens the table."""
        return self.must_fold or len(self.rows) > MAX_OPEN_ROWS


def short_number(value: float) -> str:
    """Return a number to four significant figures, without decimals from 1,000 on: ``−9.717``, ``7,982``."""
    if not math.isfinite(value) or value == round(value) or abs(value) >= _NO_DECIMALS:
        text = integer(value)
    else:
        text = plain_number(float(f"{value:.4g}"))
    return text.replace("-", MINUS)


def cell_of(value: object, number_text: Callable[[float], str] = short_number) -> Cell:
    """Return the cell of a text, number, date or missing value."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return Cell()
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, int | float):
        return Cell(number_text(value), repr(value), is_number=True)
    if isinstance(value, dt.date):
        return Cell(short_date(value), value.isoformat())
    return Cell(str(value))


def unit_words(unit: str, names: Names, path: str = "", number: str = "") -> str:
    """Return a base unit for readers, in the noun and the currency of a scenario: ``shells a day``.

    Parameters
    ----------
    unit : str
    names : Names
    path : str
        Path of the number, for the noun of its munition; empty for that of all.
    number : str
        The number as written before the unit: after 1 the noun is singular.
    """
    thing, _, period = unit.partition("/")
    munition = munition_of(path) if path else ""
    noun = names.noun([munition] if munition in names.nouns else names.nouns)
    words = {
        "shells": noun.one if number == "1" else noun.many,
        "days": "day" if number == "1" else "days",
        "money": names.currency or "money",
    }
    return f"{words.get(thing, thing)}{f' a {period}' if period else ''}"


def view_frame(
    caption: str,
    frame: pd.DataFrame,
    headings: Mapping[str, str],
    words: Mapping[str, Mapping[str, str]],
    formats: Mapping[str, Callable[[float], str]] | None = None,
) -> TableView:
    """Return the columns of a frame that have a heading and are not empty, at most `MAX_ROWS` rows.

    Parameters
    ----------
    caption : str
    frame : DataFrame
    headings : mapping of str to str
        By column, in the order of the table.
    words : mapping of str to mapping
        For a column, the words for its texts.
    formats : mapping of str to callable, optional
        For a column, the text of its numbers; by default `short_number`.
    """
    chosen = [name for name in headings if name in frame.columns and _has_values(frame[name])]
    number_text = formats or {}
    columns = [
        [
            cell_of(_worded(cell, words.get(column, {})), number_text.get(column, short_number))
            for cell in frame[column].head(MAX_ROWS).tolist()
        ]
        for column in chosen
    ]
    note = f"The first {MAX_ROWS:,} of {len(frame):,} rows." if len(frame) > MAX_ROWS else ""
    rows = tuple(zip(*columns, strict=True))
    return TableView(caption, tuple(headings[column] for column in chosen), rows, note)


def _has_values(column: pd.Series[Any]) -> bool:
    return column.empty or not bool(column.isna().all())


def _worded(cell: object, words: Mapping[str, str]) -> object:
    return words.get(cell, cell) if isinstance(cell, str) else cell
