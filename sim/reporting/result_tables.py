"""Tables of a result folder by name, with dates as dates."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import StorageError
from sim.results.json_text import parse_json
from sim.results.reader import SUMMARY_FILE, TABLE_COLUMNS, read_folder
from sim.results.storage import read_files, read_manifest
from sim.study.breakeven_result import SavedBreakeven, read_breakeven
from sim.study.comparison_result import read_comparison
from sim.study.query_info import verb_of
from sim.study.sensitivity_result import read_sensitivity
from sim.study.sweep_result import Sweep, read_sweep

if TYPE_CHECKING:
    import pandas as pd

#: Columns of names, in which a text like 2024-01-01 is a name.
_NAME_COLUMNS = frozenset(
    {
        "depot",
        "munition",
        "kind",
        "origin",
        "supplier",
        "consumer",
        "scenario",
        "outcome",
        "path",
        "unit",
        "index",
        "reason",
    }
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_MONTH_COLUMN = "month"
#: CSV has no booleans.
_BOOLEAN_COLUMN = "reached"
#: Titles of summaries are texts, even if they look like dates.
_TEXT_KEYS = frozenset({"title", "first", "changed"})


def _read_audit(folder: Path) -> Any:
    # Audits import scipy, which no other result needs.
    from sim.auditing.saved_audit import read_audit

    return read_audit(folder)


def _read_backtest(folder: Path) -> Any:
    from sim.auditing.backtest_result import read_backtest

    return read_backtest(folder)


#: Reader of a result folder, by verb.
READERS: Mapping[str, Callable[[Path], Any]] = {
    "run": read_folder,
    "compare": read_comparison,
    "sweep": read_sweep,
    "breakeven": read_breakeven,
    "sensitivity": read_sensitivity,
    "audit": _read_audit,
    "backtest": _read_backtest,
}


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a result folder by name, the summary first.

    Raises
    ------
    StorageError
        If the folder is not a finished result, or a file is missing or modified.
    """
    verb = verb_of(folder)
    if read_manifest(folder).get("unfinished"):
        raise StorageError(f"{folder} is not finished: the same command goes on with it")
    tables = {"summary": _summary_table(folder)}
    found = read_result(folder)
    if verb == "run":
        tables |= {name: getattr(found, name) for name in TABLE_COLUMNS}
        if len(found.consumers):
            tables["consumers"] = found.consumers
    else:
        tables[verb] = found.table
        tables |= {name: table for name, table in _further_tables(found).items() if table is not None}
    return {name: _with_dates(table) for name, table in tables.items()}


def read_result(folder: Path) -> Any:
    """Return the result of any verb, read from its folder.

    Raises
    ------
    StorageError
        If the folder is not a finished result, or a file is missing or modified.
    """
    verb = verb_of(folder)
    if verb not in READERS or verb == "backtest":
        raise StorageError(f"{folder} holds the answer of `sim {verb}`, of which there is no report")
    return READERS[verb](folder)


def _further_tables(found: Any) -> dict[str, pd.DataFrame | None]:
    """Return the further tables of an audit, a break-even search and a sweep, by the name of the file."""
    if found.verb == "audit":
        stock = {} if found.drawdown is None else {"stock": found.drawdown.stock}
        return {**{f"audit-{name}": table for name, table in found.further.items()}, **stock}
    if isinstance(found, SavedBreakeven):
        return {"breakeven-points": found.points}
    return {"breakeven": found.breakeven} if isinstance(found, Sweep) else {}


def _summary_table(folder: Path) -> pd.DataFrame:
    """Return ``summary.json`` as one row per value, with the path of its keys."""
    import pandas as pd

    data = read_files(folder, read_manifest(folder)["files"], [SUMMARY_FILE])[SUMMARY_FILE]
    try:
        rows = list(_leaves(parse_json(data), ""))
    except ValueError as error:
        raise StorageError(f"{folder / SUMMARY_FILE} cannot be read: {error}") from error
    values = [_as_date(value) if key not in _TEXT_KEYS else value for key, value in rows]
    return pd.DataFrame({"key": [key for key, _ in rows], "value": pd.Series(values, dtype=object)})


def _leaves(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, child in value.items():
            yield from _leaves(child, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for position, child in enumerate(value):
            yield from _leaves(child, f"{path}.{position}" if path else str(position))
    else:
        yield path, value


def _with_dates(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which texts of dates and times are dates and times."""
    import pandas as pd

    columns = {}
    for position, name in enumerate(map(str, table.columns)):
        column = table.iloc[:, position]
        # Only texts and mixed cells are converted; a million numbers stay an array.
        if column.dtype.kind in "iufb" or name in _NAME_COLUMNS:
            columns[name] = column
            continue
        cells = [None if pd.isna(cell) or cell == "" else cell for cell in column.tolist()]
        columns[name] = pd.Series(_converted(name, cells), index=table.index, dtype=object)
    return pd.DataFrame(columns)


def _converted(name: str, cells: list[Any]) -> list[Any]:
    if name == _MONTH_COLUMN:
        return [dt.date.fromisoformat(f"{cell}-01") for cell in cells]
    if name == _BOOLEAN_COLUMN:
        return [{"True": True, "False": False}.get(cell, cell) for cell in cells]
    known = {cell: _as_date(cell) for cell in {cell for cell in cells if isinstance(cell, str)}}
    if name != "value" and any(isinstance(value, str) for value in known.values()):
        return cells
    return [known.get(cell, cell) if isinstance(cell, str) else cell for cell in cells]


def _as_date(value: object) -> object:
    """Return the date or time of a text; other values, and impossible dates, as they are."""
    if not isinstance(value, str):
        return value
    try:
        if _DATE.fullmatch(value):
            return dt.date.fromisoformat(value)
        if _TIME.fullmatch(value):
            return dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    return value
