"""``sim chart``: draw a chart from the saved tables of a result folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sim.charts import kinds_of, load_house_style, to_bytes
from sim.charts.figure_text import alternative_text, figure_table
from sim.charts.kinds import BY_NAME, pick_kind
from sim.cli.chart_options import ChartOptions, spelling
from sim.cli.drawing import drawing_failures
from sim.cli.json_output import print_json
from sim.errors import ArgumentError, Fault
from sim.reporting.result_tables import READERS
from sim.results.csv_text import csv_bytes
from sim.results.storage import add_charts, safe_name
from sim.study.query_info import verb_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.house_style.house_style import HouseStyle

#: Kinds that draw several results of `sim run`; the first is the default.
SEVERAL = ("drawdown", "survival")


def _read_any(folder: Path) -> Any:
    """Read a result folder of any verb."""
    verb = verb_of(folder)
    if verb not in READERS:
        raise ArgumentError([Fault(f"{folder} holds the answer of `sim {verb}`, of which there is no chart")])
    return READERS[verb](folder)


def run(
    folders: Sequence[Path],
    kind: str | None,
    size: str,
    form: str,
    options: ChartOptions,
    *,
    as_json: bool,
) -> None:
    """Draw a chart into the first folder, with its numbers and a text in place of it, and print its path.

    Without `kind`, the default chart. `form` has one or more formats, with commas between them.
    """
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
        files = _files(chart(found, size, **arguments), _stem(kind, folders, size), form, house)
    *pictures, data, text = add_charts(folders[0], files)
    if as_json:
        named = {"chart": pictures[0], "data": data, "text": text}
        paths = {key: path.as_posix() for key, path in named.items()}
        print_json({**paths, "charts": [path.as_posix() for path in pictures]})
    else:
        for path in pictures:
            typer.echo(str(path))


def _files(figure: Figure, stem: str, form: str, house: HouseStyle) -> dict[str, bytes]:
    """Return the content of each file by name: the pictures, the table behind them, and the text."""
    formats = list(dict.fromkeys(each.strip() for each in form.split(",")))
    pictures = {f"{stem}.{each}": to_bytes(figure, each, style=house) for each in formats}
    return pictures | {
        f"{stem}-data.csv": csv_bytes(figure_table(figure)),
        f"{stem}-alt.txt": alternative_text(figure, style=house).encode("utf-8", "backslashreplace"),
    }


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


def _stem(kind: str, folders: Sequence[Path], size: str) -> str:
    """Return the file name of a chart without its ending: kind, other folders, a size but the default."""
    others = [safe_name(folder.resolve().name) for folder in folders[1:]]
    return "-".join([kind, *others, *([] if size == "page" else [size])])
