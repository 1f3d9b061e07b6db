"""Search of estimates: by words, best first, with filters."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.errors import ArgumentError, Fault, nearest
from sim.evidence.estimate import Estimate
from sim.evidence.estimate_table import Table, frame, load
from sim.evidence.figure_match import SoughtNumber, split_numbers
from sim.evidence.full_text import FullTextIndex, words_of
from sim.evidence.synonyms import SYNONYMS

if TYPE_CHECKING:
    import pandas as pd

_MAX_SUGGESTIONS = 3
_MIN_SIMILARITY = 0.7
_CLAIMANT_COLUMNS = "{claimant publisher}"
_DATE_START = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


def look_up(
    *words: str,
    table: Table | None = None,
    quantity: str = "",
    by: str = "",
    since: dt.date | str | None = None,
    family: str = "",
) -> pd.DataFrame:
    """Return the estimates that match a search, best first, as a pandas DataFrame.

    Parameters
    ----------
    *words : str
        As for `find`; a string of several words is split. No words match every row.
    table : Table, optional
        Table to search; by default the shipped one.
    quantity, by, since, family
        As for `find`.

    Returns
    -------
    pandas.DataFrame
        One row per estimate, with the columns of the file; empty if none match.
    """
    split = [part for word in words for part in word.split()]
    return frame(
        find(load() if table is None else table, split, quantity=quantity, by=by, since=since, family=family)
    )


def find(
    table: Table,
    words: str | Iterable[str],
    *,
    quantity: str = "",
    by: str = "",
    since: dt.date | str | None = None,
    family: str = "",
) -> list[Estimate]:
    """Return the estimates that match every word, best first.

    Parameters
    ----------
    table : Table
    words : str or iterable of str
        A single string is split at spaces; an item of an iterable with spaces is a phrase. A word matches
        its other forms, its synonyms (`sim.evidence.synonyms`) and longer words that begin with it, in all
        columns but the link, ``family``, ``derived_from`` and ``counts``. A number matches a figure of that
        size, a range that spans it, or the text.
        No words match every row, in file order.
    quantity : str
        Only rows of this quantity: its name, or words for it.
    by : str
        Only rows with these words in claimant or publisher.
    since : date or str, optional
        Only rows published on this date or later: ``2024``, ``2024-03`` or ``2024-03-01``. A row without a
        date of publication counts from the end of its period.
    family : str
        Only rows of this family.

    Raises
    ------
    ArgumentError
        If no row has the quantity or the family, or `since` is not a date.
    EvidenceError
        If the SQLite library of this Python has no full-text search.
    """
    sought, first = _fold_case(words), _first_date(since)
    index = _index(table)
    kept = set(range(len(table.rows)))
    if quantity.strip():
        kept &= _rows_of_quantity(table, index, quantity)
    if by.strip():
        kept &= _rows_with(index, by, _CLAIMANT_COLUMNS)
    if family.strip():
        kept &= _rows_of_family(table, family.strip())
    if first is not None:
        kept &= {place for place, row in enumerate(table.rows) if first <= _date_of(row)}
    return [table.rows[place] for place in _ranked(table, index, sought) if place in kept]


def suggest(table: Table, words: str | Iterable[str]) -> list[str]:
    """Return words of the table similar to the search words that no row matches, best first.

    Candidates are words of ids, quantities, munitions and claimants, and synonyms; at most three per search
    word. The list is empty if each word matches some row (if not all one), or if no candidate is similar.
    """
    index = _index(table)
    known = sorted(_vocabulary(table))
    near: dict[str, None] = {}
    for word in _fold_case(words):
        if not _ranked(table, index, [word]):
            near |= dict.fromkeys(
                difflib.get_close_matches(word[:80], known, n=_MAX_SUGGESTIONS, cutoff=_MIN_SIMILARITY)
            )
    return list(near)


def _index(table: Table) -> FullTextIndex:
    shipped = load()
    return FullTextIndex(table.rows, [row.id for row in table.rows if shipped.get(row.id) == row])


def _ranked(table: Table, index: FullTextIndex, sought: Sequence[str]) -> list[int]:
    """Return the places of the rows that match all words: by their figures, then by their words."""
    numbers, words = split_numbers(sought)
    terms = index.terms(words)
    if sought and not terms and not numbers:
        return []
    places = index.ranked(terms) if terms else range(len(table.rows))
    if not numbers:
        return list(places)
    ranks = {place: _number_ranks(table.rows[place], numbers) for place in places}
    matched = [place for place in places if None not in ranks[place]]
    return sorted(matched, key=lambda place: sum(rank or 0 for rank in ranks[place]))


def _number_ranks(row: Estimate, numbers: Sequence[SoughtNumber]) -> list[int | None]:
    words = set(words_of(" ".join((row.id, row.munition, row.claimant, row.publisher, row.note))))
    return [number.match(row, words) for number in numbers]


def _rows_with(index: FullTextIndex, text: str, columns: str) -> set[int]:
    """Return the places of the rows that have every word of a text in these columns."""
    found = [index.matching(term, columns) for term in index.terms(_fold_case(text))]
    return found[0].intersection(*found[1:]) if found else set()


def _rows_of_quantity(table: Table, index: FullTextIndex, quantity: str) -> set[int]:
    names = {row.quantity for row in table.rows}
    if quantity in names:
        return {place for place, row in enumerate(table.rows) if row.quantity == quantity}
    found = _rows_with(index, quantity, "quantity")
    if not found:
        problem = f"no estimate is of the quantity {quantity[:200]!r}"
        near = nearest(quantity, names)
        raise ArgumentError([Fault(problem, allowed=", ".join(sorted(names)), nearest=near)])
    return found


def _rows_of_family(table: Table, family: str) -> set[int]:
    found = {place for place, row in enumerate(table.rows) if row.family == family}
    if not found:
        names = {row.family for row in table.rows if row.family}
        problem = f"no estimate is of the family {family[:200]!r}"
        raise ArgumentError(
            [Fault(problem, allowed=", ".join(sorted(names)), nearest=nearest(family, names))]
        )
    return found


def _first_date(since: dt.date | str | None) -> dt.date | None:
    if not isinstance(since, str):
        return since
    parts = _DATE_START.fullmatch(since.strip())
    try:
        if parts is not None:
            return dt.date(*(int(part or 1) for part in parts.groups()))
    except ValueError:
        pass
    allowed = "a year, a month or a day: 2024, 2024-03 or 2024-03-01"
    raise ArgumentError([Fault(f"since: {since[:80]!r} is not a date", allowed=allowed)])


def _date_of(row: Estimate) -> dt.date:
    return row.published or row.period_end or row.period_start or dt.date.min


def _fold_case(words: str | Iterable[str]) -> list[str]:
    parts = words.split() if isinstance(words, str) else words
    return [word.strip().casefold() for word in parts if word.strip()]


def _vocabulary(table: Table) -> set[str]:
    known = {word for group in SYNONYMS for word in group}
    for row in table.values():
        texts = (row.id, row.quantity, row.munition, row.claimant)
        known |= {row.id.casefold(), row.quantity.casefold()}
        known |= {part for text in texts for part in re.split(r"[\W_]+", text.casefold()) if len(part) > 2}
    return known
