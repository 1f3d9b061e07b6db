"""Names of the tables of a result, of which a run may make a part."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sim.errors import ArgumentError, Fault, InputError, nearest

STOCK, FLOWS, ORIGINS, PATHS = "stock", "flows", "origins", "paths"
OUTCOMES, SHIPMENTS, CONSUMERS, DAILY = "outcomes", "shipments", "consumers", "daily"
#: All tables, in the order of the documentation.
TABLES = (STOCK, FLOWS, ORIGINS, PATHS, OUTCOMES, SHIPMENTS, CONSUMERS, DAILY)
#: Tables from which ``summary.json`` without its findings follows.
FIGURES_TABLES = (ORIGINS, OUTCOMES)
#: Tables from which the findings follow.
FINDINGS_TABLES = (STOCK, FLOWS, ORIGINS, OUTCOMES)


def check_tables(tables: Collection[str] | None, *, may_be_empty: bool = False) -> tuple[str, ...]:
    """Return the names of tables in the order of `TABLES`; None selects all.

    Raises
    ------
    ArgumentError
        A name is unknown, or there is none where there must be one.
    """
    if tables is None:
        return TABLES
    names = (tables,) if isinstance(tables, str) else tuple(tables)
    allowed = ", ".join(TABLES)
    faults = [
        Fault(f"there is no table {name!r}", allowed=allowed, nearest=nearest(str(name), TABLES))
        for name in names
        if name not in TABLES
    ]
    if not names and not may_be_empty:
        faults = [Fault("`tables` names no table", allowed=allowed)]
    if faults:
        raise ArgumentError(faults)
    return tuple(name for name in TABLES if name in names)


def require_tables(what: str, needed: Iterable[str], made: Collection[str]) -> None:
    """Raise `InputError` if a run made only some of the tables that a figure needs.

    Parameters
    ----------
    what : str
        What needs them, as the subject of a sentence: ``the findings``.
    needed : iterable of str
        Names of tables.
    made : collection of str
        Names of the tables of the run.
    """
    missing = [name for name in needed if name not in made]
    if not missing:
        return
    wanted = tuple(name for name in TABLES if name in made or name in missing)
    present = ", ".join(name for name in TABLES if name in made)
    subject = "a table" if len(missing) == 1 else "tables"
    problem = f"{what} needs {subject} that this run did not make: {', '.join(missing)} (it made {present})"
    raise InputError([Fault(problem, allowed=f"a run with tables={wanted}, or without `tables` for all")])
