"""Published estimates and their look-up: who said which number, where, and about when.

What happens here, in order:

1. ``estimates.csv`` is the shipped table, a row for each published claim.
2. ``estimate.py``: `Estimate`, one row, and how its figure reads.
3. ``estimates_reader.py``: the text of a table to its rows, with the place of everything that is wrong.
4. ``estimate_table.py``: `Table`, the rows by their id; `load` gives the shipped table, `load_file` an analyst's
   own (`table_of` the same from bytes), `Table.merged` both in one.
5. ``search.py``: `find` by words, `render` for a terminal, `suggest` where nothing is found, `look_up`
   as pandas.
6. ``source_check.py``: `compare` a value of a scenario with the row that it cites.

The room is also a verb: ``sim.evidence("watling 2023")`` is ``sim.evidence.look_up("watling 2023")``.
Importing it and loading the table needs the standard library alone.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from sim.evidence.estimate import COLUMNS, CONFIDENCE, Estimate
from sim.evidence.estimate_table import Table, frame, load, load_file, table_of
from sim.evidence.search import find, look_up, render, suggest
from sim.evidence.source_check import compare

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COLUMNS",
    "CONFIDENCE",
    "Estimate",
    "Table",
    "compare",
    "find",
    "frame",
    "load",
    "load_file",
    "look_up",
    "render",
    "suggest",
    "table_of",
]


class _CallableModule(ModuleType):
    def __call__(self, *words: str, table: Table | None = None) -> pd.DataFrame:
        return look_up(*words, table=table)


# Python binds the name `evidence` in `sim` to this package as soon as anything imports it, so a function
# of that name in the public door would be lost; the package itself answers the call instead.
sys.modules[__name__].__class__ = _CallableModule
