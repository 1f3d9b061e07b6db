"""Reader and validator of evidence tables: CSV to `Estimate` rows, with the position of every fault.

The standard library's ``csv`` reports no field positions. `_cell_positions` therefore scans the text a
second time, only when there is a cell to report.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sim.errors import EvidenceError, Fault, Where, nearest
from sim.evidence.estimate import COLUMNS, CONFIDENCE, OPTIONAL_COLUMNS, QUALITATIVE, Estimate
from sim.units import MAX_VALUE, quote
from sim.web_links import is_web_link

_NUMBER_COLUMNS = ("low", "central", "high")
_DATE_COLUMNS = ("period_start", "period_end", "published")
_REQUIRED_COLUMNS = frozenset({"id", "quantity", "unit", "claimant", "confidence"})

_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NUMBER_PATTERN = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_ID_SEPARATOR_PATTERN = re.compile(r"[\s;]+")
_WORD_PATTERN = re.compile(r"[a-z0-9][a-z0-9-]*")
_DATE_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CELL_PATTERN = re.compile(r'(?:"(?:[^"]|"")*(?:"|\Z)|[^",\r\n][^,\r\n]*|)')
#: Separators that spreadsheets write instead of commas.
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}
SEPARATORS_ALLOWED = "with commas between, and a point in decimals, such as 1.5"
_HEADER_ALLOWED = (
    "the columns "
    + ", ".join(column for column in COLUMNS if column not in OPTIONAL_COLUMNS)
    + ", and optionally "
    + ", ".join(OPTIONAL_COLUMNS)
)
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class _Row(NamedTuple):
    line: int
    texts: list[str]


class _Flaw(NamedTuple):
    line: int
    field: int
    problem: str
    column: str = ""
    allowed: str = ""
    nearest: str = ""


class _CellRule(NamedTuple):
    is_met: Callable[[str], bool]
    problem: str
    allowed: str


def read_estimates(raw: bytes, name: str) -> tuple[tuple[Estimate, ...], tuple[Where, ...]]:
    """Return the estimates of a table and the position of each row, in file order.

    The table is UTF-8, with or without a byte order mark; a header line, then one line per estimate.

    Raise `EvidenceError` with every fault of the table.
    """
    text = _decode(raw, name)
    records = _parse_rows(text, name)
    if not records:
        raise EvidenceError([Fault("the table is empty", Where(name, 1, 1), allowed=_HEADER_ALLOWED)])
    flaws = list(_header_flaws(records[0]))
    if not _other_separator(records[0]):
        # With another separator every row would also count as having the wrong number of fields.
        flaws += _body_flaws(records)
    if flaws:
        raise EvidenceError(_faults_with_positions(flaws, text, name))
    header = records[0].texts
    rows = tuple(_make_estimate(dict(zip(header, record.texts, strict=True))) for record in records[1:])
    return rows, tuple(Where(name, record.line, 1) for record in records[1:])


def cell_position(raw: bytes, row: Where, column: str) -> Where:
    """Return the position of a cell of a valid table, whose row begins at `row`."""
    header, places = _header_and_positions(raw)
    return Where(row.file, *places[row.line][header.index(column)])


@lru_cache(maxsize=1)
def _header_and_positions(raw: bytes) -> tuple[list[str], dict[int, list[tuple[int, int]]]]:
    text = _decode(raw, "")
    return _parse_rows(text, "")[0].texts, _cell_positions(text)


def _decode(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8").removeprefix("\ufeff")
        lines = _LINE_BREAK.split(before)
        where = Where(name, len(lines), len(lines[-1]) + 1)
        raise EvidenceError([Fault("the table is not UTF-8 here", where, allowed="text in UTF-8")]) from None


def _parse_rows(text: str, name: str) -> list[_Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[_Row] = []
    line = 1
    try:
        for texts in reader:
            if texts:
                records.append(_Row(line, [part.strip() for part in texts]))
            line = reader.line_num + 1
    except csv.Error as error:
        where = _cell_positions(text)[line][-1]
        problem = f"the field is not well-formed CSV ({error})"
        allowed = 'a field that begins with " ends with " before the next comma; a " inside is doubled'
        raise EvidenceError([Fault(problem, Where(name, *where), allowed=allowed)]) from None
    return records


def _cell_positions(text: str) -> dict[int, list[tuple[int, int]]]:
    """Return the line and column of each field, by the first line of its record, up to a malformed one."""
    places: dict[int, list[tuple[int, int]]] = {}
    position, line, margin = 0, 1, 0
    record = line
    while True:
        places.setdefault(record, []).append((line, position - margin + 1))
        field = _CELL_PATTERN.match(text, position)
        end = field.end() if field else position
        for gap in _LINE_BREAK.finditer(text, position, end):
            line, margin = line + 1, gap.end()
        position = end
        gap_after = _LINE_BREAK.match(text, position)
        if gap_after:
            position = margin = gap_after.end()
            line += 1
            record = line
        elif text.startswith(",", position):
            position += 1
        else:
            return places


def _faults_with_positions(flaws: Sequence[_Flaw], text: str, name: str) -> Iterator[Fault]:
    places = _cell_positions(text)
    for flaw in sorted(flaws, key=lambda flaw: (flaw.line, flaw.field)):
        where = Where(name, *places[flaw.line][flaw.field])
        yield Fault(flaw.problem, where, flaw.column, flaw.allowed, flaw.nearest)


def _other_separator(header: _Row) -> str:
    """Return the name of the separator of the header if it is not a comma, else an empty string."""
    return next((name for mark, name in OTHER_SEPARATORS.items() if mark in header.texts[0]), "")


def _header_flaws(header: _Row) -> Iterator[_Flaw]:
    names = header.texts
    if other := _other_separator(header):
        problem = f"the fields are separated by {other}"
        yield _Flaw(header.line, 0, problem, allowed=f"{_HEADER_ALLOWED}, {SEPARATORS_ALLOWED}")
        return
    if len(names) == 1:
        yield _Flaw(
            header.line, 0, "the header is a single field", allowed=f"{_HEADER_ALLOWED}, with commas between"
        )
        return
    meant = set()
    for field, column in enumerate(names):
        if column not in COLUMNS:
            near = nearest(column, set(COLUMNS) - set(names))
            meant.add(near)
            problem = f"unknown column {quote(column)}"
            yield _Flaw(header.line, field, problem, allowed=_HEADER_ALLOWED, nearest=near)
        elif column in names[:field]:
            yield _Flaw(header.line, field, f"column {column!r} stands twice")
    for column in COLUMNS:
        if column not in (*names, *OPTIONAL_COLUMNS) and column not in meant:
            problem = f"column {column!r} is missing"
            yield _Flaw(header.line, 0, problem, allowed=_HEADER_ALLOWED)


def _body_flaws(records: Sequence[_Row]) -> Iterator[_Flaw]:
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
            problem = f"{quote(row)} stands already in line {first[row]}"
            yield _Flaw(record.line, header.index("id"), problem, "id", "an id that no other row has")
        elif row:
            first[row] = record.line


def _width_flaw(record: _Row, width: int) -> _Flaw:
    count = len(record.texts)
    problem = f"the row has {count} fields, the header {width}"
    allowed = (
        "a field for each column; a text that holds a comma stands in double quotes, a decimal has a point"
    )
    return _Flaw(record.line, min(width, count - 1), problem, "", allowed)


def _cell_flaws(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield (column, problem, allowed values) for each fault in a row of the right width."""
    sound = set()
    for column, text in cells.items():
        rule = _RULES.get(column)
        if column not in COLUMNS:
            continue
        if not text:
            if column in _REQUIRED_COLUMNS:
                yield column, "is empty", rule.allowed if rule else "a text"
        elif _CONTROL_CHARACTER.search(text):
            yield column, "holds a control character", "printable text"
        elif rule and not rule.is_met(text):
            yield column, f"{quote(text)} {rule.problem}", rule.allowed
        else:
            sound.add(column)
    if _lacks_number(cells):
        yield "low", "the row has no number", f"low, central or high, or the unit {QUALITATIVE!r}"
    yield from _order_flaws({column: cells[column] for column in sound})


def _lacks_number(cells: Mapping[str, str]) -> bool:
    known = all(column in cells for column in _NUMBER_COLUMNS)
    return known and not any(cells[column] for column in _NUMBER_COLUMNS) and cells.get("unit") != QUALITATIVE


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


def _make_estimate(cells: Mapping[str, str]) -> Estimate:
    parse: dict[str, Callable[[str], object]] = {
        **dict.fromkeys(_NUMBER_COLUMNS, float),
        **dict.fromkeys(_DATE_COLUMNS, dt.date.fromisoformat),
    }
    values: dict[str, Any] = {
        column: text if column not in parse else parse[column](text) if text else None
        for column, text in cells.items()
    }
    if "derived_from" in values:
        values["derived_from"] = split_ids(values["derived_from"])
    return Estimate(**values)


def split_ids(text: str) -> tuple[str, ...]:
    """Return the ids of a cell, which are separated by spaces or semicolons."""
    return tuple(filter(None, _ID_SEPARATOR_PATTERN.split(text)))


def _is_number(text: str) -> bool:
    return _NUMBER_PATTERN.fullmatch(text) is not None and float(text) <= MAX_VALUE


def _is_date(text: str) -> bool:
    if not _DATE_PATTERN.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _are_distinct_ids(text: str) -> bool:
    ids = split_ids(text)
    return len(set(ids)) == len(ids) and all(map(_ID_PATTERN.fullmatch, ids))


_NUMBER_RULE = _CellRule(
    _is_number,
    "is not a number from 0 to 1e15",
    "a plain number such as 2500000 or 0.5, or nothing",
)
_DATE_RULE = _CellRule(_is_date, "is not a date", "a date such as 2023-09-01, or nothing")
_WORD_RULE = _CellRule(
    lambda text: _WORD_PATTERN.fullmatch(text) is not None,
    "is not a single word",
    "lower-case letters, digits and '-', such as western-fire, or nothing",
)
_RULES: Mapping[str, _CellRule] = {
    "id": _CellRule(
        lambda text: _ID_PATTERN.fullmatch(text) is not None,
        "is not an id",
        "letters a to z, digits, '-', '_' and '.', a letter or digit first",
    ),
    **dict.fromkeys(_NUMBER_COLUMNS, _NUMBER_RULE),
    **dict.fromkeys(_DATE_COLUMNS, _DATE_RULE),
    "url": _CellRule(is_web_link, "is not a link", "http:// or https:// and a host, or nothing"),
    "confidence": _CellRule(lambda text: text in CONFIDENCE, "is not a letter of confidence", "A, B, C or D"),
    "family": _WORD_RULE,
    "derived_from": _CellRule(
        _are_distinct_ids,
        "is not a list of distinct ids",
        "ids of rows, separated by spaces or semicolons, or nothing",
    ),
    "counts": _WORD_RULE,
}
