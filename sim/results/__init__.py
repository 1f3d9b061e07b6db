"""From entries to what is read: tidy tables, the summary, provenance, and the folder on disk.

What happens here, in order:

1. `block`: an engine hands over a `Block`, some runs as arrays, and another.
2. `figures`: outcomes as one number a run, for each pair of depot and munition and for all together.
3. `gathering` takes the blocks one by one: `columns` hold the figures of each run; `by_day` has the days of
   each pair in `rows`, of which `quantiles` are taken, exactly, or from a `histogram`, by `counting`,
   where runs are very many. What comes of it is an `ensemble`.
4. `tables`, `summary`: of the ensemble, as DataFrames and as plain data.
5. `csvtext`, `jsontext`: the same bytes everywhere, every digit.
6. `provenance`: what the result was made from, by whose versions; nothing about who made it, or when.
7. `storage`: the folder, whole or not at all, in `turn`; `saved`: the same tables read back.
8. `result`: `Result` holds all of this together.

Beside these, `trace` makes two tables of every entry and voyage of one run.

Importing this package imports neither pandas nor numpy: its names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results.block import Block, join
    from sim.results.csvtext import csv_bytes
    from sim.results.ensemble import Bands, Ensemble
    from sim.results.figures import Figures
    from sim.results.gathering import Gathering, gather
    from sim.results.jsontext import json_bytes
    from sim.results.provenance import digest, log_text
    from sim.results.result import Result
    from sim.results.saved import Tables, read_folder
    from sim.results.storage import check_folder, safe_name, write_folder

__all__ = [
    "Bands",
    "Block",
    "Ensemble",
    "Figures",
    "Gathering",
    "Result",
    "Tables",
    "check_folder",
    "csv_bytes",
    "digest",
    "gather",
    "join",
    "json_bytes",
    "log_text",
    "read_folder",
    "safe_name",
    "write_folder",
]

_HOMES = {
    "Bands": "ensemble",
    "Block": "block",
    "Ensemble": "ensemble",
    "Figures": "figures",
    "Gathering": "gathering",
    "Result": "result",
    "Tables": "saved",
    "check_folder": "storage",
    "csv_bytes": "csvtext",
    "digest": "provenance",
    "gather": "gathering",
    "join": "block",
    "json_bytes": "jsontext",
    "log_text": "provenance",
    "read_folder": "saved",
    "safe_name": "storage",
    "write_folder": "storage",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
