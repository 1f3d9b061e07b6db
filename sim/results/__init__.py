"""Aggregation of runs, tables, summary, provenance and result folders.

Modules, in the order of the work:

1. `block`: the runs that an engine returns together, as arrays.
2. `outcome_arrays`: outcomes as one number a run, by pair or over all pairs.
3. `aggregation`: from blocks to the `Ensemble` of `ensemble_results`; `run_columns` store figures by run.
4. `daily_bands`, `band_store`: means and quantiles by day, from all runs (`quantiles`) or, for more than
   10,000 runs, from a `histogram` (`binning`).
5. `tables`, `summary`: the ensemble as DataFrames and as plain data.
6. `csv_text`, `json_text`: deterministic text at full precision.
7. `provenance`: the manifest (versions, seed, digests) and the log.
8. `storage`: atomic writes of a result folder under a `directory_lock`; `reader`, `verification`: read and
   check one.
9. `result`: `Result`, the public interface to these.

`trace_tables` makes tables of all entries and voyages of one run.

Names are imported on first use, so that importing this package imports neither pandas nor numpy.
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
