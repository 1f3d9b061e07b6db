"""From entries to what is read: tidy tables, the summary, provenance, and the folder on disk.

What happens here, in order:

1. `block`: an engine hands over a `Block`, some runs as arrays, and another.
2. `outcome_arrays`: outcomes as one number a run, for each pair of depot and munition and for all together.
3. `aggregation` takes the blocks one by one: `run_columns` hold the figures of each run; `daily_bands` has the days of
   each pair in `band_store`, of which `quantiles` are taken, exactly, or from a `histogram`, by `binning`,
   where runs are very many. What comes of it is an `ensemble_results`.
4. `tables`, `summary`: of the ensemble, as DataFrames and as plain data.
5. `csv_text`, `json_text`: the same bytes everywhere, every digit.
6. `provenance`: what the result was made from, by whose versions; nothing about who made it, or when.
7. `storage`: the folder, whole or not at all, in `directory_lock`; `reader`: the same tables read back.
8. `result`: `Result` holds all of this together.

Beside these, `trace_tables` makes two tables of every entry and voyage of one run.

Importing this package imports neither pandas nor numpy: its names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results.aggregation import Aggregator, aggregate
    from sim.results.block import Block, join_blocks
    from sim.results.csv_text import csv_bytes
    from sim.results.ensemble_results import Bands, Ensemble
    from sim.results.json_text import json_bytes
    from sim.results.outcome_arrays import RunOutcomes
    from sim.results.provenance import digest, log_text
    from sim.results.reader import Tables, read_folder
    from sim.results.result import Result
    from sim.results.storage import check_folder, safe_name, write_folder

__all__ = [
    "Aggregator",
    "Bands",
    "Block",
    "Ensemble",
    "Result",
    "RunOutcomes",
    "Tables",
    "aggregate",
    "check_folder",
    "csv_bytes",
    "digest",
    "join_blocks",
    "json_bytes",
    "log_text",
    "read_folder",
    "safe_name",
    "write_folder",
]

_HOMES = {
    "Bands": "ensemble_results",
    "Block": "block",
    "Ensemble": "ensemble_results",
    "RunOutcomes": "outcome_arrays",
    "Aggregator": "aggregation",
    "Result": "result",
    "Tables": "reader",
    "check_folder": "storage",
    "csv_bytes": "csv_text",
    "digest": "provenance",
    "aggregate": "aggregation",
    "join_blocks": "block",
    "json_bytes": "json_text",
    "log_text": "provenance",
    "read_folder": "reader",
    "safe_name": "storage",
    "write_folder": "storage",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
