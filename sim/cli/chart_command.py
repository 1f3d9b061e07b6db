"""``sim chart``: draw a chart from the saved tables of a result folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer

from sim.charts import draw, kinds_of, to_bytes
from sim.cli.drawing import drawing_failures
from sim.cli.json_output import print_json
from sim.errors import ArgumentError, Fault
from sim.results.reader import read_folder
from sim.results.storage import add_chart
from sim.study.breakeven_result import read_breakeven
from sim.study.comparison_result import read_comparison
from sim.study.query_info import verb_of
from sim.study.sensitivity_result import read_sensitivity
from sim.study.sweep_result import read_sweep

_READERS: Mapping[str, Callable[[Path], Any]] = {
    "run": read_folder,
    "compare": read_comparison,
    "sweep": read_sweep,
    "breakeven": read_breakeven,
    "sensitivity": read_sensitivity,
}


def _read_any(folder: Path) -> Any:
    """Read a result folder of any verb."""
    verb = verb_of(folder)
    if verb not in _READERS:
        raise ArgumentError([Fault(f"{folder} holds the answer of `sim {verb}`, of which there is no chart")])
    return _READERS[verb](folder)


def run(folder: Path, kind: str | None, size: str, form: str, *, as_json: bool) -> None:
    """Draw a chart into the folder and print its path; without `kind`, the default chart of the result."""
    result = _read_any(folder)
    kind = kind or next(iter(kinds_of(result)[1]))
    name = f"{kind}.{form}" if size == "page" else f"{kind}-{size}.{form}"
    with drawing_failures():
        data = to_bytes(draw(kind, result, size), form)
    path = add_chart(folder, name, data)
    if as_json:
        print_json({"chart": path.as_posix()})
    else:
        typer.echo(str(path))
