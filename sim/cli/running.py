"""``sim run``: run a scenario, write its folder, say what follows."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from sim import simulate
from sim.cli.order import Order
from sim.cli.progress import progress_bar
from sim.results.jsontext import json_bytes
from sim.results.provenance import log_text
from sim.results.result import Result
from sim.results.storage import check_target

FORMATS = ("png", "svg")


@dataclass(frozen=True, slots=True)
class RunOrder(Order):
    """What the command line asks of a run.

    Attributes
    ----------
    engine : str
    """

    engine: str


def run(order: RunOrder) -> None:
    """Carry out the order."""
    started = dt.datetime.now(dt.UTC)
    folder = order.folder()
    scenario = simulate.load(order.file, order.settings)
    check_target(folder)
    with progress_bar(wanted=not order.quiet) as progress:
        result = simulate.run(
            scenario,
            runs=order.runs,
            seed=order.seed,
            engine=order.engine,
            jobs=order.jobs,
            progress=progress,
        )
    for note in result.notes:
        typer.echo(f"warning: {note}", err=True)
    drawings = draw(result)
    result.save(folder, drawings, log_text(["sim", *sys.argv[1:]], started, dt.datetime.now(dt.UTC)))
    report(result, folder, order)


def draw(result: Result) -> Mapping[str, bytes]:
    """Return the drawdown chart in each format of a result folder."""
    from sim.charts import ChartData, drawdown, to_bytes

    data = ChartData.of(result)
    figure = drawdown(data)
    return {f"drawdown.{form}": to_bytes(figure, form) for form in FORMATS}


def report(result: Result, folder: Path, order: RunOrder) -> None:
    """Print the summary as JSON, or the verdict and where the chart is."""
    if order.json:
        sys.stdout.write(json_bytes(result.summary()).decode())
        return
    if order.quiet:
        return
    from sim.cli.verdict import verdict

    for line in verdict(result):
        typer.echo(line)
    typer.echo(f"Chart: {folder / 'drawdown.png'}")
