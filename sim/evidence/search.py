"""Full-text search of estimates, and their rendering as plain text."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.evidence.estimate import Estimate
from sim.evidence.estimate_table import Table, frame, load

if TYPE_CHECKING:
    import pandas as pd

_LINE_WIDTH = 100
_LABEL_WIDTH = 14
_MAX_SUGGESTIONS = 3
_MIN_SIMILARITY = 0.7


def look_up(*words: str, table: Table | None = None) -> pd.DataFrame:
    """Return the estimates that contain every word, as a pandas DataFrame.

    Parameters
    ----------
    *words : str
        As for `find`; a string of several words is split. No words return the whole table.
    table : Table, optional
        Table to search; by default the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per estimate, in file order, with the columns of the file; empty if none match.
    """
    split = [part for word in words for part in word.split()]
    return frame(find(load() if table is None else table, split))


def find(table: Table, words: str | Iterable[str]) -> list[Estimate]:
    """Return the estimates that contain every word, in file order.

    Parameters
    ----------
    table : Table
    words : str or iterable of str
        A single string is split at spaces; an item of an iterable is matched whole, spaces included.
        Matching ignores case and finds substrings of id, quantity, munition, unit, claimant, publisher
        and note, the years of the period and the year of publication. No words match every row.
    """
    wanted = _fold_case(words)
    return [row for row in table.values() if all(word in _search_text(row) for word in wanted)]


def suggest(table: Table, words: str | Iterable[str]) -> list[str]:
    """Return words of the table similar to the search words that no row contains, best first.

    Candidates are words of ids, quantities, munitions and claimants; at most three per search word. The
    list is empty if each word occurs in some row (if not all in one), or if no candidate is similar.
    """
    searched = [_search_text(row) for row in table.values()]
    known = sorted(_vocabulary(table))
    near: dict[str, None] = {}
    for word in _fold_case(words):
        if not any(word in text for text in searched):
            near |= dict.fromkeys(
                difflib.get_close_matches(word[:80], known, n=_MAX_SUGGESTIONS, cutoff=_MIN_SIMILARITY)
            )
    return list(near)


def render(estimates: Iterable[Estimate]) -> str:
    """Return estimates as plain text, 100 columns wide, separated by blank lines.

    Links are not wrapped, so a long one may exceed the width. No estimates return an empty string.
    """
    return "\n\n".join(_render_row(estimate) for estimate in estimates)


def _fold_case(words: str | Iterable[str]) -> list[str]:
    parts = words.split() if isinstance(words, str) else words
    return [word.strip().casefold() for word in parts if word.strip()]


def _search_text(row: Estimate) -> str:
    texts = (row.id, row.quantity, row.munition, row.unit, row.claimant, row.publisher, row.note)
    return "\n".join((*texts, *_years_of(row))).casefold()


def _years_of(row: Estimate) -> list[str]:
    ends = [date.year for date in (row.period_start, row.period_end) if date is not None]
    years = set(range(min(ends), max(ends) + 1)) if ends else set()
    if row.published is not None:
        years.add(row.published.year)
    return [str(year) for year in sorted(years)]


def _vocabulary(table: Table) -> set[str]:
    known = set()
    for row in table.values():
        texts = (row.id, row.quantity, row.munition, row.claimant)
        known |= {row.id.casefold(), row.quantity.casefold()}
        known |= {part for text in texts for part in re.split(r"[\W_]+", text.casefold()) if len(part) > 2}
    return known


def _render_row(row: Estimate) -> str:
    lines = [
        ("figure", row.figure()),
        ("quantity", row.quantity),
        ("munition", row.munition),
        ("period", _period_text(row)),
        ("claimant", row.claimant),
        ("publisher", row.publisher),
        ("published", _format_date(row.published)),
        ("link", row.url),
        ("confidence", row.confidence),
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


def _period_text(row: Estimate) -> str:
    if row.period_start == row.period_end:
        return _format_date(row.period_start)
    if row.period_start is None:
        return f"until {_format_date(row.period_end)}"
    if row.period_end is None:
        return f"from {_format_date(row.period_start)}"
    return f"{_format_date(row.period_start)} to {_format_date(row.period_end)}"


def _format_date(date: dt.date | None) -> str:
    return date.isoformat() if date is not None else ""
