"""``sim run``: run a scenario, write its result folder, print the verdict."""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sim import simulate
from sim.cli.command_options import CommandOptions
from sim.cli.drawing import save_with_chart
from sim.cli.progress_display import progress_bar
from sim.cli.working_folder import leave_deleted
from sim.results.json_text import json_bytes
from sim.results.provenance import log_text
from sim.results.result import Result
from sim.results.storage import check_target

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHART = "drawdown"


@dataclass(frozen=True, slots=True)
class RunOptions(CommandOptions):
    """Options of ``sim run``.

    Attributes
    ----------
    engine : str
    """

    engine: str


def run(options: RunOptions) -> None:
    """Run ``sim run``."""
    started = dt.datetime.now(dt.UTC)
    folder = options.folder()
    scenario = simulate.load(options.file, options.settings)
    check_target(folder)
    leave_deleted()
    with progress_bar(wanted=not options.quiet) as progress:
        result = simulate.run(
            scenario,
            runs=options.runs,
            seed=options.seed,
            engine=options.engine,
            jobs=options.jobs,
            progress=progress,
        )
    for note in result.notes:
        typer.echo(f"warning: {note}", err=True)
    log = log_text(["sim", *sys.argv[1:]], started, dt.datetime.now(dt.UTC))
    failure = save_with_chart(
        lambda drawings: result.save(folder, drawings, log), lambda: draw_chart(result), folder, CHART
    )
    report(result, folder if failure is None else None, options)
    if failure is not None:
        raise failure


def draw_chart(result: Result) -> Figure:
    """Return the drawdown chart."""
    from sim.charts import ChartData, drawdown

    return drawdown(ChartData.of(result))


def report(result: Result, charted: Path | None, options: RunOptions) -> None:
    """Print the summary as JSON, or the verdict and the path of the chart.

    `charted` is the folder of the chart, None if there is no chart.
    """
    if options.json:
        sys.stdout.write(json_bytes(result.summary()).decode())
        return
    if options.quiet:
        return
    from sim.cli.verdict import verdict_lines

    for line in verdict_lines(result):
        typer.echo(line)
    if charted is not None:
        typer.echo(f"Chart: {charted / CHART}.png")
