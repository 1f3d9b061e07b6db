"""From entries to what is read: tidy tables, the summary, provenance, and the folder on disk.

What happens here, in order:

1. `block`: an engine hands over a `Block`, some runs as arrays; blocks of one scenario are joined.
2. `figures`: outcomes as one number a run, for each pair of depot and munition and for all together.
3. `quantiles`, `tables`, `summary`: over the runs, as DataFrames and as plain data.
4. `csvtext`, `jsontext`: the same bytes everywhere, every digit.
5. `provenance`: what the result was made from, by whose versions; nothing about who made it, or when.
6. `storage`: the folder, whole or not at all; `saved`: the same tables read back.
7. `result`: `Result` holds all of this together.

Importing this package imports neither pandas nor numpy: its names are loaded when first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results.block import Block, join
    from sim.results.csvtext import csv_bytes
    from sim.results.figures import Figures
    from sim.results.jsontext import json_bytes
    from sim.results.provenance import digest, log_text
    from sim.results.result import Result
    from sim.results.saved import Tables, read_folder
    from sim.results.storage import check_folder, safe_name, write_folder

__all__ = [
    "Block",
    "Figures",
    "Result",
    "Tables",
    "check_folder",
    "csv_bytes",
    "digest",
    "join",
    "json_bytes",
    "log_text",
    "read_folder",
    "safe_name",
    "write_folder",
]

_HOMES = {
    "Block": "block",
    "Figures": "figures",
    "Result": "result",
    "Tables": "saved",
    "check_folder": "storage",
    "csv_bytes": "csvtext",
    "digest": "provenance",
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
