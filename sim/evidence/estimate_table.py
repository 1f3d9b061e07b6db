"""Evidence tables: the shipped table, a user's table, or both merged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import EvidenceError, Fault, Where
from sim.evidence.derivation import circle_faults, unknown_id_faults
from sim.evidence.estimate import COLUMNS, ID_SEPARATOR, Estimate
from sim.evidence.estimates_reader import cell_position, read_estimates

if TYPE_CHECKING:
    import pandas as pd

SHIPPED_FILE = "estimates.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Table(Mapping[str, Estimate]):
    """Immutable mapping of id to estimate, in file order.

    Parameters
    ----------
    rows : tuple of Estimate
        With distinct ids.
    positions : tuple of Where
        File, line and column where each row begins.
    raw : bytes
        Contents of the file.
    parts : tuple of Table
        The tables that were merged; empty for the table of one file.
    """

    rows: tuple[Estimate, ...]
    positions: tuple[Where, ...] = field(repr=False)
    raw: bytes = field(repr=False)
    parts: tuple[Table, ...] = field(default=(), repr=False)
    _by_id: dict[str, Estimate] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {row.id: row for row in self.rows})

    def __getitem__(self, row: str) -> Estimate:
        return self._by_id[row]

    def __contains__(self, row: object) -> bool:
        return row in self._by_id

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def ids(self) -> tuple[str, ...]:
        """Return the ids in file order."""
        return tuple(self._by_id)

    def position(self, row: str, column: str = "") -> Where:
        """Return the position of a cell, or of the beginning of a row."""
        for part in self.parts:
            if row in part:
                return part.position(row, column)
        where = self.positions[self.ids().index(row)]
        return cell_position(self.raw, where, column) if column else where

    def merged(self, other: Table) -> Table:
        """Return a table with the rows of this table followed by those of `other`.

        Raises
        ------
        EvidenceError
            With a fault for each row of `other` whose id this table already has, and for each id in
            ``derived_from`` that neither has.
        """
        first = dict(zip(self._by_id, self.positions, strict=True))
        faults = [
            Fault(f"{row.id!r} stands already at {first[row.id]}", place, "id", "an id that no other row has")
            for row, place in zip(other.rows, other.positions, strict=True)
            if row.id in first
        ]
        faults += unknown_id_faults(other.rows, other.positions, {*self, *other})
        if faults:
            raise EvidenceError(faults)
        rows, positions = self.rows + other.rows, self.positions + other.positions
        return Table(rows, positions, self.raw + other.raw, (self, other))

    def digest(self) -> str:
        """Return the SHA-256 of the file in hex; of a merged table, of both files concatenated."""
        return hashlib.sha256(self.raw).hexdigest()

    def frame(self) -> pd.DataFrame:
        """Return the table as a pandas DataFrame: one row per estimate, the columns of the file.

        See Also
        --------
        frame : The same for any estimates.
        """
        return frame(self.rows)


@cache
def load() -> Table:
    """Return the shipped table; read and validated once per process.

    Raises
    ------
    EvidenceError
        If the installed file is damaged.
    """
    from importlib import resources

    table = table_of(
        resources.files("sim.evidence").joinpath(SHIPPED_FILE).read_bytes(), f"<shipped {SHIPPED_FILE}>"
    )
    if faults := unknown_id_faults(table.rows, table.positions, table):
        raise EvidenceError(faults)
    return table


def load_file(path: str | os.PathLike[str], *, name: str = "") -> Table:
    """Read a user's table; it has the columns of the shipped table in any order.

    Ids in ``derived_from`` may be those of another table, so they are looked up when the tables are merged.

    Parameters
    ----------
    path : path
        A CSV file in UTF-8.
    name : str
        Name of the file in faults; by default `path` as given.

    Raises
    ------
    EvidenceError
        With every fault, each with file, line and column; or if the file cannot be read.
    """
    shown = name or os.fspath(path)
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        problem = f"the table of evidence {shown!r} cannot be read: {error.strerror or 'no reason given'}"
        raise EvidenceError([Fault(problem)]) from None
    return table_of(raw, shown)


def table_of(raw: bytes, name: str) -> Table:
    """Parse the bytes of a table; `name` is its name in faults.

    Raise `EvidenceError` with every fault, each with file, line and column.
    """
    rows, positions = read_estimates(raw, name)
    if faults := circle_faults(rows, positions):
        raise EvidenceError(faults)
    return Table(rows, positions, raw)


def frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """Return estimates as a pandas DataFrame of shape (estimates, 18).

    Returns
    -------
    pandas.DataFrame
        ``low``, ``central`` and ``high`` as float64 (NaN if absent), the three dates as datetime64
        (NaT if absent), the rest as text; the ids of ``derived_from`` are separated by spaces.
    """
    import pandas as pd

    table = pd.DataFrame([astuple(estimate) for estimate in estimates], columns=list(COLUMNS))
    table["derived_from"] = [ID_SEPARATOR.join(ids) for ids in table["derived_from"]]
    kinds = dict.fromkeys(("low", "central", "high"), "float64")
    kinds |= dict.fromkeys(("period_start", "period_end", "published"), "datetime64[s]")
    return table.astype(kinds)
