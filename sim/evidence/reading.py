"""The text of a table of evidence to its rows, with the place of everything that is wrong in it.

The standard library's ``csv`` reads; it does not say where a field stood, so `_places` walks the text a
second time, and only when there is a fault to report.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from sim.errors import EvidenceError, Fault, Where, nearest
from sim.evidence.estimate import COLUMNS, CONFIDENCE, QUALITATIVE, Estimate

_NUMBERS = ("low", "central", "high")
_DATES = ("period_start", "period_end", "published")
_REQUIRED = frozenset({"id", "quantity", "unit", "claimant", "confidence"})

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FIELD = re.compile(r'(?:"(?:[^"]|"")*(?:"|\Z)|[^",\r\n][^,\r\n]*|)')
#: What spreadsheets put between fields instead of commas.
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}
SEPARATORS_ALLOWED = "with commas between, and a point in decimals, such as 1.5"
_HEADER = "the columns " + ", ".join(COLUMNS)
_BREAK = re.compile(r"\r\n|\r|\n")


class _Record(NamedTuple):
    line: int
    texts: list[str]


class _Flaw(NamedTuple):
    line: int
    field: int
    problem: str
    column: str = ""
    allowed: str = ""
    nearest: str = ""


class _Rule(NamedTuple):
    holds: Callable[[str], bool]
    problem: str
    allowed: str


def read(raw: bytes, name: str) -> tuple[tuple[Estimate, ...], tuple[Where, ...]]:
    """Return the estimates of a table and where the row of each begins, in file order.

    Parameters
    ----------
    raw : bytes
        UTF-8, with or without a byte order mark; a header line, then a line for each estimate.
    name : str
        What faults call the file.

    Raises
    ------
    EvidenceError
        With every fault of the table.
    """
    text = _decoded(raw, name)
    records = _records(text, name)
    if not records:
        raise EvidenceError([Fault("the table is empty", Where(name, 1, 1), allowed=_HEADER)])
    flaws = list(_header_flaws(records[0]))
    if not _other_separator(records[0]):
        # Else every row would be told to be of another width.
        flaws += _body_flaws(records)
    if flaws:
        raise EvidenceError(_located(flaws, text, name))
    header = records[0].texts
    rows = tuple(_estimate(dict(zip(header, record.texts, strict=True))) for record in records[1:])
    return rows, tuple(Where(name, record.line, 1) for record in records[1:])


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8").removeprefix("\ufeff")
        lines = _BREAK.split(before)
        where = Where(name, len(lines), len(lines[-1]) + 1)
        raise EvidenceError([Fault("the table is not UTF-8 here", where, allowed="text in UTF-8")]) from None


def _records(text: str, name: str) -> list[_Record]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[_Record] = []
    line = 1
    try:
        for texts in reader:
            if texts:
                records.append(_Record(line, [part.strip() for part in texts]))
            line = reader.line_num + 1
    except csv.Error as error:
        where = _places(text)[line][-1]
        problem = f"the field is not well-formed CSV ({error})"
        allowed = 'a field that begins with " ends with " before the next comma; a " inside is doubled'
        raise EvidenceError([Fault(problem, Where(name, *where), allowed=allowed)]) from None
    return records


def _places(text: str) -> dict[int, list[tuple[int, int]]]:
    """Return the line and column of each field, by the line on which its record begins.

    A text that is no CSV is followed up to the field that breaks it, which then is the last.
    """
    places: dict[int, list[tuple[int, int]]] = {}
    position, line, margin = 0, 1, 0
    record = line
    while True:
        places.setdefault(record, []).append((line, position - margin + 1))
        field = _FIELD.match(text, position)
        end = field.end() if field else position
        for gap in _BREAK.finditer(text, position, end):
            line, margin = line + 1, gap.end()
        position = end
        gap_after = _BREAK.match(text, position)
        if gap_after:
            position = margin = gap_after.end()
            line += 1
            record = line
        elif text.startswith(",", position):
            position += 1
        else:
            return places


def _located(flaws: Sequence[_Flaw], text: str, name: str) -> Iterator[Fault]:
    places = _places(text)
    for flaw in sorted(flaws, key=lambda flaw: (flaw.line, flaw.field)):
        where = Where(name, *places[flaw.line][flaw.field])
        yield Fault(flaw.problem, where, flaw.column, flaw.allowed, flaw.nearest)


def _other_separator(header: _Record) -> str:
    """Return what separates the fields of a header instead of commas, in words; nothing where commas do."""
    return next((name for mark, name in OTHER_SEPARATORS.items() if mark in header.texts[0]), "")


def _header_flaws(header: _Record) -> Iterator[_Flaw]:
    names = header.texts
    if other := _other_separator(header):
        problem = f"the fields are separated by {other}"
        yield _Flaw(header.line, 0, problem, allowed=f"{_HEADER}, {SEPARATORS_ALLOWED}")
        return
    if len(names) == 1:
        yield _Flaw(header.line, 0, "the header is a single field", allowed=f"{_HEADER}, with commas between")
        return
    meant = set()
    for field, column in enumerate(names):
        if column not in COLUMNS:
            near = nearest(column, set(COLUMNS) - set(names))
            meant.add(near)
            problem = f"unknown column {_shown(column)}"
            yield _Flaw(header.line, field, problem, allowed=_HEADER, nearest=near)
        elif column in names[:field]:
            yield _Flaw(header.line, field, f"column {column!r} stands twice")
    for column in COLUMNS:
        if column not in names and column not in meant:
            problem = f"column {column!r} is missing"
            yield _Flaw(header.line, 0, problem, allowed=_HEADER)


def _body_flaws(records: Sequence[_Record]) -> Iterator[_Flaw]:
    header = records[0].texts
    first: dict[str, int] = {}
    for record in records[1:]:
        if len(record.texts) != len(header):
            yield _width_flaw(record, len(header))
            continue
        cells = dict(zip(header, record.texts, strict=True))
        for column, problem, allowed in _cell_flaws(cells):
            yield _Flaw(record.line, header.index(column), problem, column, allowed)
        row = cells.get("id", "")
        if row in first:
            problem = f"{_shown(row)} stands already in line {first[row]}"
            yield _Flaw(record.line, header.index("id"), problem, "id", "an id that no other row has")
        elif row:
            first[row] = record.line


def _width_flaw(record: _Record, width: int) -> _Flaw:
    count = len(record.texts)
    problem = f"the row has {count} fields, the header {width}"
    allowed = (
        "a field for each column; a text that holds a comma stands in double quotes, a decimal has a point"
    )
    return _Flaw(record.line, min(width, count - 1), problem, "", allowed)


def _cell_flaws(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield column, problem and what is allowed for each thing wrong in a row of the right width."""
    sound = set()
    for column, text in cells.items():
        rule = _RULES.get(column)
        if column not in COLUMNS:
            continue
        if not text:
            if column in _REQUIRED:
                yield column, "is empty", rule.allowed if rule else "a text"
        elif _CONTROL.search(text):
            yield column, "holds a control character", "printable text"
        elif rule and not rule.holds(text):
            yield column, f"{_shown(text)} {rule.problem}", rule.allowed
        else:
            sound.add(column)
    if _lacks_number(cells):
        yield "low", "the row has no number", f"low, central or high, or the unit {QUALITATIVE!r}"
    yield from _order_flaws({column: cells[column] for column in sound})


def _lacks_number(cells: Mapping[str, str]) -> bool:
    known = all(column in cells for column in _NUMBERS)
    return known and not any(cells[column] for column in _NUMBERS) and cells.get("unit") != QUALITATIVE


def _order_flaws(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    ends = ("low", "high") if "central" not in cells else ("low", "central", "high")
    for less, more in itertools.pairwise(ends):
        if less in cells and more in cells and float(cells[less]) > float(cells[more]):
            yield less, f"{cells[less]} is more than {more}, {cells[more]}", "low <= central <= high"
    start, end = cells.get("period_start"), cells.get("period_end")
    if start and end and start > end:
        yield (
            "period_start",
            f"{start} is after period_end, {end}",
            "a period that ends when it starts or later",
        )


def _estimate(cells: Mapping[str, str]) -> Estimate:
    low, central, high = (_number(cells[column]) for column in _NUMBERS)
    start, end, published = (_date(cells[column]) for column in _DATES)
    return Estimate(
        id=cells["id"],
        quantity=cells["quantity"],
        munition=cells["munition"],
        low=low,
        central=central,
        high=high,
        unit=cells["unit"],
        period_start=start,
        period_end=end,
        published=published,
        claimant=cells["claimant"],
        publisher=cells["publisher"],
        url=cells["url"],
        confidence=cells["confidence"],
        note=cells["note"],
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_address(text: str) -> bool:
    if re.search(r"\s", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


_NUMBER_RULE = _Rule(_is_number, "is not a number", "a plain number such as 2500000 or 0.5, or nothing")
_DATE_RULE = _Rule(_is_date, "is not a date", "a date such as 2023-09-01, or nothing")
_RULES: Mapping[str, _Rule] = {
    "id": _Rule(
        lambda text: _ID.fullmatch(text) is not None,
        "is not an id",
        "letters a to z, digits, '-', '_' and '.', a letter or digit first",
    ),
    **dict.fromkeys(_NUMBERS, _NUMBER_RULE),
    **dict.fromkeys(_DATES, _DATE_RULE),
    "url": _Rule(_is_address, "is not a link", "http:// or https:// and a host, or nothing"),
    "confidence": _Rule(lambda text: text in CONFIDENCE, "is not a letter of confidence", "A, B, C or D"),
}
