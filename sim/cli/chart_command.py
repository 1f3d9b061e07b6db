"""``sim chart``: draw a chart from the saved tables of a result folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from sim.charts import kinds_of, load_house_style, to_bytes
from sim.charts.kinds import BY_NAME, pick_kind
from sim.cli.chart_options import ChartOptions, spelling
from sim.cli.drawing import drawing_failures
from sim.cli.json_output import print_json
from sim.errors import ArgumentError, Fault
from sim.results.reader import read_folder
from sim.results.storage import add_chart, safe_name
from sim.study.breakeven_result import read_breakeven
from sim.study.comparison_result import read_comparison
from sim.study.query_info import verb_of
from sim.study.sensitivity_result import read_sensitivity
from sim.study.sweep_result import read_sweep

#: The kind of chart that shows several results.
#: Kinds that draw several results of `sim run`; the first is the default.
SEVERAL = ("drawdown", "survival")
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


def run(
    folders: Sequence[Path],
    kind: str | None,
    size: str,
    form: str,
    options: ChartOptions,
    *,
    as_json: bool,
) -> None:
    """Draw a chart into the first folder and print its path; without `kind`, the default chart."""
    results = [_read_any(folder) for folder in folders]
    if len(results) > 1:
        _check_several(results, folders, kind)
        kind = kind or SEVERAL[0]
    kind = kind or next(iter(kinds_of(results[0])[1]))
    chart = pick_kind(kind, results[0])
    chart.check_options(options.written(), spelling)
    arguments = options.arguments()
    house = load_house_style(options.style)
    if options.style is not None:
        arguments["style"] = house
    with drawing_failures():
        found = results if len(results) > 1 else results[0]
        data = to_bytes(chart(found, size, **arguments), form, style=house)
    path = add_chart(folders[0], _file_name(kind, folders, size, form), data)
    if as_json:
        print_json({"chart": path.as_posix()})
    else:
        typer.echo(str(path))


def _check_several(results: Sequence[Any], folders: Sequence[Path], kind: str | None) -> None:
    """Raise `ArgumentError` if several results have no chart together."""
    faults = [
        Fault(f"{folder} holds {kinds_of(result)[0]}, which no chart shows beside others", allowed="runs")
        for result, folder in zip(results, folders, strict=True)
        if result.verb != BY_NAME[SEVERAL[0]].verb
    ]
    if kind is not None and kind not in SEVERAL:
        allowed = f"--kind {' or '.join(SEVERAL)}, or one folder"
        faults.append(Fault(f"a {kind} chart is of one folder", allowed=allowed))
    if faults:
        raise ArgumentError(faults)


def _file_name(kind: str, folders: Sequence[Path], size: str, form: str) -> str:
    """Return the file name of a chart: kind, other folders, and a size other than the default."""
    others = [safe_name(folder.resolve().name) for folder in folders[1:]]
    return f"{'-'.join([kind, *others, *([] if size == 'page' else [size])])}.{form}"
