"""Tables of published estimates: reading, searching, and checking scenario values against them.

In the order of the work:

1. ``estimates.csv``: the shipped table, one row per published claim.
2. ``estimate.py``: `Estimate`, one row, and the text of its figure.
3. ``estimates_reader.py``: CSV reader and validator; faults carry line and column. ``derivation.py`` finds
   unknown ids and circles in ``derived_from``.
4. ``estimate_table.py``: `Table`, the rows by id. `load` returns the shipped table, `load_file` a user's
   table, `table_of` a table from bytes; `Table.merged` joins two tables.
5. ``search.py``: `find` rows by words, the best match first, `look_up` as pandas, `suggest` similar words.
   ``full_text.py`` is the index of words, ``figure_match.py`` matches numbers, and ``synonyms.py`` is the
   vocabulary.
6. ``estimate_text.py``: `render` rows as text.
7. ``source_check.py``: `compare` a scenario value with the row that it cites.

The package is callable: ``sim.evidence("watling 2023")`` is ``sim.evidence.look_up("watling 2023")``.
Importing it and loading the table needs only the standard library.
"""

from __future__ import annotations

import datetime as dt
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from sim.evidence.estimate import COLUMNS, CONFIDENCE, Estimate
from sim.evidence.estimate_table import Table, frame, load, load_file, table_of
from sim.evidence.estimate_text import period_text, render
from sim.evidence.search import find, look_up, suggest
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
    "period_text",
    "render",
    "suggest",
    "table_of",
]


class _CallableModule(ModuleType):
    def __call__(
        self,
        *words: str,
        table: Table | None = None,
        quantity: str = "",
        by: str = "",
        since: dt.date | str | None = None,
        family: str = "",
    ) -> pd.DataFrame:
        return look_up(*words, table=table, quantity=quantity, by=by, since=since, family=family)


# Importing this package binds `sim.evidence` to it, which would overwrite a function of that name in
# `sim/__init__.py`. So the module itself is callable.
sys.modules[__name__].__class__ = _CallableModule
