"""Inputs of a result as a table of a page: each number with its distribution, sources and stamp."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.formatting import plain_number, short_date
from sim.names import Names
from sim.reporting.input_tables import InputTables
from sim.reporting.table_view import Cell, Link, TableView, cell_of, short_number, unit_words
from sim.units import Unit

UNSOURCED = "assumed, no source"
#: Cell of a number that a scenario does not have.
ABSENT = "–"
_HEADINGS = ("Input", "Path", "As written", "Value (median if drawn)", "Drawn", "Source", "Claimant", "Note")
#: A number with more decimals than a person writes: a solved stock.
_LONG_DECIMAL = re.compile(r"\d+\.\d{5,}")
_DRAWN = {None: "fixed"}


def inputs_view(tables: InputTables, names: Names) -> TableView:
    """Return every number of the stored scenarios, with links to its sources."""
    numbers = [row for row in tables.inputs.to_dict("records") if row["unit"] is not None]
    links = {row["source"]: row["link"] or "" for row in tables.sources.to_dict("records")}
    several = len({row["scenario"] for row in numbers}) > 1
    rows = tuple(_row(row, names, links, several=several) for row in numbers)
    bare = sum(row["sources"] is None for row in numbers)
    note = f"{bare} of {len(numbers)} inputs have no source." if bare else ""
    headings = ("Scenario", *_HEADINGS) if several else _HEADINGS
    return _without_empty_ends(TableView("Inputs", headings, rows, note))


def _without_empty_ends(view: TableView) -> TableView:
    """Return a table without its last columns that are empty, such as that of notes."""
    width = len(view.headings)
    while view.rows and width > 1 and not any(row[width - 1].text for row in view.rows):
        width -= 1
    return replace(view, headings=view.headings[:width], rows=tuple(row[:width] for row in view.rows))


def compared_inputs_views(tables: InputTables, titles: Mapping[str, str], names: Names) -> list[TableView]:
    """Return the numbers in which compared scenarios differ, side by side, and the others, folded.

    Parameters
    ----------
    tables : InputTables
    titles : mapping of str to str
        Titles of the scenarios by name, the first first.
    names : Names
    """
    numbers = [row for row in tables.inputs.to_dict("records") if row["unit"] is not None]
    if not numbers:
        return []
    by_path: dict[str, dict[str, Mapping[Any, Any]]] = {}
    for row in numbers:
        by_path.setdefault(row["path"], {})[row["scenario"]] = row
    differing = [
        path for path, found in by_path.items() if len({_said(found.get(name)) for name in titles}) > 1
    ]
    rows = tuple(
        (
            Cell(names.path(path)),
            Cell(path, is_code=True),
            *(_compared_cell(by_path[path].get(name)) for name in titles),
        )
        for path in differing
    )
    side_by_side = TableView(
        "Inputs that differ",
        ("Input", "Path", *titles.values()),
        rows,
        "" if rows else "The scenarios have the same numbers.",
    )
    links = {row["source"]: row["link"] or "" for row in tables.sources.to_dict("records")}
    first = next(iter(titles))
    common = [row for row in numbers if row["scenario"] == first and row["path"] not in differing]
    others = tuple(_row(row, names, links, several=False) for row in common)
    return [
        side_by_side,
        _without_empty_ends(TableView("Inputs that all scenarios have", _HEADINGS, others, must_fold=True)),
    ]


def sources_view(tables: InputTables) -> TableView:
    """Return every source with its claimant, publisher, date, letter of confidence and link."""
    rows = tuple(
        (
            Cell(row["source"], links=(Link(row["source"], row["link"] or ""),)),
            *(cell_of(row[key]) for key in ("claimant", "publisher", "published", "confidence")),
        )
        for row in tables.sources.to_dict("records")
    )
    return TableView("Sources", ("Source", "Claimant", "Publisher", "Published", "Confidence"), rows)


def scenario_texts(tables: InputTables) -> list[tuple[str, str]]:
    """Return the texts of the stored scenarios, such as title and note, each once, with its name."""
    rows = (row for row in tables.inputs.to_dict("records") if row["unit"] is None)
    return list(dict.fromkeys((_text_item(row), _text_value(row)) for row in rows))


def _text_item(row: Mapping[Any, Any]) -> str:
    return row["scenario"] if row["path"] is None else str(row["path"]).capitalize()


def _text_value(row: Mapping[Any, Any]) -> str:
    value = row["value"]
    return short_date(value) if isinstance(value, dt.date) else str(row["as written"])


def _row(
    row: Mapping[Any, Any], names: Names, links: Mapping[str, str], *, several: bool
) -> tuple[Cell, ...]:
    cells = (
        Cell(names.path(row["path"])),
        Cell(row["path"], is_code=True),
        Cell(_written(row["as written"]), is_code=True),
        _value(row, names),
        Cell(_DRAWN.get(row["drawn"], str(row["drawn"]).removesuffix(" (value: median)"))),
        _source_cell(row["sources"], links),
        cell_of(row["claimants"]),
        cell_of(row["note"]),
    )
    return (Cell(row["scenario"]), *cells) if several else cells


def _written(text: str) -> str:
    return _LONG_DECIMAL.sub(lambda found: plain_number(float(found[0])), text)


def _said(row: Mapping[Any, Any] | None) -> tuple[str, str]:
    """Return a number as written and its sources; empty texts if a scenario lacks it."""
    return ("", "") if row is None else (_written(row["as written"]), row["sources"] or "")


def _compared_cell(row: Mapping[Any, Any] | None) -> Cell:
    """Return a number as written with its sources in brackets; a dash if a scenario lacks it."""
    if row is None:
        return Cell(ABSENT)
    written, sources = _said(row)
    return Cell(f"{written} ({sources or UNSOURCED})")


def _value(row: Mapping[Any, Any], names: Names) -> Cell:
    value, unit = row["value"], row["unit"]
    if isinstance(value, str):
        # A date relative to that of an event.
        return Cell(value)
    if isinstance(value, dt.date):
        return Cell(short_date(value), value.isoformat())
    if unit == Unit.SHARE:
        return Cell(f"{short_number(value * 100)} %", repr(value), is_number=True)
    number = short_number(value)
    return Cell(f"{number} {unit_words(unit, names, row['path'], number)}", repr(value), is_number=True)


def _source_cell(sources: str | None, links: Mapping[str, str]) -> Cell:
    if sources is None:
        return Cell(UNSOURCED, is_stamp=True)
    return Cell(sources, links=tuple(Link(each, links.get(each, "")) for each in sources.split("; ")))
